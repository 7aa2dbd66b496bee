package templates

import "muster/incident"

type titleTexts struct {
	Retitled      Text[Change] // tells the channel of the new title
	Summarized    Text[Change] // tells the channel of the new summary
	AckRetitled   Text[Change] // answers a new title
	AckSummarized Text[Change] // answers a new summary
}

func titleEvents(all events) {
	put(all, eventWords[incident.EventRetitled]{
		line: func(_ Teller, line *Line, e incident.EventRetitled) { line.Text = e.To },
		channel: func(t Teller, c Change, e incident.EventRetitled) Told {
			c.Text = e.To
			return told(t.Words.Retitled.Markup(c))
		},
		answer: func(t Teller, c Change, _ incident.EventRetitled) Markup { return t.Words.AckRetitled.Markup(c) },
	})
	put(all, eventWords[incident.EventSummarized]{
		line: func(_ Teller, line *Line, e incident.EventSummarized) { line.Text = e.Text },
		channel: func(t Teller, c Change, e incident.EventSummarized) Told {
			c.Text = e.Text
			return told(t.Words.Summarized.Markup(c))
		},
		answer: func(t Teller, c Change, _ incident.EventSummarized) Markup { return t.Words.AckSummarized.Markup(c) },
	})
}
