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

// What the card shows of things there may be many of.
const (
	cardRoles    = 12
	cardTroubles = 3
)

// Card is the pinned card of an incident: all that is known at a glance, and a button for whatever is possible now.
func (v View) Card(in incident.Incident, now time.Time) Message {
	facts := v.Facts(in, now)
	l := newMessage()
	l.header(v.Words.Title.Plain(facts))
	l.text(v.Words.CardFacts.Markup(facts))
	if !in.Status.Open() {
		l.text(v.Words.CardClosing.Markup(facts))
	}
	l.text(v.Words.CardSummary.Markup(facts).Cut(1500))
	if in.Origin.Quote != "" || in.Origin.Link != "" {
		l.small(v.Words.CardOrigin.Markup(facts).Cut(600))
	}
	if in.Status != incident.Canceled {
		next := v.rail(l, in, now)
		l.divider()
		l.buttons(without(next, v.cardRoles(l, in))...)
	}
	// These rows keep their buttons also when the next step has the same, so that none moves below somebody's finger.
	l.buttons(v.statusButtons(in)...)
	l.buttons(v.workButtons(in)...)
	v.troubles(l, in, facts)
	facts.Command = v.Command // the card stands in the incident's channel, where commands need no key
	l.small(v.Words.CardHint.Markup(facts))
	return l.message(v.Words.CardText.Markup(facts))
}

// without leaves out what stands on the card already, as the button of the next step.
func without(shown *slack.ButtonBlockElement, elements []slack.BlockElement) []slack.BlockElement {
	return slices.DeleteFunc(elements, func(element slack.BlockElement) bool {
		button, ok := element.(*slack.ButtonBlockElement)
		return ok && shown != nil && button.ActionID == shown.ActionID
	})
}

// rail says what to do next, with the button that does it, and below it in small print where that stands among the steps of
// the process. It returns the button; nil where there is none.
func (v View) rail(l *layout, in incident.Incident, now time.Time) *slack.ButtonBlockElement {
	rail := incident.Rail(in, v.Policy, now)
	next := incident.NextStep(rail)
	var steps []templates.RailStep
	for _, step := range rail {
		steps = append(steps, templates.RailStep{Word: v.Words.Step(step.Name), Done: step.Done, Next: step.Name == next})
	}
	does := v.stepButton(in, next)
	if does != nil {
		l.text(v.nextStep(in, next), primary(does))
	} else {
		l.text(v.nextStep(in, next))
	}
	l.small(v.Words.Rail.Markup(steps))
	return does
}

// nextStep says what the next step is and what it takes; empty where nothing is left.
func (v View) nextStep(in incident.Incident, step incident.StepName) templates.Markup {
	if step == "" {
		return ""
	}
	todo := templates.NextStep{Word: v.Words.Step(step), Todo: v.Words.Todo(step)}
	if step == incident.StepOpenComms && len(in.Holders(incident.IncidentManager)) == 0 {
		todo.Todo = v.Words.Labels.TakeCharge
	}
	return v.Words.NextStep.Markup(todo)
}

// stepButton is the button that does a step; nil where nothing has to be pressed for it, or nothing can be.
func (v View) stepButton(in incident.Incident, step incident.StepName) *slack.ButtonBlockElement {
	switch step {
	case incident.StepRaise:
		return v.statusButton(in, incident.VerbAccept)
	case incident.StepOpenComms:
		if len(in.Holders(incident.IncidentManager)) == 0 {
			return v.takeButton(in, incident.IncidentManager)
		}
		return v.statusButton(in, incident.VerbFix)
	case incident.StepAssess:
		return button(v.Words.Labels.Severity, action.OpenSeverity, in.ID, "")
	case incident.StepInitialComms, incident.StepFollowUp:
		return button(v.Words.Labels.PostUpdate, action.OpenUpdate, in.ID, "")
	case incident.StepEscalate:
		return button(v.Words.Labels.MoreRoles, action.MoreRoles, in.ID, "")
	case incident.StepDelegate:
		if missing := in.Missing(v.Policy); len(missing) > 0 {
			return v.takeButton(in, missing[0])
		}
	case incident.StepReview:
		return button(v.Words.Labels.Note, action.OpenNote, in.ID, "")
	case incident.StepResolve:
		return v.statusButton(in, incident.VerbResolve)
	case incident.StepPostReview:
		return v.statusButton(in, incident.VerbClose)
	}
	return nil
}

