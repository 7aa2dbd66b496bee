package incident

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/incident/ledger"
)

// The laws, over random lives of one incident: people, guests, strangers and machines say sensible and senseless things at
// any time, the clock jumps, effects take place or fail.
func TestLaws(t *testing.T) {
	for name, change := range map[string]func(*Policy){"default": nil, "inviting": invitingPolicy, "strict": strictPolicy} {
		t.Run(name, func(t *testing.T) {
			p := compiled(t, change)
			seen := map[string]int{}
			rapid.Check(t, func(t *rapid.T) {
				life := &life{t: t, p: p, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), keys: map[string]bool{}}
				for range rapid.IntRange(40, 100).Draw(t, "acts") {
					life.act()
				}
				life.checkWhole()
				life.count(seen)
			})
			t.Logf("tried: %v", seen)
		})
	}
}

// count tells what the random lives came to, for whoever changes how they are drawn.
func (l *life) count(seen map[string]int) {
	for i, entry := range l.entries {
		seen["event "+string(entry.Event.EventKind())]++
		seen["status "+string(l.history[min(i, len(l.history)-1)].Status)]++
	}
	for _, effect := range l.effects {
		seen["effect "+string(effect.Handling().Kind)]++
	}
}

func invitingPolicy(p *Policy) {
	p.Severities[0].InviteUsers = []UserID{alice.ID, bob.ID, alice.ID, "U_CHIEF"}
	p.Severities[0].InviteGroups = []GroupID{"S_SRE", "S_SRE", "U_CHIEF"}
	p.Severities[1].InviteUsers = []UserID{"U_CHIEF"}
	seoul := time.FixedZone("KST", 9*60*60)
	p.Location = seoul
	p.ArchiveAfter = time.Hour
}

func strictPolicy(p *Policy) {
	for _, action := range []Action{ActStatus, ActSeverity, ActUpdate} {
		p.Permissions[action] = Grant{RoleHolders: true, Groups: []GroupID{"S_SRE"}, Guests: true}
	}
	p.Permissions[ActClose] = Grant{Roles: []Role{IncidentManager}, Users: []UserID{carol.ID}}
	p.Announcements = ""
	for i := range p.Rules {
		p.Rules[i].After = 0
	}
}

// life is one random life.
type life struct {
	t       *rapid.T
	p       *Policy
	in      Incident
	now     time.Time
	entries []Entry
	effects []Effect
	keys    map[string]bool
	waiting []Effect   // effects that nobody has performed yet
	history []Incident // every state, to see that later ones do not change it
	written []string   // and what it looked like when it was new
}

func (l *life) act() {
	l.passTime()
	actor, command := l.draw()
	before := asJSON(l.t, l.in)
	out, err := Step(l.in, "INC-1", command, actor, l.now, l.p)
	again, errAgain := Step(l.in, "INC-1", command, actor, l.now, l.p)
	if !reflect.DeepEqual(out, again) || !reflect.DeepEqual(err, errAgain) {
		l.t.Fatalf("%T decided twice: %+v, %v and %+v, %v", command, out, err, again, errAgain)
	}
	if asJSON(l.t, l.in) != before {
		l.t.Fatalf("%T changed the state that it was decided on", command)
	}
	if err != nil {
		l.checkRefusal(command, out, err)
		return
	}
	if programOnly(command) && actor.Kind != System {
		l.t.Fatalf("%s reported %T", actor.Kind, command)
	}
	l.checkEntries(out)
	l.checkEffects(out)
	l.checkState(out.State)
	l.checkDue(command, out)
	l.in = out.State
	l.entries = append(l.entries, out.Entries...)
	l.effects = append(l.effects, out.Effects...)
	l.waiting = append(l.waiting, out.Effects...)
	l.history, l.written = append(l.history, l.in), append(l.written, asJSON(l.t, l.in))
}

func (l *life) passTime() {
	steps := []time.Duration{0, 1, time.Second, 7 * time.Minute, time.Hour, 26 * time.Hour, -time.Hour, -40 * 24 * time.Hour}
	if next := NextDue(l.in, l.p); !next.IsZero() && rapid.IntRange(0, 3).Draw(l.t, "to the next reminder") == 0 {
		l.now = next
		return
	}
	l.now = l.now.Add(rapid.SampledFrom(steps).Draw(l.t, "wait"))
}

