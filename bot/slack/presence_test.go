package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/bot/desk"
	"muster/bot/slack"
	"muster/bot/slacksim"
	"muster/incident"
	"muster/incident/ledger"
)

// Presence: what should have become visible is computed from each timeline by the pure functions alone, and looked for in the
// workspace. What Muster says that it did counts only for when it tried: whether something had become pointless by then is
// judged by the states of that moment.

// trial is one time that an effect was performed, and what the incident was meanwhile.
type trial struct {
	job      incident.Job
	key      string
	from, to uint64 // the entries up to which the incident was folded when it began and when it ended
	at       time.Time
	failed   bool
	ended    bool
}

// trials are all attempts of a story, by whichever process.
type trials struct {
	mu  sync.Mutex
	all map[incident.JobID][]*trial
}

// watchedStore notes when effects are performed.
type watchedStore struct {
	slack.Store
	seen *trials
}

func (s watchedStore) seq(ctx context.Context, job incident.Job) uint64 {
	in, err := s.Get(ctx, incident.IDOf(job.Effect.Handling().Of))
	if err != nil {
		return 0
	}
	return in.Seq
}

func (s watchedStore) Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]incident.Job, error) {
	jobs, err := s.Store.Claim(ctx, now, limit, media...)
	for _, job := range jobs {
		from := s.seq(ctx, job)
		s.seen.mu.Lock()
		s.seen.all[job.ID] = append(s.seen.all[job.ID], &trial{job: job, key: job.Effect.Handling().Key, from: from, at: time.Now()})
		s.seen.mu.Unlock()
	}
	return jobs, err
}

func (s watchedStore) end(job incident.Job, to uint64, failed bool) {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	last := s.seen.all[job.ID][len(s.seen.all[job.ID])-1]
	last.to, last.failed, last.ended = to, failed, true
}

func (s watchedStore) Complete(ctx context.Context, job incident.Job, followUp desk.Decide) (incident.Outcome, error) {
	to := s.seq(ctx, job)
	out, err := s.Store.Complete(ctx, job, followUp)
	if err == nil {
		s.end(job, max(to, out.State.Seq), false)
	}
	return out, err
}

func (s watchedStore) Fail(ctx context.Context, job incident.Job, reason string, followUp desk.Decide) (incident.Outcome, error) {
	to := s.seq(ctx, job)
	out, err := s.Store.Fail(ctx, job, reason, followUp)
	if err == nil {
		s.end(job, max(to, out.State.Seq), true)
	}
	return out, err
}

// last is the attempt that ended one effect: the last of those with its key that same accepts.
func (a *trials) last(effect incident.Effect, same func(incident.Effect) bool) *trial {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found *trial
	key := effect.Handling().Key
	for _, tries := range a.all {
		for _, try := range tries {
			if try.ended && try.key == key && same(try.job.Effect) && (found == nil || try.at.After(found.at)) {
				found = try
			}
		}
	}
	return found
}

// workspace is everything in the workspace, whoever may see it.
type workspace struct {
	Users    []slacksim.User `json:"users"`
	Channels []*room         `json:"channels"`
	Homes    map[string]json.RawMessage

	byKey map[string][]slacksim.Message // our messages that people can see, by the key that they carry
}

type room struct {
	slacksim.Channel
	Messages []slacksim.Message `json:"messages"`
}

func (w *world) workspace() *workspace {
	var data bytes.Buffer
	ws := &workspace{byKey: map[string][]slacksim.Message{}}
	if err := w.ws.Save(&data); err != nil {
		w.Fatal(err)
	}
	if err := json.Unmarshal(data.Bytes(), ws); err != nil {
		w.Fatal(err)
	}
	for _, room := range ws.Channels {
		for _, message := range room.Messages {
			if key := keyOf(message); key != "" && message.EphemeralTo == "" {
				ws.byKey[key] = append(ws.byKey[key], message)
			}
		}
	}
	return ws
}

