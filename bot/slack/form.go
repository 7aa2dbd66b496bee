package slack

import (
	"context"
	"errors"
	"fmt"

	"muster/bot/slack/action"
	"muster/incident"

	"github.com/slack-go/slack"
)

// submits is what each form does when it is sent.
func submits() map[action.Name]func(b *Bot, ctx context.Context, r *request, sent action.Action, form slack.View) (reply, error) {
	return map[action.Name]func(*Bot, context.Context, *request, action.Action, slack.View) (reply, error){
		action.ModalDeclare:  (*Bot).submitDeclare,
		action.ModalUpdate:   (*Bot).submitUpdate,
		action.ModalStatus:   (*Bot).submitStatus,
		action.ModalSeverity: (*Bot).submitSeverity,
		action.ModalNote:     (*Bot).submitNote,
		action.ModalAssign:   (*Bot).submitAssign,
	}
}

// onForm runs a form that was sent. What is wrong with it is shown at its fields; a form sent twice works once.
func (b *Bot) onForm(ctx context.Context, e *envelope, r *request, call slack.InteractionCallback, err error) {
	r.once = "view/" + call.View.ID + "/" + call.View.CallbackID // one modal may show several forms
	var sent action.Action
	if err == nil {
		sent, err = action.Parse(call.View.CallbackID)
	}
	var answer reply
	if err == nil {
		answer, err = b.submit(ctx, r, sent, call.View)
	}
	switch {
	case err != nil:
		e.ack(b.formErrors(r, call.View, err))
	case answer.update != nil:
		e.ack(slack.NewUpdateViewSubmissionResponse(answer.update))
	default:
		e.ack(nil)
	}
}

// formErrors puts a refusal to the field that it speaks of, else to the first one.
func (b *Bot) formErrors(r *request, form slack.View, err error) *slack.ViewSubmissionResponse {
	field := ""
	for _, block := range form.Blocks.BlockSet {
		if input, ok := block.(*slack.InputBlock); ok {
			field = input.BlockID
			break
		}
	}
	text := ""
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		text = b.to(r).PlainRefusal(refusal, r.in)
		if wrong := fieldOf(refusal); wrong != "" && hasField(form, wrong) {
			field = wrong
		}
	} else {
		text = b.to(r).InternalErrorText(b.report(r, err))
	}
	if field == "" {
		update := b.to(r).Notice(b.explain(r, err))
		return slack.NewUpdateViewSubmissionResponse(&update)
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})
}

func fieldOf(refusal *incident.Refusal) string {
	switch refusal.Code {
	case incident.RefuseTitleEmpty:
		return action.FieldTitle
	case incident.RefuseUnknownSeverity, incident.RefuseSameSeverity:
		return action.FieldSeverity
	case incident.RefuseReasonNeeded, incident.RefuseTextEmpty:
		return action.FieldText
	case incident.RefuseBadTime:
		return action.FieldWhen
	case incident.RefuseBadDuration:
		return action.FieldNextIn
	case incident.RefuseAlreadyHolds, incident.RefuseCannotHold, incident.RefuseRoleTaken, incident.RefuseUnknownPerson:
		return action.FieldPerson
	case incident.RefuseUnknownRole:
		return action.FieldRole
	case incident.RefuseTooLong:
		if refusal.Text == "update" {
			return action.FieldState
		}
		if refusal.Text == "title" || refusal.Text == "summary" {
			return refusal.Text
		}
		return action.FieldText
	}
	return ""
}

func hasField(form slack.View, field string) bool {
	for _, block := range form.Blocks.BlockSet {
		if input, ok := block.(*slack.InputBlock); ok && input.BlockID == field {
			return true
		}
	}
	return false
}

// submit runs one form.
func (b *Bot) submit(ctx context.Context, r *request, sent action.Action, form slack.View) (reply, error) {
	run, known := submits()[sent.Name]
	if !known {
		return reply{}, fmt.Errorf("submit: unknown form %q", sent.Name)
	}
	if err := b.about(ctx, r, sent); err != nil {
		return reply{}, err
	}
	return run(b, ctx, r, sent, form)
}

// field is the value of a form's input, whatever kind of input it is.
func field(form slack.View, name string) string {
	if form.State == nil {
		return ""
	}
	value := form.State.Values[name][action.Input]
	for _, text := range []string{value.Value, value.SelectedOption.Value, value.SelectedUser} {
		if text != "" {
			return text
		}
	}
	return ""
}

// chosen reports whether an option is ticked.
func chosen(form slack.View, option string) bool {
	if form.State == nil {
		return false
	}
	for _, ticked := range form.State.Values[action.FieldOptions][action.Input].SelectedOptions {
		if ticked.Value == option {
			return true
		}
	}
	return false
}