func (l *life) checkRefusal(command Command, out Outcome, err error) {
	if !reflect.DeepEqual(out, Outcome{}) {
		l.t.Fatalf("%T was refused, with %+v", command, out)
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		if !slices.Contains(Codes(), refusal.Code) {
			l.t.Fatalf("%T was refused with %q, which is not in the list", command, refusal.Code)
		}
		if _, reminds := command.(Remind); reminds && refusal.Code == RefuseNotDue {
			l.nothingDue(l.in)
		}
		return
	}
	if _, declares := command.(Declare); declares == (l.in.ID == "") {
		l.t.Fatalf("%T on %q failed: %v", command, l.in.ID, err)
	}
}

func (l *life) checkEntries(out Outcome) {
	last, seq, status := l.in.ChangedAt, l.in.Seq, l.in.Status
	for _, entry := range out.Entries {
		if entry.At.Before(last) || entry.Seq != seq+1 {
			l.t.Fatalf("entry %d at %s follows entry %d at %s", entry.Seq, entry.At, seq, last)
		}
		last, seq = entry.At, entry.Seq
		var back Entry
		if err := json.Unmarshal([]byte(asJSON(l.t, entry)), &back); err != nil || !reflect.DeepEqual(back, entry) {
			l.t.Fatalf("entry %+v comes back as %+v, %v", entry, back, err)
		}
		if moved, ok := entry.Event.(EventStatusChanged); ok {
			if to, allowed := accepted[status][moved.Verb]; !allowed || moved.From != status || moved.To != to {
				l.t.Fatalf("%s led from %s to %s", moved.Verb, status, moved.To)
			}
			status = moved.To
		}
		if first, ok := entry.Event.(EventDeclared); ok {
			status = first.Status
		}
	}
	if out.State.Status != status {
		l.t.Fatalf("the status is %s, and its events lead to %s", out.State.Status, status)
	}
	if out.State.Seq != seq {
		l.t.Fatalf("the state has %d entries, the timeline %d", out.State.Seq, seq)
	}
}

func (l *life) checkEffects(out Outcome) {
	redrawn := map[string]bool{}
	for _, effect := range out.Effects {
		handling := effect.Handling()
		switch {
		case handling.Coalesces && redrawn[handling.Key], !handling.Coalesces && l.keys[handling.Key]:
			l.t.Fatalf("the key %s comes twice", handling.Key)
		case handling.Coalesces:
			redrawn[handling.Key] = true
		default:
			l.keys[handling.Key] = true
		}
		if IDOf(handling.Of) != "INC-1" {
			l.t.Fatalf("%T belongs to %q", effect, IDOf(handling.Of))
		}
		data, err := codec(l.t).Encode(effect)
		if err != nil {
			l.t.Fatal(err)
		}
		if back, err := codec(l.t).Decode(data); err != nil || !reflect.DeepEqual(back, effect) {
			l.t.Fatalf("effect %+v comes back as %+v, %v", effect, back, err)
		}
		if out.State.Private {
			l.checkPrivate(out.State, effect)
		}
	}
}

// eyes are those before which an effect puts a private incident. The zero value is one that nobody thought of.
type eyes struct {
	reach  ledger.Reach                 // what the effect may say of itself
	people func(effect Effect) []UserID // who, beside those in its channel
	never  bool                         // it is not asked for at all
}

// eyesOnPrivate says of each kind of effect whom it may show a private incident to, whatever the effect says of itself.
func eyesOnPrivate() map[EffectKind]eyes {
	room, nobody, never := eyes{reach: ledger.ReachRoom}, eyes{reach: ledger.ReachNobody}, eyes{never: true}
	return map[EffectKind]eyes{
		KindCreateChannel: nobody, KindArchiveChannel: nobody, KindRestoreChannel: nobody, KindLookAtChannel: nobody,
		KindDrawCard: room, KindPinCard: room, KindDrawTopic: room, KindPostEntry: room,
		KindDrawAnnouncement: never, KindLinkOrigin: never, KindInviteGroup: never,
		KindMarkNoted:   {reach: ledger.ReachPlace},
		KindInviteUsers: {reach: ledger.ReachPeople, people: func(e Effect) []UserID { return e.(InviteUsers).Users }},
		KindSendBrief:   {reach: ledger.ReachPeople, people: func(e Effect) []UserID { return []UserID{e.(SendBrief).User} }},
		KindDrawHome:    {reach: ledger.ReachOverview, people: func(e Effect) []UserID { return []UserID{e.(DrawHome).User} }},
		KindSendReminder: {reach: ledger.ReachRoom, people: func(e Effect) []UserID {
			return slices.DeleteFunc([]UserID{e.(SendReminder).User}, func(user UserID) bool { return user == "" })
		}},
	}
}