// keyOf is the key of the effect that a message was posted for.
func keyOf(message slacksim.Message) string {
	var metadata struct {
		Payload struct {
			Key string `json:"key"`
		} `json:"event_payload"`
	}
	if len(message.Metadata) == 0 || json.Unmarshal(message.Metadata, &metadata) != nil {
		return ""
	}
	return metadata.Payload.Key
}

func (ws *workspace) room(id string) *room {
	for _, room := range ws.Channels {
		if room.ID == id {
			return room
		}
	}
	return &room{}
}

func (ws *workspace) user(id incident.UserID) slacksim.User {
	for _, user := range ws.Users {
		if user.ID == string(id) {
			return user
		}
	}
	return slacksim.User{Deleted: true}
}

// told reports whether a message stands in the direct conversation with a person.
func (ws *workspace) told(message slacksim.Message, user incident.UserID) bool {
	room := ws.room(message.Channel)
	return room.IM && slices.Contains(room.Members, string(user))
}

// story is one incident with every state it was in: states[n] is the one after n entries.
type story struct {
	*world
	ws      *workspace
	in      incident.Incident
	entries []incident.Entry
	states  []incident.Incident
	effects []asked
}

// asked is an effect that an entry asked for.
type asked struct {
	effect incident.Effect
	entry  incident.Entry
}

func (w *world) story(ws *workspace, in incident.Incident) *story {
	entries, err := w.store.Timeline(w.Context(), in.ID, 0, 100000)
	if err != nil {
		w.Fatal(err)
	}
	s := &story{world: w, ws: ws, in: in, entries: entries, states: []incident.Incident{{}}}
	for i, entry := range entries {
		after := incident.Fold(s.states[i], entry)
		for _, effect := range incident.Effects(s.states[i], after, entry, w.policy) {
			s.effects = append(s.effects, asked{effect, entry})
		}
		s.states = append(s.states, after)
	}
	return s
}

// during reports whether something was so at any moment of an attempt.
func (s *story) during(try *trial, so func(incident.Incident) bool) bool {
	return slices.ContainsFunc(s.states[try.from:try.to+1], so)
}

func archived(in incident.Incident) bool { return in.Channel.State == incident.ChannelArchived }

// missed is something that people should see and do not.
func (s *story) missed(format string, values ...any) {
	s.total.lost.Add(1)
	s.Errorf("%s: "+format, append([]any{s.in.ID}, values...)...)
}

func (s *story) twice(format string, values ...any) {
	s.total.doubled.Add(1)
	s.Errorf("%s: "+format, append([]any{s.in.ID}, values...)...)
}

// checkPresence looks for everything that should have become visible of one incident.
func (s *story) checkPresence() {
	for _, one := range s.effects {
		if one.effect.Handling().Coalesces && one.effect.Handling().Kind != incident.KindSendReminder {
			continue // the newest state alone counts
		}
		s.total.shown.Add(1)
		s.checkEffect(one)
	}
	s.checkChannel()
	s.checkCard()
	s.checkAnnouncement()
	s.checkTroubles()
}

// checkEffect looks for what one entry asked for.
func (s *story) checkEffect(one asked) {
	handling := one.effect.Handling()
	try := s.trials.last(one.effect, func(other incident.Effect) bool {
		reminder, is := other.(incident.SendReminder)
		return !is || reminder.Seq == one.entry.Seq
	})
	if try == nil {
		if reminder, is := one.effect.(incident.SendReminder); is && s.replaced(reminder) {
			return
		}
		s.missed("%s (entry %d) was never performed", handling.Key, one.entry.Seq)
		return
	}
	if try.failed {
		s.checkFailed(try)
		if _, is := one.effect.(incident.InviteUsers); !is {
			return
		}
	}
	switch e := one.effect.(type) {
	case incident.PostEntry:
		homeless := s.during(try, func(in incident.Incident) bool { return in.Channel.ID == "" })
		_, failure := one.entry.Event.(incident.EventEffectFailed) // which somebody must hear of where the channel is closed
		s.checkMessage(try, s.in.DeclaredBy, homeless || failure && s.during(try, archived), false)
	case incident.SendBrief:
		givenBack := s.during(try, func(in incident.Incident) bool { return !in.Holds(e.User, e.Role) })
		s.checkMessage(try, e.User, true, givenBack)
	case incident.SendReminder:
		s.checkReminder(try, e, one.entry.Event.(incident.EventReminded))
	case incident.InviteUsers:
		for _, user := range e.Users {
			s.checkInvited(try, user, one.entry)
		}
	case incident.MarkNoted:
		s.checkMarked(try, e)
	}
}

