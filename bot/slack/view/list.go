package view

import (
	"slices"
	"time"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/incident/ledger"
	"muster/templates"

	"github.com/slack-go/slack"
)

// List is a page of incidents. query is what followed "list" in the command. Incidents that the viewer may not see are
// left out.
func (v View) List(page incident.Page, query string, viewer incident.UserID, now time.Time) Message {
	here := v.Here(nil, now)
	here.Query, here.OpenOnly = query, v.typed.OpenOnly(query)
	l := newAnswer()
	title := v.Words.ListTitle.Markup(here)
	l.text(title)
	shown := 0
	for _, in := range page.Incidents {
		if incident.Shown(in, ledger.ShownTo(viewer)) && l.text(v.row(in, viewer, now)) {
			shown++
		}
	}
	if shown == 0 && page.Next == "" {
		return paragraphs([]templates.Markup{v.Words.ListEmpty.Markup(here)})
	}
	if page.Next != "" {
		l.buttons(button(v.Words.Labels.More, action.List, "", query+"+"+page.Next))
	}
	return l.message(title)
}

func (v View) row(in incident.Incident, viewer incident.UserID, now time.Time) templates.Markup {
	facts := v.FactsFor(in, viewer, now)
	facts.Title = templates.Cut(facts.Title, 80)
	facts.Managers = facts.Managers[:min(len(facts.Managers), 2)]
	return v.Words.Row.Markup(facts)
}

// homeRows is how many incidents each part of the App Home shows.
const homeRows = 30

// Home is a person's App Home: what they are in, what else is open, and how to declare. Incidents that they may not see are
// left out.
func (v View) Home(viewer incident.UserID, open, mine []incident.Incident, now time.Time) slack.HomeTabViewRequest {
	l := newView()
	l.text(v.Words.HomeTitle.Markup(v.Here(nil, now)))
	l.buttons(append(v.generalButtons(), button(v.Words.Labels.Refresh, action.RefreshHome, "", ""))...)
	if mine = visible(mine, viewer); len(mine) > 0 {
		l.header(v.Words.Labels.HomeMine)
		v.rows(l, mine, viewer, now)
	}
	open = visible(open, viewer)
	others := slices.DeleteFunc(slices.Clone(open), func(in incident.Incident) bool {
		return slices.ContainsFunc(mine[:min(len(mine), homeRows)], func(own incident.Incident) bool { return own.ID == in.ID })
	})
	switch {
	case len(open) == 0:
		l.header(v.Words.Labels.HomeOpen)
		l.text(v.Words.HomeEmpty.Markup(v.Here(nil, now)))
	case len(others) == len(open):
		l.header(v.Words.Labels.HomeOpen)
	case len(others) > 0:
		l.header(v.Words.Labels.HomeOthers)
	}
	v.rows(l, others, viewer, now)
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: l.blocks}}
}

// HomeRefused is the App Home of somebody who may not read incidents: it says why.
func (v View) HomeRefused(refusal *incident.Refusal) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: v.Refusal(refusal, nil).Blocks}}
}

func (v View) rows(l *layout, incidents []incident.Incident, viewer incident.UserID, now time.Time) {
	for _, in := range incidents[:min(len(incidents), homeRows)] {
		l.text(v.row(in, viewer, now))
	}
	if more := len(incidents) - homeRows; more > 0 {
		here := v.Here(nil, now)
		here.Count = more
		l.small(v.Words.HomeMore.Markup(here))
	}
}

func visible(incidents []incident.Incident, viewer incident.UserID) []incident.Incident {
	var seen []incident.Incident
	for _, in := range incidents {
		if incident.Shown(in, ledger.ShownTo(viewer)) {
			seen = append(seen, in)
		}
	}
	return seen
}