// A kind that is not in the table would not be judged.
func TestEveryKindOfEffectIsJudgedOnPrivateIncidents(t *testing.T) {
	for _, kind := range codec(t).Kinds() {
		if judged := eyesOnPrivate()[kind]; judged.reach == "" && !judged.never {
			t.Errorf("whom may %q show a private incident to? Say so in eyesOnPrivate", kind)
		}
	}
}

// checkPrivate wants nothing of a private incident outside its channel and the messages to those involved.
func (l *life) checkPrivate(in Incident, effect Effect) {
	handling := effect.Handling()
	judged, known := eyesOnPrivate()[handling.Kind]
	if !known || judged.never {
		l.t.Fatalf("a private incident asks for %T", effect)
	}
	audience := handling.Audience
	switch {
	case audience.Reach == ledger.ReachPlace && audience.Channel != in.Channel.ID:
		l.t.Fatalf("a private incident shows %T in %s", effect, audience.Channel)
	case audience.Reach == ledger.ReachPeople && judged.people != nil:
	case audience.Reach != judged.reach:
		l.t.Fatalf("%T of a private incident says that it is for %q, and may be for %q", effect, audience.Reach, judged.reach)
	}
	inside := slices.Concat(in.Involved(), l.in.Involved())
	if handling.Kind == KindDrawHome { // it goes from the home of whoever has left
		inside = append(inside, l.in.Members...)
	}
	people := audience.Users
	if judged.people != nil {
		people = append(slices.Clone(people), judged.people(effect)...)
	}
	for _, user := range people {
		if !slices.Contains(inside, user) {
			l.t.Fatalf("a private incident shows %s %T", user, effect)
		}
	}
}

func (l *life) checkState(in Incident) {
	var stored Incident
	if err := json.Unmarshal([]byte(asJSON(l.t, in)), &stored); err != nil || !reflect.DeepEqual(stored, in) {
		l.t.Fatalf("the state %+v comes back as %+v, %v", in, stored, err)
	}
	check := func(holds bool, law string) {
		if !holds {
			l.t.Fatalf("%s: %s", law, asJSON(l.t, in))
		}
	}
	check(in.ID == "INC-1" && in.Seq > 0 && !in.DeclaredAt.IsZero() && !in.ChangedAt.Before(in.DeclaredAt), "it was declared")
	check(in.Title != "" && utf8.RuneCountInString(in.Title) <= MaxTitle && !strings.ContainsAny(in.Title, "\n\r\t"), "it has a title of one line")
	check(slices.Contains(Statuses(), in.Status), "it has a status")
	check(in.FinishedAt.IsZero() == in.Status.Open(), "it is finished when it is not open")
	check(in.ResolvedAt.IsZero() == (in.Status != Resolved && in.Status != Closed), "it is resolved when it is")
	check(in.Priority == l.p.Level(in.Severity).Priority, "its priority is its severity's")
	check(in.Duration(in.ChangedAt) >= 0, "it lasts forward in time")
	_, isLevel := l.p.ParseSeverity(string(in.Severity))
	check(isLevel, "it has a severity")
	holders := map[string]int{}
	for _, held := range in.Roles {
		role, known := l.p.Role(held.Role)
		holders[held.subject()]++
		check(known && held.User != "" && holders[held.subject()] == 1, "whoever holds a role holds it once")
		check(role.Several || role.Deputies || len(in.Holders(held.Role)) == 1, "a single role has one holder")
	}
	check(len(slices.Compact(slices.Sorted(slices.Values(in.Members)))) == len(in.Members), "members are there once")
}

func (l *life) checkDue(command Command, out Outcome) {
	before := asJSON(l.t, out.State)
	due := Due(out.State, l.p)
	if !reflect.DeepEqual(due, Due(out.State, l.p)) || asJSON(l.t, out.State) != before {
		l.t.Fatalf("what is due differs from one look to the next")
	}
	if !slices.IsSortedFunc(due, func(a, b Reminder) int { return a.At.Compare(b.At) }) {
		l.t.Fatalf("what is due is not in order: %+v", due)
	}
	if !out.NextDue.Equal(NextDue(out.State, l.p)) || (len(due) > 0) != !out.NextDue.IsZero() {
		l.t.Fatalf("the next reminder is at %s, of %+v", out.NextDue, due)
	}
	if _, reminds := command.(Remind); reminds {
		l.nothingDue(out.State)
	}
}

// nothingDue wants no reminder to be due any more at the instant that reminders were sent.
func (l *life) nothingDue(in Incident) {
	now := later(l.now, l.in.ChangedAt)
	if next := NextDue(in, l.p); !next.IsZero() && !next.After(now) {
		l.t.Fatalf("at %s, after the reminders, there still is one due at %s: %+v", now, next, Due(in, l.p)[0])
	}
}