// checkMessage wants the message of an attempt to stand once: in the incident's channel, or before the person if it is direct.
func (s *story) checkMessage(try *trial, user incident.UserID, direct, pointless bool) {
	key := try.job.Once()
	found := s.ws.byKey[key]
	switch {
	case len(found) > 1:
		s.twice("%s stands %d times", key, len(found))
	case len(found) == 0 && !pointless:
		s.missed("%s stands nowhere: %+v", key, try)
	case len(found) == 0:
	case direct && s.ws.told(found[0], user):
	case found[0].Channel != string(s.in.Channel.ID) || found[0].ThreadTS != "" || s.in.Channel.ID == "":
		s.missed("%s stands where it does not belong, in %s", key, found[0].Channel)
	}
}

// replaced reports whether a newer reminder of the same kind to the same reader was sent in place of one that had to wait.
func (s *story) replaced(old incident.SendReminder) bool {
	return s.trials.last(old, func(other incident.Effect) bool { return other.(incident.SendReminder).Seq > old.Seq }) != nil
}

// checkReminder wants the reminder to have come, unless while it was sent there was nothing to remind of any more, or nobody
// who could read it.
func (s *story) checkReminder(try *trial, e incident.SendReminder, sent incident.EventReminded) {
	pointless := s.during(try, func(in incident.Incident) bool {
		unread := in.Channel.State == incident.ChannelArchived && e.User == ""
		return unread || !in.VisibleTo(e.User) && e.User != "" || !incident.StillDue(in, s.policy, sent)
	})
	user := e.User
	homeless := s.during(try, func(in incident.Incident) bool { return in.Channel.ID == "" })
	if user == "" && homeless {
		user = s.in.DeclaredBy
	}
	s.checkMessage(try, user, user != "", pointless)
	if !pointless {
		s.total.reminders.Add(1)
	}
}

// checkInvited wants somebody in the channel who was invited, unless they left it themselves or Slack does not let them in.
func (s *story) checkInvited(try *trial, user incident.UserID, entry incident.Entry) {
	room := s.ws.room(string(s.in.Channel.ID))
	if slices.Contains(room.Members, string(user)) {
		return
	}
	for _, message := range room.Messages {
		if message.Subtype == "channel_leave" && message.User == string(user) && !timeOfTS(message.TS).Before(s.inFlight(entry.At)) {
			return
		}
	}
	person := s.ws.user(user)
	if try.failed && (person.Deleted || person.OneGuest || person.Stranger) {
		return
	}
	// Whoever is missing from an archived channel is invited once it is back, if they are still needed.
	if s.during(try, archived) {
		again := slices.ContainsFunc(s.effects, func(other asked) bool {
			invite, is := other.effect.(incident.InviteUsers)
			return is && other.entry.Seq > entry.Seq && slices.Contains(invite.Users, user)
		})
		if room.Archived || again || !slices.Contains(s.in.Involved(), user) {
			return
		}
	}
	s.missed("%s was invited (entry %d) and is not in #%s: %+v", user, entry.Seq, room.Name, try)
}

