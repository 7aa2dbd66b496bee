package campaign

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"muster/bot/slacksim"
	"muster/bot/witness"
	"muster/incident"
	"muster/storage"
)

// account is one incident, what the witness makes of it, and what people see.
type account struct {
	*program
	seen    sight
	in      incident.Incident
	entries []incident.Entry
	of      *witness.Story
	now     witness.Moment
}

// read reads the timeline.
func (p *program) read(store *storage.Stores, in incident.Incident, seen sight, agreed *incident.Policy) *account {
	p.Helper()
	entries, err := store.Timeline(p.Context(), in.ID, 0, 100000)
	if err != nil {
		p.Fatal(err)
	}
	of, err := witness.Read(in.ID, entries, agreed)
	if err != nil {
		p.Fatal(err)
	}
	return &account{program: p, seen: seen, in: in, entries: entries, of: of, now: of.Now()}
}

// missed is something that people should see and do not.
func (a *account) missed(format string, values ...any) {
	a.Helper()
	a.lost++
	a.Errorf("%s: "+format, append([]any{a.in.ID}, values...)...)
}

// twice is something that is there too often.
func (a *account) twice(format string, values ...any) {
	a.Helper()
	a.doubled++
	a.Errorf("%s: "+format, append([]any{a.in.ID}, values...)...)
}

// verifyTimeline crosses out what people were told had been taken, finds reminders that were due twice, and compares the snapshot.
func (a *account) verifyTimeline(book *ledger) {
	a.Helper()
	var folded incident.Incident
	for _, entry := range a.entries {
		switch e := entry.Event.(type) {
		case incident.EventUpdatePosted:
			delete(book.said, e.Text.State)
		case incident.EventNoteAdded:
			delete(book.said, e.Text)
		}
		folded = incident.Fold(folded, entry)
	}
	for _, twice := range a.of.RemindedTwice() {
		a.twice("reminded twice: %s", twice)
	}
	got, _ := json.Marshal(folded)
	want, _ := json.Marshal(a.in)
	if string(got) != string(want) {
		a.Errorf("%s: the timeline does not fold to the snapshot", a.in.ID)
	}
	for _, difference := range a.now.Differs(a.in) {
		a.Errorf("%s: its snapshot is not what its timeline tells: %s", a.in.ID, difference)
	}
}

// verifyPlace wants an open channel with one card, pinned, and one announcement, all with the newest state on them.
func (a *account) verifyPlace() {
	a.Helper()
	channel := a.seen.channels[string(a.now.Room)]
	if channel.ID == "" || channel.Archived || channel.Private != a.now.Private || a.now.Archived {
		a.missed("channel %q, private %t, archived in Slack %t, by the timeline %t", channel.ID, channel.Private, channel.Archived, a.now.Archived)
	}
	shown := a.of.Shown()
	card, announcement := a.standing("card", a.of.CardMark(), a.now.Card), ""
	if !slices.Contains(channel.Pins, string(a.now.Card.TS)) {
		a.missed("its card is not pinned")
	}
	if a.of.Announced() {
		announcement = a.standing("announcement", a.of.AnnouncementMark(), a.now.Announcement)
		a.wants("its announcement", announcement, append(shown.Announcement, shown.AnnouncementExactly...)...)
	} else if len(a.seen.effects[a.of.AnnouncementMark()]) > 0 {
		a.leak("it is announced")
	}
	a.shown["channel"]++
	a.wants("its topic", channel.Topic.Value, shown.Topic...)
	a.wants("its card", card, append(shown.Card, shown.CardExactly...)...)
	for _, user := range shown.Named {
		a.wants("its card", card, "@"+a.seen.handles[string(user)])
	}
}

// standing wants a message that is edited in place to stand once, where the timeline says, and answers what it says.
func (a *account) standing(what, mark string, at incident.MessageRef) string {
	a.Helper()
	a.shown[what]++
	found := a.once(mark)
	if len(found) != 1 {
		return ""
	}
	if place(found[0].Channel, found[0].TS) != place(string(at.Channel), string(at.TS)) {
		a.missed("%s does not stand where the timeline says", mark)
	}
	return found[0].Text()
}

