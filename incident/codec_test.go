package incident

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/cmd/muster/sourcetest"
	"muster/incident/ledger"
)

var sampleAt = time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)

// sampleEvents has one event of each type, with every field set.
func sampleEvents() []Event {
	message := MessageRef{Channel: "C1", TS: "1.2"}
	return []Event{
		EventDeclared{ID: "INC-1", Title: "장애", Summary: "s", Severity: "sev1", Priority: "P1", Status: Triage, Private: true,
			Drill: true, Origin: Origin{Source: FromMessage, Message: message, Author: "U1", Quote: "q <!channel>", Link: "https://l"}},
		EventRoleAssigned{Role: TechLead, User: "U1", Replaced: "U2", Deputy: true},
		EventRoleReleased{Role: TechLead, User: "U1"},
		EventRoleVacated{Role: TechLead, User: "U1", Cause: VacantSinceTheyLeft},
		EventStatusChanged{Verb: VerbFix, From: Declared, To: Fixing, Text: "t", Restores: true},
		EventSeverityChanged{From: "sev1", To: "sev2", Priority: "P2", Reason: "r"},
		EventRetitled{From: "a", To: "b"},
		EventSummarized{Text: "s"},
		EventUpdatePosted{Text: UpdateText{State: "s", Current: "c", Next: "n"}, Next: sampleAt},
		EventNoteAdded{Text: "n", At: sampleAt, Author: "U1", Message: message, Link: "https://l"},
		EventSnoozed{Until: sampleAt},
		EventPaused{},
		EventResumed{},
		EventCadenceSet{Cadence: "@every 20m0s"},
		EventReminded{Rule: RuleRoleHeld, Subject: "tech_lead/U1", Anchor: sampleAt, Step: 2, Due: sampleAt, To: ToHolder,
			Users: []UserID{"U1"}, Missing: []Role{Scribe}},
		EventArchiveDue{},
		EventMemberJoined{Users: []UserID{"U1", "U2"}, At: sampleAt},
		EventMemberLeft{User: "U1", At: sampleAt},
		EventChannelOpened{Channel: "C1", Name: "inc-1"},
		EventCardPosted{Card: message},
		EventAnnounced{Announcement: message},
		EventChannelArchived{},
		EventChannelRestored{},
		EventEffectFailed{Trouble: Trouble{Job: 7, Kind: KindPinCard, Key: "INC-1/pin", Reason: "not_pinnable"}},
		EventEffectRetried{Job: 7, Kind: KindPinCard},
		EventTroubleCleared{Job: 7, Kind: KindPinCard},
	}
}

// sampleEffects has one effect of each type, with every field set.
func sampleEffects() []Effect {
	return []Effect{
		CreateChannel{Of: "INC-1"},
		InviteUsers{Of: "INC-1", Seq: 2, Users: []UserID{"U1", "U2"}},
		InviteGroup{Of: "INC-1", Seq: 2, Group: "S1"},
		DrawCard{Of: "INC-1", First: true},
		PinCard{Of: "INC-1"},
		DrawTopic{Of: "INC-1"},
		DrawAnnouncement{Of: "INC-1"},
		PostEntry{Of: "INC-1", Seq: 2},
		SendBrief{Of: "INC-1", Seq: 2, User: "U1", Role: TechLead},
		SendReminder{Of: "INC-1", Seq: 2, Rule: RuleStale, User: "U1"},
		LinkOrigin{Of: "INC-1"},
		MarkNoted{Of: "INC-1", Message: MessageRef{Channel: "C1", TS: "1.2"}},
		ArchiveChannel{Of: "INC-1", Seq: 2},
		RestoreChannel{Of: "INC-1", Seq: 2},
		LookAtChannel{Of: "INC-1"},
		DrawHome{Of: "INC-1", User: "U1"},
	}
}

// codec reads and writes every effect of an incident.
func codec(t interface {
	Helper()
	Fatal(args ...any)
}) *ledger.EffectCodec {
	t.Helper()
	codec, err := ledger.NewEffectCodec(EffectTypes())
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

func typeNames[T any](values []T) []string {
	var names []string
	for _, value := range values {
		names = append(names, reflect.TypeOf(value).Name())
	}
	slices.Sort(names)
	return names
}

func allSet(value any) bool {
	fields := reflect.ValueOf(value)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			return false
		}
	}
	return true
}