// checkMarked wants a message that was noted to carry the bot's mark, if it still stands where the bot may react.
func (s *story) checkMarked(try *trial, e incident.MarkNoted) {
	room := s.ws.room(string(e.Message.Channel))
	if room.Archived || s.during(try, archived) || !slices.Contains(room.Members, s.world.ws.BotUserID()) {
		return
	}
	for _, message := range room.Messages {
		if message.TS == string(e.Message.TS) && message.EphemeralTo == "" {
			if !slices.ContainsFunc(message.Reactions, func(r slacksim.Reaction) bool { return slices.Contains(r.Users, s.world.ws.BotUserID()) }) {
				s.missed("the message %s was noted and is not marked", message.TS)
			}
		}
	}
}

// checkChannel wants a channel, as private and as archived as the incident says.
func (s *story) checkChannel() {
	s.total.shown.Add(1)
	if s.in.Channel.ID == "" {
		if !s.in.Failed(incident.KindCreateChannel) {
			s.missed("there is no channel and nobody was told why")
		}
		return
	}
	room := s.ws.room(string(s.in.Channel.ID))
	if room.ID == "" || room.Private != s.in.Private || room.Archived != (s.in.Channel.State == incident.ChannelArchived) {
		s.missed("channel %s: in Slack private %v, archived %v; of the incident private %v, archived %v", s.in.Channel.ID,
			room.Private, room.Archived, s.in.Private, s.in.Channel.State == incident.ChannelArchived)
	}
}

// standing are the messages of a redraw, which are edited in place.
func (s *story) standing(effect incident.Effect) (found []slacksim.Message) {
	for key, messages := range s.ws.byKey {
		if strings.HasPrefix(key, effect.Handling().Key+"#") {
			found = append(found, messages...)
		}
	}
	return found
}

// excused reports whether a redraw could not be made: it failed and that is told, or the channel is archived and was so then.
func (s *story) excused(effect incident.Effect) bool {
	try := s.trials.last(effect, func(incident.Effect) bool { return true })
	if try == nil {
		return false
	}
	if try.failed {
		s.checkFailed(try)
		return true
	}
	return s.in.Channel.State == incident.ChannelArchived && s.during(try, archived)
}

// checkCard wants one card in the channel, where the incident says, and pinned.
func (s *story) checkCard() {
	if s.in.Channel.ID == "" {
		return
	}
	s.total.shown.Add(2)
	card := incident.DrawCard{Of: s.in.ID}
	found := s.standing(card)
	switch {
	case len(found) > 1:
		s.twice("%d cards", len(found))
	case len(found) == 0 && s.excused(card):
		return
	case len(found) == 0 || found[0].Channel != string(s.in.Channel.ID) || found[0].TS != string(s.in.Card.TS):
		s.missed("the card does not stand in #%s: %v", s.in.Channel.Name, found)
		return
	}
	pinned := slices.Contains(s.ws.room(found[0].Channel).Pins, found[0].TS)
	if !pinned && !s.excused(incident.PinCard{Of: s.in.ID}) {
		s.missed("the card in #%s is not pinned", s.in.Channel.Name)
	}
}

// checkAnnouncement wants one announcement if any was ever asked for, and none of a private incident.
func (s *story) checkAnnouncement() {
	announcement := incident.DrawAnnouncement{Of: s.in.ID}
	wanted := slices.ContainsFunc(s.effects, func(one asked) bool { return one.effect == incident.Effect(announcement) })
	found := s.standing(announcement)
	s.total.shown.Add(1)
	switch {
	case !s.in.Private && s.in.Channel.ID != "" && !wanted:
		s.missed("nobody asked for an announcement")
	case len(found) > 1:
		s.twice("%d announcements", len(found))
	case s.in.Private && len(found) > 0:
		s.Errorf("%s is private and was announced", s.in.ID)
	case wanted && len(found) == 0 && !s.excused(announcement):
		s.missed("the announcement stands nowhere")
	case wanted && len(found) == 1 && (found[0].Channel != string(s.policy.Announcements) || found[0].TS != string(s.in.Announcement.TS)):
		s.missed("the announcement does not stand where the incident says")
	}
}

