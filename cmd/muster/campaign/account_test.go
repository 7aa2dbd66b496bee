package campaign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/incident"
	"muster/storage/bolt"
)

// account is one incident, what was asked for, and what people see.
type account struct {
	*program
	seen    sight
	policy  *incident.Policy
	in      incident.Incident
	entries []incident.Entry
	states  []incident.Incident // states[n] is the one after n entries
	owed    []owed
}

// owed is an effect that an entry asked for.
type owed struct {
	effect incident.Effect
	entry  incident.Entry
}

// read folds the timeline.
func (a *account) read(store *bolt.Store) {
	a.Helper()
	var err error
	if a.entries, err = store.Timeline(a.Context(), a.in.ID, 0, 100000); err != nil {
		a.Fatal(err)
	}
	a.states = []incident.Incident{{}}
	for i, entry := range a.entries {
		after := incident.Fold(a.states[i], entry)
		for _, effect := range incident.Effects(a.states[i], after, entry, a.policy) {
			a.owed = append(a.owed, owed{effect, entry})
		}
		a.states = append(a.states, after)
	}
}

// everSince reports whether something was so after an entry and in all states that followed.
func (a *account) everSince(entry incident.Entry, so func(incident.Incident) bool) bool {
	return !slices.ContainsFunc(a.states[entry.Seq:], func(in incident.Incident) bool { return !so(in) })
}

// missed is something that people should see and do not.
func (a *account) missed(format string, values ...any) {
	a.Helper()
	a.lost++
	a.Errorf("%s: "+format, append([]any{a.in.ID}, values...)...)
}

// verifyTimeline crosses out what people were told had been taken, and finds reminders that were due twice.
func (a *account) verifyTimeline(book *ledger) {
	a.Helper()
	steps := map[string]bool{}
	for _, entry := range a.entries {
		switch e := entry.Event.(type) {
		case incident.EventUpdatePosted:
			delete(book.said, e.Text.State)
		case incident.EventNoteAdded:
			delete(book.said, e.Text)
		case incident.EventReminded:
			step := fmt.Sprintf("%s %s %s %d", e.Rule, e.Subject, e.Anchor, e.Step)
			if steps[step] {
				a.doubled++
				a.Errorf("%s: reminded twice: %s", a.in.ID, step)
			}
			steps[step] = true
		}
	}
	got, _ := json.Marshal(a.states[len(a.states)-1])
	want, _ := json.Marshal(a.in)
	if string(got) != string(want) {
		a.Errorf("%s: the timeline does not fold to the snapshot", a.in.ID)
	}
}

// verifyPlace wants an open channel with one card, pinned, and one announcement.
func (a *account) verifyPlace() {
	a.Helper()
	channel := a.seen.channels[string(a.in.Channel.ID)]
	if channel.ID == "" || channel.Archived || a.in.Channel.State == incident.ChannelArchived {
		a.missed("channel %q, archived in Slack %t, in the store %t", channel.ID, channel.Archived, a.in.Channel.State == incident.ChannelArchived)
	}
	for _, kind := range []incident.EffectKind{incident.KindCreateChannel, incident.KindDrawCard, incident.KindPinCard, incident.KindDrawAnnouncement} {
		a.shown[kind]++
	}
	a.verifyDrawn(incident.DrawCard{Of: a.in.ID}, a.in.Card)
	a.verifyDrawn(incident.DrawAnnouncement{Of: a.in.ID}, a.in.Announcement)
	if !slices.Contains(channel.Pins, string(a.in.Card.TS)) {
		a.missed("its card is not pinned")
	}
	// The newest state is what they show.
	card := a.seen.messages[place(string(a.in.Card.Channel), string(a.in.Card.TS))].Text()
	status := strings.ToUpper(string(a.in.Status[:1])) + string(a.in.Status[1:])
	if !strings.Contains(card, "*"+status+"*") || !strings.Contains(channel.Topic.Value, status) {
		a.missed("it is %s; its topic is %q and its card says:\n%s", a.in.Status, channel.Topic.Value, card)
	}
	for _, role := range a.in.Roles {
		if !strings.Contains(card, "@"+a.seen.handles[string(role.User)]) {
			a.missed("its card does not name %s, who is %s:\n%s", role.User, role.Role, card)
		}
	}
}