// cardRoles shows the roles that matter now, each with a select to give it. It returns the buttons that take one.
func (v View) cardRoles(l *layout, in incident.Incident) []slack.BlockElement {
	required := v.Policy.Level(in.Severity).RequiredRoles
	var take []slack.BlockElement
	shown := 0
	for _, role := range v.Policy.Roles {
		holders := in.Holders(role.Name)
		needed := slices.Contains(required, role.Name)
		if !role.OnCard && !needed && len(holders) == 0 || shown == cardRoles {
			continue
		}
		shown++
		line := v.Words.CardRole.Markup(templates.RoleLine{Role: v.Words.Role(role), Holders: holders, Required: needed})
		if !in.Status.Open() {
			l.text(line)
			continue
		}
		l.text(line, v.assignSelect(in, role.Name))
		if len(holders) == 0 || role.Several {
			take = append(take, v.takeButton(in, role.Name))
		}
	}
	if !in.Status.Open() {
		return nil
	}
	return append(take, button(v.Words.Labels.MoreRoles, action.MoreRoles, in.ID, ""))
}

func (v View) takeButton(in incident.Incident, role incident.Role) *slack.ButtonBlockElement {
	return button(v.Words.Labels.Take+" "+v.Role(role), action.TakeRole, in.ID, string(role))
}

func (v View) assignSelect(in incident.Incident, role incident.Role) slack.BlockElement {
	id := action.Action{Name: action.AssignRole, Incident: in.ID, Arg: string(role)}.String()
	return slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain(v.Words.Labels.AssignPerson, maxPlaceholder), id)
}

// statusButtons are exactly what the lifecycle table allows from here.
func (v View) statusButtons(in incident.Incident) []slack.BlockElement {
	var buttons []slack.BlockElement
	for _, verb := range in.Status.Possible() {
		buttons = append(buttons, v.statusButton(in, verb))
	}
	return buttons
}

// statusButton is nil where the verb is not possible.
func (v View) statusButton(in incident.Incident, verb incident.Verb) *slack.ButtonBlockElement {
	if !slices.Contains(in.Status.Possible(), verb) {
		return nil
	}
	return button(v.Words.Verb(verb), action.Status, in.ID, string(verb))
}

// workButtons are what can be done beside the status. None is offered that would be refused.
func (v View) workButtons(in incident.Incident) []slack.BlockElement {
	var buttons []slack.BlockElement
	if in.Status.Open() {
		buttons = append(buttons,
			button(v.Words.Labels.PostUpdate, action.OpenUpdate, in.ID, ""),
			button(v.Words.Labels.Severity, action.OpenSeverity, in.ID, ""))
	}
	if in.Status != incident.Canceled {
		buttons = append(buttons,
			button(v.Words.Labels.Note, action.OpenNote, in.ID, ""),
			button(v.Words.Labels.Timeline, action.Timeline, in.ID, ""))
	}
	return buttons
}

// troubles shows what failed for good, each with a button to try again.
func (v View) troubles(l *layout, in incident.Incident, facts templates.Incident) {
	for _, trouble := range in.Troubles[:min(len(in.Troubles), cardTroubles)] {
		v.trouble(l, trouble, facts)
	}
	if more := len(in.Troubles) - cardTroubles; more > 0 {
		l.small(v.Words.MoreTroubles.Markup(templates.Trouble{Incident: facts, More: more}))
	}
}

func (v View) trouble(l *layout, trouble incident.Trouble, facts templates.Incident) {
	l.text(v.Trouble(trouble, facts), button(v.Words.Labels.Retry, action.Retry, facts.ID, trouble.Job.String()))
}

// Topic is the topic of the incident's channel: at most 250 characters, in which Slack shows mentions.
func (v View) Topic(in incident.Incident, now time.Time) string {
	facts := v.Facts(in, now)
	facts.Managers = facts.Managers[:min(len(facts.Managers), 3)]
	return string(v.Words.Topic.Markup(facts).Cut(250))
}

// Announcement is the one message about an incident in the announcement channel. A private incident has none.
func (v View) Announcement(in incident.Incident, now time.Time) Message {
	if !incident.Shown(in, ledger.ShownToAnnouncements()) {
		return Message{}
	}
	facts := v.Facts(in, now)
	l := newMessage()
	l.text(v.Words.Announcement.Markup(facts))
	l.small(v.Words.AnnouncementFacts.Markup(facts))
	return l.message(v.Words.CardText.Markup(facts))
}

// Origin answers in the thread of the message that an incident was declared from. A private incident answers nothing.
func (v View) Origin(in incident.Incident) Message {
	if !incident.Shown(in, ledger.ShownAt(in.Origin.Message.Channel)) {
		return Message{}
	}
	l := newMessage()
	text := v.Words.Origin.Markup(v.Facts(in, in.ChangedAt))
	l.text(text)
	return l.message(text)
}
