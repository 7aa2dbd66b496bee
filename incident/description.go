package incident

import "muster/incident/ledger"

type (
	// Retitle gives the incident another title.
	Retitle struct{ Title string }
	// Summarize writes what is known in a paragraph.
	Summarize struct{ Text string }
)

func (Retitle) Aggregate() ledger.Aggregate   { return Aggregate }
func (Summarize) Aggregate() ledger.Aggregate { return Aggregate }

func (Retitle) needs() Need   { return permission(ActDescribe) }
func (Summarize) needs() Need { return permission(ActDescribe) }

func (Retitle) stands(in Incident) error   { return in.stillOn() }
func (Summarize) stands(in Incident) error { return in.stillOn() }

func (c Retitle) decide(in Incident, _ circumstances) ([]Event, error) {
	title, err := checkTitle(c.Title)
	if err != nil {
		return nil, err
	}
	return eventIf(title != in.Title, EventRetitled{From: in.Title, To: title})
}

// checkTitle answers the title as it is kept.
func checkTitle(text string) (string, error) {
	title := line(text)
	if title == "" {
		return "", &Refusal{Code: RefuseTitleEmpty}
	}
	return title, within("title", title, MaxTitle)
}

func (c Summarize) decide(in Incident, _ circumstances) ([]Event, error) {
	text := paragraph(c.Text)
	if text == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "summary"}
	}
	if err := within("summary", text, MaxSummary); err != nil {
		return nil, err
	}
	return eventIf(text != in.Summary, EventSummarized{Text: text})
}

type (
	// EventRetitled: the title is another.
	EventRetitled struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	// EventSummarized: the summary is another.
	EventSummarized struct {
		Text string `json:"text"`
	}
)

func (EventRetitled) EventKind() EventKind   { return KindRetitled }
func (EventSummarized) EventKind() EventKind { return KindSummarized }

func (e EventRetitled) fold(in *Incident, _ Entry)   { in.Title = e.To }
func (e EventSummarized) fold(in *Incident, _ Entry) { in.Summary = e.Text }

func (EventRetitled) follows(_, _ Incident, _ Entry, _ *Policy) []Effect   { return nil }
func (EventSummarized) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }

func (EventRetitled) tells(Incident) Telling   { return TellsChannel }
func (EventSummarized) tells(Incident) Telling { return TellsChannel }