// checkWhole folds the timeline as it is in the file and compares it with the last state, and every state with what it was.
func (l *life) checkWhole() {
	var folded, reread Incident
	for _, entry := range l.entries {
		var back Entry
		if err := json.Unmarshal([]byte(asJSON(l.t, entry)), &back); err != nil {
			l.t.Fatal(err)
		}
		folded, reread = Fold(folded, entry), Fold(reread, back)
	}
	want := asJSON(l.t, l.in)
	if got := asJSON(l.t, folded); got != want {
		l.t.Fatalf("the entries fold to\n%s, and the state is\n%s", got, want)
	}
	if got := asJSON(l.t, reread); got != want {
		l.t.Fatalf("the entries in the file fold to\n%s, and the state is\n%s", got, want)
	}
	for i, state := range l.history {
		if got := asJSON(l.t, state); got != l.written[i] {
			l.t.Fatalf("state %d was\n%s, and a later command made of it\n%s", i, l.written[i], got)
		}
	}
}

// draw is who does what next.
func (l *life) draw() (Actor, Command) {
	t := l.t
	if l.in.ID == "" && rapid.IntRange(0, 9).Draw(t, "declare") > 0 {
		return l.actor(), l.declare()
	}
	switch rapid.IntRange(0, 9).Draw(t, "who") {
	case 0:
		return Muster, Remind{}
	case 1, 2, 3:
		if command := l.perform(); command != nil {
			return Muster, command
		}
	}
	command := l.command()
	if programOnly(command) && rapid.IntRange(0, 9).Draw(t, "as Muster") > 0 {
		return Muster, command
	}
	return l.actor(), command
}

func (l *life) actor() Actor {
	people := []Actor{alice, alice, bob, bob, carol, guest, other, gone, robot, Muster, {}, {ID: "U_ODD", Kind: "odd"}}
	actor := rapid.SampledFrom(people).Draw(l.t, "actor")
	if rapid.Bool().Draw(l.t, "in the group") {
		actor.Groups = []GroupID{"S_SRE"}
	}
	return actor
}

func (l *life) text(name string) string {
	if rapid.IntRange(0, 2).Draw(l.t, "sensible "+name) > 0 {
		return rapid.SampledFrom([]string{"Checkout is down", "결제가 안 됩니다", "rolled back"}).Draw(l.t, name)
	}
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", " ", "\u200b", "Checkout is down", "결제 장애", "<!channel> & <@U1>", "a\r\nb\x00\u202e", "\xff\xfe"}),
		rapid.String(),
		rapid.Map(rapid.IntRange(100, 5000), func(n int) string { return strings.Repeat("가", n) }),
	).Draw(l.t, name)
}

func (l *life) role() Role {
	return rapid.SampledFrom([]Role{IncidentManager, IncidentManager, TechLead, CommsManager, SupportLead, Scribe, "tea_maker", ""}).Draw(l.t, "role")
}

func (l *life) user() UserID {
	return rapid.SampledFrom([]UserID{alice.ID, bob.ID, carol.ID, guest.ID, gone.ID, ""}).Draw(l.t, "user")
}

// told is a moment that Slack tells of, or none.
func (l *life) told() time.Time {
	moments := []time.Time{{}, l.now, l.now.Add(-time.Hour), l.now.Add(time.Minute), l.now.Add(time.Hour), time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}
	return rapid.SampledFrom(moments).Draw(l.t, "at")
}

func (l *life) severity() Severity {
	return rapid.SampledFrom([]Severity{"sev1", "sev2", "sev3", "2", Unknown, "", "sev9", "SEV1"}).Draw(l.t, "severity")
}

func (l *life) message() MessageRef {
	return rapid.SampledFrom([]MessageRef{{}, {Channel: "C_TALK", TS: "1.1"}, {Channel: "C_INC", TS: "1.1"}, {Channel: "C_INC", TS: "2.2"}}).Draw(l.t, "message")
}

func (l *life) declare() Command {
	return Declare{
		Title: l.text("title"), Summary: l.text("summary"), Severity: l.severity(), Private: rapid.Bool().Draw(l.t, "private"),
		Drill:  rapid.Bool().Draw(l.t, "drill"),
		Origin: Origin{Source: rapid.SampledFrom([]Source{FromCommand, FromMachine, FromMessage}).Draw(l.t, "source"), Message: l.message(), Quote: l.text("quote")},
	}
}