// verifyDrawn wants a message that is edited in place to stand once, where the incident says.
func (a *account) verifyDrawn(effect incident.Effect, at incident.MessageRef) {
	a.Helper()
	found := a.once(effect)
	if len(found) == 1 && place(found[0].Channel, found[0].TS) != place(string(at.Channel), string(at.TS)) {
		a.missed("%s does not stand where the incident says", effect.Handling().Key)
	}
}

// once wants one message of an effect, and answers all that there are.
func (a *account) once(effect incident.Effect) []slacksim.Message {
	a.Helper()
	found := a.seen.effects[effect.Handling().Key]
	if len(found) != 1 {
		a.count(len(found))
		a.Errorf("%s: %s stands %d times", a.in.ID, effect.Handling().Key, len(found))
	}
	return found
}

// verifyEffect looks for what one entry asked for.
func (a *account) verifyEffect(one owed) {
	a.Helper()
	// Whom nobody invited, and what nobody marked, before the channel was archived is left so.
	open := a.everSince(one.entry, func(in incident.Incident) bool { return in.Channel.State != incident.ChannelArchived })
	switch e := one.effect.(type) {
	case incident.PostEntry, incident.SendBrief:
		a.once(e)
	case incident.LinkOrigin:
		if found := a.once(e); len(found) == 1 && found[0].ThreadTS != string(a.in.Origin.Message.TS) {
			a.missed("the answer to the message that it was declared from stands elsewhere")
		}
	case incident.SendReminder:
		// What somebody saw to meanwhile is not reminded of, nor a channel that is believed to be archived; a newer reminder stands
		// for those that it replaced.
		sent := one.entry.Event.(incident.EventReminded)
		if e.User == "" && !open || !a.everSince(one.entry, func(in incident.Incident) bool { return incident.StillDue(in, a.policy, sent) }) {
			return
		}
		came := func(message slacksim.Message) bool { return since(message, one.entry.At) }
		if !slices.ContainsFunc(a.seen.effects[e.Handling().Key], came) {
			a.missed("nobody was reminded: %s (entry %d)", e.Handling().Key, one.entry.Seq)
		}
	case incident.InviteUsers:
		a.within(e.Users...)
	case incident.InviteGroup:
		if !open {
			return
		}
		a.within(a.membersOf(e.Group)...)
	case incident.MarkNoted:
		if !open {
			return
		}
		if !slices.ContainsFunc(a.seen.messages[place(string(e.Message.Channel), string(e.Message.TS))].Reactions,
			func(r slacksim.Reaction) bool { return slices.Contains(r.Users, a.ws.BotUserID()) }) {
			a.missed("a message was noted and is not marked")
		}
	default:
		return // the newest state alone counts
	}
	a.shown[one.effect.Handling().Kind]++
}

// verifyReminders wants no more messages than there were reminders, each to one reader.
func (a *account) verifyReminders() {
	a.Helper()
	sent := map[string]int{}
	for _, one := range a.owed {
		if one.effect.Handling().Kind == incident.KindSendReminder {
			sent[one.effect.Handling().Key]++
		}
	}
	for key, times := range sent {
		if came := len(a.seen.effects[key]); came > times {
			a.doubled++
			a.Errorf("%s came %d times, and was sent %d times", key, came, times)
		}
	}
}

// within wants people in the channel.
func (a *account) within(users ...incident.UserID) {
	a.Helper()
	channel := a.seen.channels[string(a.in.Channel.ID)]
	for _, user := range users {
		if !slices.Contains(channel.Members, string(user)) {
			a.missed("%s was invited and is not in #%s", user, channel.Name)
		}
	}
}

// membersOf are the people in a group.
func (a *account) membersOf(group incident.GroupID) (users []incident.UserID) {
	a.Helper()
	for _, one := range slacksim.DefaultUserGroups() {
		if one.ID != string(group) {
			continue
		}
		for _, handle := range one.Users {
			users = append(users, incident.UserID(a.ws.Person(handle).ID))
		}
	}
	if len(users) == 0 {
		a.Fatalf("nobody is in %s", group)
	}
	return users
}
