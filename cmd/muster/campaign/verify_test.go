package campaign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/storage"
)

// Verification: what people were told is looked for in the store, and what the timelines ask for, by the pure functions alone,
// is looked for in Slack, as people see it.

// sight is what people see in Slack.
type sight struct {
	messages map[string]slacksim.Message   // by channel and time
	standing map[string][]slacksim.Message // ours, by the key of the effect that they were posted for, without the job
	channels map[string]slacksim.Channel
}

func place(channel, ts string) string { return channel + "/" + ts }

// look is all that anybody sees.
func (p *program) look() sight {
	p.Helper()
	all := sight{messages: map[string]slacksim.Message{}, standing: map[string][]slacksim.Message{}, channels: map[string]slacksim.Channel{}}
	for _, user := range slacksim.DefaultUsers() {
		for _, channel := range p.ws.Person(user.Handle).Channels() {
			all.channels[channel.ID] = channel
		}
		for _, message := range p.ws.Person(user.Handle).SeesAll() {
			at := place(message.Channel, message.TS)
			if _, known := all.messages[at]; known {
				continue
			}
			all.messages[at] = message
			var metadata struct {
				Payload struct {
					Key string `json:"key"`
				} `json:"event_payload"`
			}
			if message.ByApp && json.Unmarshal(message.Metadata, &metadata) == nil && metadata.Payload.Key != "" {
				key, _, _ := strings.Cut(metadata.Payload.Key, "#")
				all.standing[key] = append(all.standing[key], message)
			}
		}
	}
	return all
}

// verify compares what people were told and what the timelines ask for with what is there.
func (p *program) verify(book *ledger) {
	p.Helper()
	settings, err := config.Load(p.config)
	if err != nil {
		p.Fatal(err)
	}
	store := p.open()
	defer func() { _ = store.Close() }()
	if failed, err := store.Jobs(p.Context(), incident.JobsFailed, 1000); err != nil || len(failed) > 0 {
		p.Errorf("%d effects failed for good, %v: %+v", len(failed), err, failed)
	}
	seen := p.look()
	all, titles := p.incidents(store), map[string]int{}
	for _, in := range all {
		titles[in.Title]++
		one := &account{program: p, seen: seen, in: in, policy: settings.Policy}
		one.read(store)
		one.verifyTimeline(book)
		one.verifyPlace()
		for _, owed := range one.owed {
			p.shown++
			one.verifyEffect(owed)
		}
	}
	for title := range book.declared {
		if titles[title] != 1 {
			p.count(titles[title])
			p.Errorf("%s was acknowledged and is there %d times", title, titles[title])
		}
	}
	for word := range book.said {
		p.lost++
		p.Errorf("the %s %s was acknowledged and is on no timeline", book.said[word], word)
	}
	p.verifyChannels(all, seen)
}

// incidents are all that there are.
func (p *program) incidents(store *storage.Store) []incident.Incident {
	p.Helper()
	var all []incident.Incident
	query := incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 500}
	for {
		page, err := store.List(p.Context(), query)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, page.Incidents...)
		if query.After = page.Next; page.Next == "" {
			return all
		}
	}
}

// count takes down what is there too rarely or too often.
func (p *program) count(times int) {
	if times < 1 {
		p.lost++
	}
	if times > 1 {
		p.doubled++
	}
}

// verifyChannels finds orphans, and channels of two.
func (p *program) verifyChannels(all []incident.Incident, seen sight) {
	p.Helper()
	owners := map[string]incident.ID{}
	for _, in := range all {
		if other, taken := owners[string(in.Channel.ID)]; taken {
			p.Errorf("%s and %s share a channel", in.ID, other)
		}
		owners[string(in.Channel.ID)] = in.ID
	}
	for _, channel := range seen.channels {
		if channel.Creator == p.ws.BotUserID() && !channel.IM && owners[channel.ID] == "" {
			p.doubled++
			p.Errorf("#%s is an orphan", channel.Name)
		}
	}
}

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
func (a *account) read(store *storage.Store) {
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
	if channel.ID == "" || channel.Archived || a.in.Channel.Archived {
		a.missed("channel %q, archived in Slack %t, in the store %t", channel.ID, channel.Archived, a.in.Channel.Archived)
	}
	a.verifyDrawn(incident.DrawCard{Of: a.in.ID}, a.in.Card)
	a.verifyDrawn(incident.DrawAnnouncement{Of: a.in.ID}, a.in.Announcement)
	if !slices.Contains(channel.Pins, string(a.in.Card.TS)) {
		a.missed("its card is not pinned")
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
	found := a.seen.standing[effect.Handling().Key]
	if len(found) != 1 {
		a.count(len(found))
		a.Errorf("%s: %s stands %d times", a.in.ID, effect.Handling().Key, len(found))
	}
	return found
}

// verifyEffect looks for what one entry asked for.
func (a *account) verifyEffect(one owed) {
	a.Helper()
	channel := a.seen.channels[string(a.in.Channel.ID)]
	within := func(users ...string) {
		for _, user := range users {
			if !slices.Contains(channel.Members, user) {
				a.missed("%s was invited and is not in #%s", user, channel.Name)
			}
		}
	}
	open := a.everSince(one.entry, func(in incident.Incident) bool { return !in.Channel.Archived })
	switch e := one.effect.(type) {
	case incident.PostEntry, incident.SendBrief:
		a.once(e)
	case incident.LinkOrigin:
		if found := a.once(e); len(found) == 1 && found[0].ThreadTS != string(a.in.Origin.Message.TS) {
			a.missed("the answer to the message that it was declared from stands elsewhere")
		}
	case incident.SendReminder:
		// What somebody saw to meanwhile is not reminded of; the newest reminder stands for those that it replaced.
		sent := one.entry.Event.(incident.EventReminded)
		due := a.everSince(one.entry, func(in incident.Incident) bool { return incident.StillDue(in, a.policy, sent) })
		if due && len(a.seen.standing[e.Handling().Key]) == 0 {
			a.missed("nobody was reminded: %s", e.Handling().Key)
		}
	case incident.InviteUsers:
		for _, user := range e.Users {
			within(string(user))
		}
	case incident.InviteGroup:
		if open {
			within(a.membersOf(e.Group)...)
		}
	case incident.MarkNoted:
		marked := slices.ContainsFunc(a.seen.messages[place(string(e.Message.Channel), string(e.Message.TS))].Reactions,
			func(r slacksim.Reaction) bool { return slices.Contains(r.Users, a.ws.BotUserID()) })
		if open && !marked {
			a.missed("a message was noted and is not marked")
		}
	}
}

// membersOf are the people in a group.
func (a *account) membersOf(group incident.GroupID) (users []string) {
	for _, one := range slacksim.DefaultUserGroups() {
		if one.ID == string(group) {
			for _, handle := range one.Users {
				users = append(users, a.ws.Person(handle).ID)
			}
		}
	}
	return users
}
