package view

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// modal is a form whose submit button says what it does.
func (v View) modal(title, submit string, called action.Action, l *layout) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title, maxModalTitle), Blocks: slack.Blocks{BlockSet: l.blocks},
		Submit: plain(submit, maxModalTitle), Close: plain(v.Words.Labels.Cancel, maxModalTitle),
		CallbackID: called.String(),
	}
}

// Notice is a modal that only says something.
func (v View) Notice(message Message) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("Muster", maxModalTitle), Blocks: slack.Blocks{BlockSet: message.Blocks},
		Close: plain(v.Words.Labels.Done, maxModalTitle),
	}
}

// field adds an input; its block is named after the field, so that errors can be shown below it.
func (v View) field(l *layout, field string, label string, optional bool, element slack.BlockElement) {
	object := plain(label, maxLabel)
	l.add(slack.NewInputBlock(field, object, nil, element).WithOptional(optional), length(object))
}

func (v View) textInput(hint string, lines bool, limit int, initial string) *slack.PlainTextInputBlockElement {
	element := slack.NewPlainTextInputBlockElement(nil, action.Input)
	if hint != "" {
		element.Placeholder = plain(hint, maxPlaceholder)
	}
	element.Multiline, element.MaxLength, element.InitialValue = lines, limit, templates.Cut(initial, limit)
	return element
}

func choice(options []*slack.OptionBlockObject, initial string) *slack.SelectBlockElement {
	options = options[:min(len(options), maxOptions)]
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, action.Input, options...)
	for _, option := range options {
		if option.Value == initial {
			element.InitialOption = option
		}
	}
	return element
}

// DeclareModal asks for what an incident is declared with; only the title is required. Where it comes from travels in
// the modal and is read back by OriginOf.
func (v View) DeclareModal(prefill incident.Declare) slack.ModalViewRequest {
	l := newView()
	v.field(l, action.FieldTitle, v.Words.Labels.FieldTitle, false, v.textInput(v.Words.Labels.FieldTitleHint, false, incident.MaxTitle, prefill.Title))
	initial := prefill.Severity
	if initial == "" {
		initial = incident.Unknown
	}
	options := v.severities("")
	options = append(options, option(string(incident.Unknown), v.Words.Severity(incident.Unknown), v.Words.Meaning(incident.SeverityPolicy{Name: incident.Unknown})))
	v.field(l, action.FieldSeverity, v.Words.Labels.FieldSeverity, true, choice(options, string(initial)))
	v.field(l, action.FieldSummary, v.Words.Labels.FieldSummary, true, v.textInput(v.Words.Labels.FieldSummaryHint, true, incident.MaxSummary, prefill.Summary))
	private := option(action.OptionPrivate, v.Words.Labels.Private, v.Words.Labels.PrivateHint)
	drill := option(action.OptionDrill, v.Words.Labels.Drill, v.Words.Labels.DrillHint)
	boxes := slack.NewCheckboxGroupsBlockElement(action.Input, private, drill)
	if prefill.Private {
		boxes.InitialOptions = append(boxes.InitialOptions, private)
	}
	if prefill.Drill {
		boxes.InitialOptions = append(boxes.InitialOptions, drill)
	}
	v.field(l, action.FieldOptions, v.Words.Labels.FieldOptions, true, boxes)
	modal := v.modal(v.Words.Labels.DeclareTitle, v.Words.Labels.Declare, action.Action{Name: action.ModalDeclare}, l)
	modal.PrivateMetadata = encodeOrigin(prefill.Origin)
	return modal
}

// encodeOrigin writes an origin for private_metadata, which takes 3,000 characters; a long quote is cut.
func encodeOrigin(origin incident.Origin) string {
	for limit := 1500; ; limit /= 2 {
		origin.Quote = templates.Cut(origin.Quote, limit)
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(origin); err != nil {
			return ""
		}
		if out.Len() <= 3000 || limit == 0 {
			return string(bytes.TrimSpace(out.Bytes()))
		}
	}
}

// OriginOf reads back where the incident of a DeclareModal comes from, from the modal's private_metadata.
func OriginOf(metadata string) incident.Origin {
	var origin incident.Origin
	if err := json.Unmarshal([]byte(metadata), &origin); err != nil || origin.Source == "" {
		return incident.Origin{Source: incident.FromModal}
	}
	return origin
}

func (v View) severities(except incident.Severity) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	for _, level := range v.Policy.Severities {
		if level.Name != except {
			options = append(options, option(string(level.Name), v.Words.Severity(level.Name), v.Words.Meaning(level)))
		}
	}
	return options
}

// nextChoices are the minutes until the next update that the sender may choose from, beside the cadence.
func nextChoices() []int { return []int{15, 20, 30, 45, 60, 90, 120, 240} }