// checkFailed wants a failure to be on the timeline.
func (s *story) checkFailed(try *trial) {
	if s.failure(try.job.ID) < 0 {
		s.missed("%s failed for good and the timeline does not tell", try.job.Once())
	}
}

// failure is the index of the last entry that tells of a failed job, or -1.
func (s *story) failure(job incident.JobID) int {
	for i, entry := range slices.Backward(s.entries) {
		if e, is := entry.Event.(incident.EventEffectFailed); is && e.Trouble.Job == job {
			return i
		}
	}
	return -1
}

// checkTroubles wants every failure told to a person where they look. Those that have a message of their own in the channel
// are looked for like any other entry.
func (s *story) checkTroubles() {
	for i, entry := range s.entries {
		e, is := entry.Event.(incident.EventEffectFailed)
		if !is {
			continue
		}
		s.total.shown.Add(1)
		same := func(other incident.Trouble) bool {
			return other.Job != e.Trouble.Job && other.Kind == e.Trouble.Kind && other.Reason == e.Trouble.Reason
		}
		posted := slices.ContainsFunc(s.effects, func(one asked) bool {
			return one.effect == incident.Effect(incident.PostEntry{Of: s.in.ID, Seq: entry.Seq})
		})
		if posted || slices.ContainsFunc(s.states[i].Troubles, same) {
			continue // told by itself, or in these words already
		}
		if e.Trouble.Kind == incident.KindPostEntry && s.confessed(e.Trouble.Job) {
			continue
		}
		s.missed("%s failed (%s) and nobody was told", e.Trouble.Kind, e.Trouble.Reason)
	}
	failed, err := s.store.Jobs(s.Context(), incident.JobsFailed, 0)
	if err != nil {
		s.Fatal(err)
	}
	for _, job := range failed {
		handling := job.Effect.Handling()
		if incident.IDOf(handling.Of) == s.in.ID && !slices.ContainsFunc(s.in.Troubles, func(trouble incident.Trouble) bool { return trouble.Job == job.ID }) {
			s.missed("%s is set aside and the incident does not know", job.Once())
		}
	}
}

// confessed reports whether the declarer was told directly of an entry that could not be posted.
func (s *story) confessed(job incident.JobID) bool {
	s.trials.mu.Lock()
	defer s.trials.mu.Unlock()
	for _, try := range s.trials.all[job] {
		for _, suffix := range []string{"/failed", ""} {
			if found := s.ws.byKey[try.job.Once()+suffix]; len(found) == 1 && s.ws.told(found[0], s.in.DeclaredBy) {
				return true
			}
		}
	}
	return false
}

// checkQueue wants nothing to wait or to be under way: what was asked for came to an end.
func (w *world) checkQueue() {
	for _, state := range []incident.JobState{incident.JobsWaiting, incident.JobsRunning} {
		jobs, err := w.store.Jobs(w.Context(), state, 0)
		if err != nil {
			w.Fatal(err)
		}
		for _, job := range jobs {
			w.total.lost.Add(1)
			w.Errorf("%s is %s and stays so", job.Once(), state)
		}
	}
}

// late is how long Slack may take to tell of something that happened: it brings an event again after one minute and after five.
const late = 10 * time.Minute

// inFlight is how far back something may lie of which Muster need not have heard at a moment. While the bot is stopped or Slack
// is away, nobody hears anything.
func (w *world) inFlight(at time.Time) time.Time {
	back := at.Add(-late)
	for _, gone := range slices.Backward(w.away) {
		if gone.to.After(back) && gone.from.Before(at) {
			back = back.Add(-gone.to.Sub(gone.from))
		}
	}
	return back
}

// span is a stretch of time.
type span struct{ from, to time.Time }

// timeOfTS is when a message was posted.
func timeOfTS(ts string) time.Time {
	var seconds, micros int64
	if _, err := fmt.Sscanf(ts, "%d.%d", &seconds, &micros); err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, micros*1000).UTC()
}
