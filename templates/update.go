package templates

import "muster/incident"

type updateTexts struct {
	UpdatePosted    Text[Update]   // is the head of an update: who, and state and impact
	UpdateCurrent   Text[Update]   // is the current status, a point a line
	UpdateNext      Text[Update]   // is the next steps, a point a line
	UpdateFoot      Text[Update]   // says when the next update comes
	UpdateQuestions Text[Incident] // are the questions that the sender of an update sees
	AckUpdatePosted Text[Change]   `file:"ack"` // answers an update
}

// Update is an internal update.
type Update struct {
	Incident             Incident
	By                   incident.UserID
	State, Current, Next string
}

func (Update) sample(string) any {
	return Update{Incident: sampleIncident(), By: "U1", State: "state", Current: "one\ntwo", Next: "three\nfour"}
}