// UpdateModal asks for an internal update (PROCESS: Communications).
func (v View) UpdateModal(in incident.Incident, now time.Time) slack.ModalViewRequest {
	l := newView()
	facts := v.Facts(in, now)
	l.text(v.Words.Heading.Markup(facts))
	l.small(v.Words.UpdateQuestions.Markup(facts))
	v.field(l, action.FieldState, v.Words.Labels.FieldState, false, v.textInput(v.Words.Labels.FieldStateHint, true, incident.MaxText, ""))
	v.field(l, action.FieldCurrent, v.Words.Labels.FieldCurrent, true, v.textInput(v.Words.Labels.FieldLines, true, incident.MaxText, ""))
	v.field(l, action.FieldNext, v.Words.Labels.FieldNext, true, v.textInput(v.Words.Labels.FieldLines, true, incident.MaxText, ""))
	options := []*slack.OptionBlockObject{option("0", v.Words.Labels.ByCadence, "")}
	for _, minutes := range nextChoices() {
		options = append(options, option(strconv.Itoa(minutes), v.Words.Duration(time.Duration(minutes)*time.Minute), ""))
	}
	v.field(l, action.FieldNextIn, v.Words.Labels.FieldNextIn, true, choice(options, "0"))
	return v.modal(v.Words.Labels.UpdateTitle, v.Words.Labels.PostUpdate, action.Action{Name: action.ModalUpdate, Incident: in.ID}, l)
}

// StatusModal asks for the words that a verb wants: a reason, or closing words.
func (v View) StatusModal(in incident.Incident, verb incident.Verb) slack.ModalViewRequest {
	l := newView()
	l.text(v.Words.Heading.Markup(v.Facts(in, in.ChangedAt)))
	row, _ := verb.Transition()
	label, hint := v.Words.Labels.FieldClosing, v.Words.Labels.FieldClosingHint
	if row.Reason {
		label, hint = v.Words.Labels.FieldReason, ""
	}
	if len(row.To.Possible()) == 0 {
		hint = v.Words.Labels.FieldFinalHint
	}
	v.field(l, action.FieldText, label, !row.Reason, v.textInput(hint, true, incident.MaxText, ""))
	return v.modal(v.Words.Verb(verb), v.Words.Verb(verb), action.Action{Name: action.ModalStatus, Incident: in.ID, Arg: string(verb)}, l)
}

// SeverityModal asks for another severity and why. What was chosen already is filled in.
func (v View) SeverityModal(in incident.Incident, chosen incident.Severity) slack.ModalViewRequest {
	l := newView()
	l.text(v.Words.Heading.Markup(v.Facts(in, in.ChangedAt)))
	judged := incident.Severity("") // the declared severity can be confirmed, once
	if in.Confirmed {
		judged = in.Severity
	}
	v.field(l, action.FieldSeverity, v.Words.Labels.FieldSeverity, false, choice(v.severities(judged), string(chosen)))
	if chosen == "" && !in.Confirmed {
		chosen = in.Severity
	}
	confirms := !in.Confirmed && chosen == in.Severity // which needs no reason
	v.field(l, action.FieldText, v.Words.Labels.FieldReason, confirms, v.textInput("", true, incident.MaxReason, ""))
	return v.modal(v.Words.Labels.SeverityTitle, v.Words.Labels.Severity, action.Action{Name: action.ModalSeverity, Incident: in.ID}, l)
}

// NoteModal asks for a note, and when it happened.
func (v View) NoteModal(in incident.Incident) slack.ModalViewRequest {
	l := newView()
	l.text(v.Words.Heading.Markup(v.Facts(in, in.ChangedAt)))
	v.field(l, action.FieldText, v.Words.Labels.FieldNote, false, v.textInput("", true, incident.MaxText, ""))
	v.field(l, action.FieldWhen, v.Words.Labels.FieldWhen, true, v.textInput(v.Words.Labels.FieldWhenHint, false, 40, ""))
	return v.modal(v.Words.Labels.NoteTitle, v.Words.Labels.Note, action.Action{Name: action.ModalNote, Incident: in.ID}, l)
}

// AssignModal asks for a role and who takes it. A required role that is empty is chosen beforehand.
func (v View) AssignModal(in incident.Incident) slack.ModalViewRequest {
	l := newView()
	l.text(v.Words.Heading.Markup(v.Facts(in, in.ChangedAt)))
	var options []*slack.OptionBlockObject
	for _, role := range v.Policy.Roles {
		options = append(options, option(string(role.Name), v.Words.Role(role), v.Words.Duty(role)))
	}
	initial := ""
	if missing := in.Missing(v.Policy); len(missing) > 0 {
		initial = string(missing[0])
	}
	v.field(l, action.FieldRole, v.Words.Labels.FieldRole, false, choice(options, initial))
	person := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, action.Input)
	v.field(l, action.FieldPerson, v.Words.Labels.FieldPerson, false, person)
	return v.modal(v.Words.Labels.AssignTitle, v.Words.Labels.AssignPerson, action.Action{Name: action.ModalAssign, Incident: in.ID}, l)
}
