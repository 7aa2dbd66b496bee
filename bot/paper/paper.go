package paper

import (
	"fmt"
	"time"

	"muster/incident"
	"muster/templates"
)

// Writer writes documents in one language for one policy.
type Writer struct {
	Words  *templates.Language
	Policy *incident.Policy
	Now    time.Time // an incident that is still open has lasted until then
}

// Write is the document in a format.
func (w Writer) Write(doc Document, format Format) ([]byte, error) {
	switch format {
	case JSON:
		return doc.json()
	case HTML:
		return w.paper(doc).html()
	case Markdown:
		return w.paper(doc).markdown(), nil
	}
	return nil, fmt.Errorf("there is no format %q; possible are md, html and json", format)
}

// paper is a document as people read it. All of its texts are plain: each format escapes them.
type paper struct {
	Language string
	Title    string
	Heads    templates.Headings
	Facts    []fact
	Summary  string
	Closing  string
	Roles    []fact
	Updates  []update
	Timeline []line
}

type fact struct{ Name, Value string }

type update struct {
	When, Who, State string
	Current, Next    []string
}

type line struct{ When, What, Words string }

func (w Writer) paper(doc Document) paper {
	in := doc.Incident
	p := paper{Language: w.Words.Name, Title: string(in.ID) + " " + in.Title, Heads: w.Words.Headings, Summary: in.Summary, Closing: in.Closing}
	p.Facts = w.facts(in)
	for _, held := range in.Roles {
		p.Roles = append(p.Roles, fact{Name: w.teller().Role(held.Role), Value: person(held.User)})
	}
	for _, entry := range doc.Timeline {
		if posted, ok := entry.Event.(incident.EventUpdatePosted); ok {
			text := posted.Text
			p.Updates = append(p.Updates, update{When: w.when(entry.At), Who: person(entry.Actor.ID), State: text.State,
				Current: templates.Points(text.Current), Next: templates.Points(text.Next)})
		}
		p.Timeline = append(p.Timeline, w.line(entry))
	}
	return p
}

func (w Writer) facts(in incident.Incident) []fact {
	all := []fact{
		{w.Words.Headings.Severity, w.Words.Severity(in.Severity)},
		{w.Words.Headings.Priority, string(in.Priority)},
		{w.Words.Headings.Status, w.Words.Status(in.Status)},
		{w.Words.Headings.Declared, w.when(in.DeclaredAt)},
		{w.Words.Headings.By, person(in.DeclaredBy)},
	}
	if !in.FinishedAt.IsZero() {
		all = append(all, fact{w.Words.Headings.Finished, w.when(in.FinishedAt)})
	}
	all = append(all, fact{w.Words.Headings.Duration, w.Words.Duration(in.Duration(w.Now))})
	if in.Channel.Name != "" {
		all = append(all, fact{w.Words.Headings.Channel, "#" + in.Channel.Name})
	}
	for _, mark := range []struct {
		set   bool
		label string
	}{{in.Private, w.Words.Headings.Private}, {in.Drill, w.Words.Headings.Drill}} {
		if mark.set {
			all = append(all, fact{mark.label, "✓"})
		}
	}
	return all
}

// teller words an incident and its events as everywhere else.
func (w Writer) teller() templates.Teller { return templates.Teller{Words: w.Words, Policy: w.Policy} }

func (w Writer) when(at time.Time) string {
	return w.teller().Local(at).Format("2006-01-02 15:04:05 MST")
}

// person is a person as an ID: names belong to Slack and may change.
func person(user incident.UserID) string {
	if user == "" {
		return "Muster"
	}
	return "@" + string(user)
}
