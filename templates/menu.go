package templates

type menuTexts struct {
	Menu                 Text[Here] // heads the buttons that an empty command answers
	Pick                 Text[Here] // asks which incident a command was meant for
	PickNone             Text[Here] // says that there is no open incident the command could be meant for
	UnknownCommand       Text[Here] // answers a word that is no command
	NotAnIncidentChannel Text[Here] // answers what makes sense in an incident's channel only
}

type listTexts struct {
	ListTitle Text[Here] // heads a list
	ListEmpty Text[Here] // says that nothing fits

	HomeTitle Text[Here] // greets on the App Home
	HomeEmpty Text[Here] // says that nothing is on fire
	HomeMore  Text[Here] // says how many open incidents the home does not show
}

// Here is where words about a command are read: how it begins, and what it speaks of.
type Here struct {
	Command           string    // "/incident"
	Incident          *Incident // the incident of the channel; nil elsewhere
	Roles, Severities []string  // as people type them
	Line              string    // the command that lacks its incident
	Query             string    // what a list was asked for
	Nearest           string    // the command that was perhaps meant
	OpenOnly          bool      // the list was narrowed, and to open incidents
	Count             int       // how many there are
}

func (Here) sample(string) any {
	in := sampleIncident()
	return Here{Command: "/incident", Incident: &in, Roles: []string{"tech_lead"}, Severities: []string{"sev1"}, Line: "resolve",
		Query: "open", Nearest: "resolve", Count: 3}
}