// wants looks for texts.
func (a *account) wants(where, shows string, texts ...string) {
	a.Helper()
	for _, text := range texts {
		if !strings.Contains(shows, text) {
			a.missed("%s does not say %q: %s", where, text, shows)
		}
	}
}

// once wants one message with a mark, and answers all that there are.
func (a *account) once(mark string) []slacksim.Message {
	a.Helper()
	found := a.seen.effects[mark]
	if len(found) != 1 {
		a.count(len(found))
		a.Errorf("%s: %s stands %d times", a.in.ID, mark, len(found))
	}
	return found
}

// verifySight looks for one thing that should be seen. When it was tried nobody knows: it is owed if it was so ever since.
func (a *account) verifySight(sight witness.Sight) {
	a.Helper()
	last := uint64(len(a.entries))
	if !sight.Owed(sight.Entry, last) {
		return
	}
	a.shown[string(sight.What)]++
	switch sight.What {
	case witness.Told, witness.Brief, witness.Answered:
		for _, message := range a.once(sight.Mark) {
			a.verifyMessage(sight, message)
		}
	case witness.Reminder: // a newer one stands for those that it replaced
		came := func(message slacksim.Message) bool { return since(message, a.entryAt(sight)) }
		if !slices.ContainsFunc(a.seen.effects[sight.Mark], came) {
			a.missed("nobody was reminded: %s (entry %d)", sight.Mark, sight.Entry)
		}
	case witness.Inside:
		a.within(sight)
	case witness.Marked:
		if !slices.ContainsFunc(a.seen.messages[place(string(sight.At.Channel), string(sight.At.TS))].Reactions,
			func(r slacksim.Reaction) bool { return slices.Contains(r.Users, a.ws.BotUserID()) }) {
			a.missed("a message was noted and is not marked")
		}
	default:
		a.missed("nobody knows how to look for what is %s (entry %d)", sight.What, sight.Entry)
	}
}

func (a *account) entryAt(sight witness.Sight) time.Time { return a.entries[sight.Entry-1].At }

// verifyMessage wants a message to stand before its reader, with what people wrote into it.
func (a *account) verifyMessage(sight witness.Sight, message slacksim.Message) {
	a.Helper()
	channel, right := a.seen.channels[message.Channel], message.Channel == string(a.now.Room) && message.ThreadTS == ""
	direct := func(user incident.UserID) bool { return channel.IM && slices.Contains(channel.Members, string(user)) }
	switch {
	case sight.What == witness.Answered:
		right = place(message.Channel, message.ThreadTS) == place(string(sight.At.Channel), string(sight.At.TS))
	case sight.Reader != "":
		right = direct(sight.Reader)
	case sight.Elsewhere(sight.Entry, uint64(len(a.entries))):
		right = right || direct(a.now.DeclaredBy)
	}
	if !right {
		a.missed("%s stands where it does not belong, in %s", sight.Mark, message.Channel)
	}
	a.wants("the message "+sight.Mark, message.Text(), sight.Words...)
}

// verifyUnasked wants no message that nothing asked for.
func (a *account) verifyUnasked() {
	a.Helper()
	asked := a.of.Marks()
	for mark, found := range a.seen.effects {
		if strings.HasPrefix(mark, string(a.in.ID)+"/") && mark != string(a.in.ID)+"/late" && len(found) > asked[mark] {
			a.twice("%s stands %d times, and was asked for %d times", mark, len(found), asked[mark])
		}
	}
}

// within wants people in the channel.
func (a *account) within(sight witness.Sight) {
	a.Helper()
	users := []incident.UserID{sight.Reader}
	if sight.Group != "" {
		users = a.membersOf(sight.Group)
	}
	channel := a.seen.channels[string(a.now.Room)]
	for _, user := range users {
		if !slices.Contains(channel.Members, string(user)) {
			a.missed("%s belongs in #%s and is not there", user, channel.Name)
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