func (l *life) span() time.Duration {
	return rapid.SampledFrom([]time.Duration{0, -time.Hour, time.Second, time.Minute, 20 * time.Minute, 8 * time.Hour, 1000 * time.Hour}).Draw(l.t, "span")
}

func (l *life) command() Command {
	t := l.t
	commands := []func() Command{
		l.declare,
		func() Command {
			return AssignRole{Role: l.role(), Assignee: rapid.SampledFrom([]Actor{alice, bob, carol, guest, other, gone, robot, {}}).Draw(t, "assignee"),
				Replace: rapid.Bool().Draw(t, "replace")}
		},
		func() Command { return ReleaseRole{Role: l.role(), User: l.user()} },
		func() Command {
			return ChangeStatus{Verb: rapid.SampledFrom(append(Verbs(), "explode", "")).Draw(t, "verb"), Text: l.text("words")}
		},
		func() Command { return ChangeSeverity{Severity: l.severity(), Reason: l.text("reason")} },
		func() Command { return Retitle{Title: l.text("title")} },
		func() Command { return Summarize{Text: l.text("summary")} },
		func() Command {
			return PostUpdate{Text: UpdateText{State: l.text("state"), Next: l.text("next")}, NextIn: l.span()}
		},
		func() Command {
			return AddNote{Text: l.text("note"), At: l.told(), Author: l.user(), Message: l.message()}
		},
		func() Command { return Snooze{For: l.span()} },
		func() Command { return PauseReminders{} },
		func() Command { return ResumeReminders{} },
		func() Command { return SetCadence{Every: l.span()} },
		func() Command { return Remind{} },
		func() Command { return RetryEffect{Job: JobID(rapid.IntRange(0, 3).Draw(t, "job"))} },
		func() Command { return ClearTrouble{Job: JobID(rapid.IntRange(0, 3).Draw(t, "job"))} },
		func() Command { return RecordDeactivated{User: l.user()} },
		func() Command { return JoinMember{User: l.user(), At: l.told()} },
		func() Command { return LeaveMember{User: l.user(), At: l.told()} },
		func() Command { return RecordArchived{Archived: rapid.Bool().Draw(t, "archived")} },
		func() Command { return RecordChannel{Channel: "C_INC2", Name: "again"} },
		func() Command { return RecordMembers{Users: []UserID{l.user(), l.user(), "U_CHIEF"}} },
	}
	// Most commands are common ones that lead somewhere.
	likely := []func() Command{
		func() Command { return AssignRole{Role: l.role(), Assignee: alice} },
		func() Command { return ReleaseRole{Role: l.role(), User: alice.ID} },
		func() Command { return RetryEffect{Job: JobID(rapid.IntRange(0, 3).Draw(t, "job"))} },
		func() Command {
			verbs := []Verb{VerbAccept, VerbFix, VerbMonitor, VerbResolve, VerbReopen, VerbReopen}
			return ChangeStatus{Verb: rapid.SampledFrom(verbs).Draw(t, "verb"), Text: "because"}
		},
		func() Command { return PostUpdate{Text: UpdateText{State: "half of it works"}} },
	}
	if rapid.Bool().Draw(t, "sensible") {
		commands = likely
	}
	return commands[rapid.IntRange(0, len(commands)-1).Draw(t, "command")]()
}

// perform is what the worker reports of the effect that waits longest, if it reports anything.
func (l *life) perform() Command {
	if len(l.waiting) == 0 {
		return nil
	}
	effect := l.waiting[0]
	l.waiting = l.waiting[1:]
	if rapid.IntRange(0, 4).Draw(l.t, "fails") == 0 {
		return RecordFailure{Job: JobID(rapid.IntRange(0, 3).Draw(l.t, "job")), Kind: effect.Handling().Kind, Reason: "is_archived"}
	}
	return outcomeOf(effect)
}

// outcomeOf is what follows when an effect took place.
func outcomeOf(effect Effect) Command {
	switch e := effect.(type) {
	case CreateChannel:
		return RecordChannel{Channel: "C_INC", Name: "inc-1"}
	case DrawCard:
		return RecordCard{Card: MessageRef{Channel: "C_INC", TS: "0.1"}}
	case DrawAnnouncement:
		return RecordAnnouncement{Announcement: MessageRef{Channel: "C_INCIDENTS", TS: "0.2"}}
	case InviteUsers:
		return RecordMembers{Users: e.Users}
	case InviteGroup:
		return RecordMembers{Users: []UserID{UserID(fmt.Sprintf("U_OF_%s", e.Group))}}
	case ArchiveChannel:
		return RecordArchived{Archived: true}
	case RestoreChannel:
		return RecordArchived{Archived: false}
	}
	return nil
}
