package incident

// decideDeclare raises an incident. Where the severity is not known, or a machine raised it, a person has to accept it first.
func decideDeclare(id ID, c Declare, p *Policy) ([]Event, error) {
	title, err := checkTitle(c.Title)
	if err != nil {
		return nil, err
	}
	summary := paragraph(c.Summary)
	if err := within("summary", summary, MaxSummary); err != nil {
		return nil, err
	}
	severity := c.Severity
	if severity == "" {
		severity = Unknown
	}
	severity, known := p.ParseSeverity(string(severity))
	if !known {
		return nil, &Refusal{Code: RefuseUnknownSeverity, Text: string(c.Severity)}
	}
	status := Declared
	if severity == Unknown || c.Origin.Source == FromMachine {
		status = Triage
	}
	origin := c.Origin
	origin.Quote = shorten(paragraph(origin.Quote), MaxText)
	return []Event{EventDeclared{
		ID: id, Title: title, Summary: summary, Severity: severity, Priority: p.Level(severity).Priority,
		Status: status, Private: c.Private, Drill: c.Drill, Origin: origin,
	}}, nil
}

// checkTitle answers the title as it is kept.
func checkTitle(text string) (string, error) {
	title := line(text)
	if title == "" {
		return "", &Refusal{Code: RefuseTitleEmpty}
	}
	return title, within("title", title, MaxTitle)
}

// decideTitle gives another title.
func decideTitle(in Incident, c Retitle) ([]Event, error) {
	title, err := checkTitle(c.Title)
	if err != nil {
		return nil, err
	}
	if err := in.stillOn(); err != nil {
		return nil, err
	}
	return unless(title == in.Title, EventRetitled{From: in.Title, To: title})
}

// decideSummary writes what is known.
func decideSummary(in Incident, c Summarize) ([]Event, error) {
	text := paragraph(c.Text)
	if text == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "summary"}
	}
	if err := within("summary", text, MaxSummary); err != nil {
		return nil, err
	}
	if err := in.stillOn(); err != nil {
		return nil, err
	}
	return unless(text == in.Summary, EventSummarized{Text: text})
}

// stillOn refuses what makes no sense once an incident was closed or canceled.
func (in Incident) stillOn() error {
	if in.Status == Closed || in.Status == Canceled {
		return &Refusal{Code: RefuseOver, Status: in.Status, Verbs: in.Status.Possible()}
	}
	return nil
}

// stillOpen refuses what makes no sense once the outage ended.
func (in Incident) stillOpen() error {
	if !in.Status.Open() {
		return &Refusal{Code: RefuseOver, Status: in.Status, Verbs: in.Status.Possible()}
	}
	return nil
}