func TestEveryEventComesBackFromTheTimelineAsItWas(t *testing.T) {
	if diff := cmp.Diff(sourcetest.Packages(t, "./incident")[0].TypesWith("EventKind"), typeNames(sampleEvents())); diff != "" {
		t.Fatalf("event types without a sample here (-types +samples):\n%s", diff)
	}
	kinds := map[EventKind]bool{}
	for i, event := range sampleEvents() {
		if !allSet(event) {
			t.Errorf("%T: the sample leaves a field out", event)
		}
		if kinds[event.EventKind()] {
			t.Errorf("%T shares its kind with another event", event)
		}
		kinds[event.EventKind()] = true
		want := Entry{Seq: uint64(i + 1), At: sampleAt, Actor: alice, Event: event}
		var got Entry
		if err := json.Unmarshal([]byte(asJSON(t, want)), &got); err != nil {
			t.Errorf("%T: %v", event, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if len(kinds) != len(EventKinds()) {
		t.Errorf("%d kinds of events are read, and there are %d: %v", len(EventKinds()), len(kinds), EventKinds())
	}
}

func TestEveryEffectComesBackFromTheOutboxAsItWas(t *testing.T) {
	if diff := cmp.Diff(sourcetest.Packages(t, "./incident")[0].TypesWith("Handling"), typeNames(sampleEffects())); diff != "" {
		t.Fatalf("effect types without a sample here (-types +samples):\n%s", diff)
	}
	kinds := map[EffectKind]bool{}
	for _, want := range sampleEffects() {
		if !allSet(want) {
			t.Errorf("%T: the sample leaves a field out", want)
		}
		handling := want.Handling()
		if kinds[handling.Kind] || handling.Key == "" || handling.Lane == "" || IDOf(handling.Of) != "INC-1" {
			t.Errorf("%T: its handling is %+v", want, handling)
		}
		kinds[handling.Kind] = true
		data, err := codec(t).Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := codec(t).Decode(data)
		if err != nil {
			t.Errorf("%T: %v", want, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if read := codec(t).Kinds(); len(kinds) != len(read) {
		t.Errorf("%d kinds of effects are read, and there are %d: %v", len(read), len(kinds), read)
	}
}

// A command that is missing from the list, or that says nothing of who may send it, is found here.
func TestEveryCommandSaysWhoMaySendIt(t *testing.T) {
	if diff := cmp.Diff(sourcetest.Packages(t, "./incident")[0].TypesWith("needs"), typeNames(Commands())); diff != "" {
		t.Fatalf("command types that are not in Commands (-types +listed):\n%s", diff)
	}
	for _, command := range Commands() {
		if Needs(command).Forgotten() {
			t.Errorf("%T does not say who may send it: its needs are the zero Need, which refuses everybody", command)
		}
	}
}

func TestACommandThatForgotWhoMaySendItIsRefused(t *testing.T) {
	for _, actor := range []Actor{alice, guest, robot, Muster} {
		if err := (Need{}).refuses(Incident{}, actor, compiled(t, nil)); refusalOf(t, err).Code != RefuseNotAllowed {
			t.Errorf("%s: %v", actor.Kind, err)
		}
	}
}

// An event that forgot whom it tells, and an effect that forgot who sees it, are not committed.
func TestWhatForgotItsAudienceIsAnErrorOfStep(t *testing.T) {
	for want, what := range map[string]struct {
		event   Event
		effects []Effect
	}{
		"does not say whom it tells":                       {event: forgetfulEvent{}},
		"does not say who sees it, or who performs it":     {event: EventPaused{}, effects: []Effect{forgetfulEffect{Handling{Medium: ledger.Slack}}}},
		"forgetfulEffect does not say who sees it, or who": {event: EventPaused{}, effects: []Effect{forgetfulEffect{Handling{Audience: ledger.ShownInRoom()}}}},
	} {
		if err := complete(Incident{}, what.event, what.effects); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := complete(Incident{}, EventPaused{}, []Effect{DrawCard{Of: "INC-1"}}); err != nil {
		t.Error(err)
	}
}

type forgetfulEvent struct{ EventPaused }

func (forgetfulEvent) tells(Incident) Telling { return "" }

type forgetfulEffect struct{ handling Handling }

func (e forgetfulEffect) Handling() Handling { return e.handling }

// The names in the database: one that changes needs a migration.
func TestPersistedKindsStayAsTheyAre(t *testing.T) {
	events := []EventKind{"announced", "archive_due", "cadence_set", "card_posted", "channel_archived", "channel_opened",
		"channel_restored", "declared", "effect_failed", "effect_retried", "member_joined", "member_left", "note_added", "paused",
		"reminded", "resumed", "retitled", "role_assigned", "role_released", "role_vacated", "severity_changed", "snoozed", "status_changed",
		"summarized", "trouble_cleared", "update_posted"}
	if diff := cmp.Diff(events, EventKinds()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	effects := []EffectKind{"archive_channel", "create_channel", "draw_announcement", "draw_card", "draw_home", "draw_topic",
		"invite_group", "invite_users", "link_origin", "look_at_channel", "mark_noted", "pin_card", "post_entry", "restore_channel", "send_brief", "send_reminder"}
	if diff := cmp.Diff(effects, codec(t).Kinds()); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	for _, data := range []string{``, `null`, `[]`, `{}`, `{"kind":"nonsense","event":{},"effect":{}}`, `{"kind":"paused"}`,
		`{"seq":-1,"kind":"paused","event":{}}`, `{"kind":"draw_card","effect":[]}`, `{"kind":"declared","event":{"title":7}}`} {
		var entry Entry
		if err := json.Unmarshal([]byte(data), &entry); err == nil {
			t.Errorf("entry %q was read as %+v", data, entry)
		}
		if effect, err := codec(t).Decode([]byte(data)); err == nil {
			t.Errorf("effect %q was read as %+v", data, effect)
		}
	}
	if _, err := json.Marshal(Entry{Seq: 1}); err == nil {
		t.Error("an entry without an event was written")
	}
}

func TestAnActorsGroupsAreNotKept(t *testing.T) {
	actor := alice
	actor.Groups = []GroupID{"S1"}
	d := newDesk(t, nil).do(actor, Declare{Title: "x"})
	if got := d.out.Entries[0].Actor; got.ID != alice.ID || got.Groups != nil {
		t.Errorf("the timeline keeps %+v", got)
	}
}
