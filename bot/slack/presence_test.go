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

	"muster/bot"
	"muster/bot/desk"
	"muster/bot/slacksim"
	"muster/bot/witness"
	"muster/incident"
	"muster/incident/ledger"
)

// Presence: what should have become visible is what the witness makes of each timeline, and it is looked for in the workspace. What
// Muster says that it did counts only for when it tried: whether something had become pointless by then is judged by the moments
// of that time.

// trial is one time that an effect was performed, and what the incident was meanwhile.
type trial struct {
	job      incident.Job
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
	bot.Store
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
		s.seen.all[job.ID] = append(s.seen.all[job.ID], &trial{job: job, from: from, at: time.Now()})
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

// last is the attempt that ended one effect: the last of those that a match accepts.
func (a *trials) last(match func(incident.Effect) bool) *trial {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found *trial
	for _, tries := range a.all {
		for _, try := range tries {
			if try.ended && match(try.job.Effect) && (found == nil || try.at.After(found.at)) {
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

// story is one incident, as the witness tells it and as the workspace shows it.
type story struct {
	*world
	ws      *workspace
	of      *witness.Story
	now     witness.Moment
	entries []incident.Entry
}

func (w *world) story(ws *workspace, in incident.Incident) *story {
	entries, err := w.store.Timeline(w.Context(), in.ID, 0, 100000)
	if err != nil {
		w.Fatal(err)
	}
	of, err := witness.Read(in.ID, entries, w.policy)
	if err != nil {
		w.Fatal(err)
	}
	for _, difference := range of.Now().Differs(in) {
		w.Errorf("%s: its snapshot is not what its timeline tells: %s", in.ID, difference)
	}
	return &story{world: w, ws: ws, of: of, now: of.Now(), entries: entries}
}

// during reports whether something was so at any moment of an attempt.
func (s *story) during(try *trial, so func(witness.Moment) bool) bool {
	return s.of.During(try.from, try.to, so)
}

func archived(m witness.Moment) bool { return m.Archived }

// missed is something that people should see and do not.
func (s *story) missed(format string, values ...any) {
	s.total.lost.Add(1)
	s.Errorf("%s: "+format, append([]any{s.of.ID}, values...)...)
}

func (s *story) twice(format string, values ...any) {
	s.total.doubled.Add(1)
	s.Errorf("%s: "+format, append([]any{s.of.ID}, values...)...)
}

// checkPresence looks for everything that should have become visible of one incident.
func (s *story) checkPresence() {
	for _, sight := range s.of.Sights {
		s.total.shown.Add(1)
		s.checkSight(sight)
	}
	s.checkChannel()
	s.checkCard()
	s.checkAnnouncement()
	s.checkTroubles()
	s.checkUnasked()
}

// asks accepts the effects that are to show something that should be seen.
func (s *story) asks(sight witness.Sight) func(incident.Effect) bool {
	return func(effect incident.Effect) bool {
		if incident.IDOf(effect.Handling().Of) != s.of.ID {
			return false
		}
		switch e := effect.(type) {
		case incident.PostEntry:
			return sight.What == witness.Told && e.Seq == sight.Entry
		case incident.SendBrief:
			return sight.What == witness.Brief && e.Seq == sight.Entry
		case incident.SendReminder:
			return sight.What == witness.Reminder && e.Seq == sight.Entry && e.User == sight.Reader && e.Rule == sight.Rule
		case incident.InviteUsers:
			return sight.What == witness.Inside && e.Seq == sight.Entry && slices.Contains(e.Users, sight.Reader)
		case incident.MarkNoted:
			return sight.What == witness.Marked && e.Message == sight.At
		case incident.LinkOrigin:
			return sight.What == witness.Answered
		}
		return false
	}
}

// checkSight looks for one thing that should be seen.
func (s *story) checkSight(sight witness.Sight) {
	try := s.trials.last(s.asks(sight))
	switch sight.What {
	case witness.Inside:
		s.checkInside(sight, try)
		return
	case witness.Confessed:
		if !s.confessed(sight.Job) {
			s.missed("job %d could not tell something, and the declarer was not told (entry %d)", sight.Job, sight.Entry)
		}
		return
	}
	switch {
	case try == nil && sight.What == witness.Reminder && s.replaced(sight):
	case try == nil:
		s.missed("%s %s of entry %d was never tried", sight.What, sight.Mark, sight.Entry)
	case try.failed:
		s.checkFailed(try)
	case sight.What == witness.Marked:
		s.checkMarked(try, sight)
	default:
		s.checkMessage(try, sight)
	}
}

// checkMessage wants the message of an attempt to stand once, where its reader looks, with the words that it brings.
func (s *story) checkMessage(try *trial, sight witness.Sight) {
	key, owed := try.job.Once(), sight.Owed(try.from, try.to)
	if owed && sight.What == witness.Reminder {
		s.total.reminders.Add(1)
	}
	found := s.ws.byKey[key]
	switch {
	case len(found) > 1:
		s.twice("%s stands %d times", key, len(found))
		return
	case len(found) == 0:
		if owed {
			s.missed("%s stands nowhere: %+v", key, try)
		}
		return
	case !strings.HasPrefix(key, sight.Mark+"#"):
		s.missed("%s of entry %d carries the mark %s", sight.Mark, sight.Entry, key)
	}
	message := found[0]
	inRoom := message.Channel == string(s.now.Room) && message.ThreadTS == "" && s.now.Room != ""
	right := false
	switch {
	case sight.What == witness.Answered:
		right = message.Channel == string(sight.At.Channel) && message.ThreadTS == string(sight.At.TS)
	case sight.Reader != "":
		right = s.ws.told(message, sight.Reader)
	default:
		right = inRoom || sight.Elsewhere(try.from, try.to) && s.ws.told(message, s.now.DeclaredBy)
	}
	if !right {
		s.missed("%s stands where it does not belong, in %s", key, message.Channel)
	}
	s.wants("the message "+key, shownBy(message), sight.Words...)
}

// shownBy is everything that a message shows.
func shownBy(message slacksim.Message) string {
	return message.Fallback + string(message.Blocks) + string(message.Attachments)
}

// wants looks for the words of texts that stand nowhere else.
func (s *story) wants(where, shows string, texts ...string) {
	for _, text := range texts {
		for _, word := range tokens.FindAllString(text, -1) {
			if !strings.Contains(shows, word) {
				s.missed("%s does not say %q: %.600s", where, word, shows)
			}
		}
	}
}

// wantsExactly looks for texts as they are.
func (s *story) wantsExactly(where, shows string, texts ...string) {
	for _, text := range texts {
		if !strings.Contains(shows, text) {
			s.missed("%s does not say %q: %.600s", where, text, shows)
		}
	}
}

// replaced reports whether a newer reminder of the same kind to the same reader was sent in place of one that had to wait.
func (s *story) replaced(old witness.Sight) bool {
	return s.trials.last(func(effect incident.Effect) bool {
		e, is := effect.(incident.SendReminder)
		return is && e.Of == s.of.ID && e.Rule == old.Rule && e.User == old.Reader && e.Seq > old.Entry
	}) != nil
}

// checkInside wants somebody in the channel who belongs there, unless they left it themselves or Slack does not let them in.
func (s *story) checkInside(sight witness.Sight, try *trial) {
	if sight.Group != "" {
		s.Fatalf("%s: nobody knows who is in the group %s", s.of.ID, sight.Group)
	}
	user := sight.Reader
	room := s.ws.room(string(s.now.Room))
	if slices.Contains(room.Members, string(user)) {
		return
	}
	since := s.inFlight(s.entries[sight.Entry-1].At)
	for _, message := range room.Messages {
		if message.Subtype == "channel_leave" && message.User == string(user) && !timeOfTS(message.TS).Before(since) {
			return
		}
	}
	if try == nil {
		s.missed("%s belongs in #%s (entry %d), is not there and was not invited", user, room.Name, sight.Entry)
		return
	}
	if try.failed {
		s.checkFailed(try)
		if person := s.ws.user(user); person.Deleted || person.OneGuest || person.Stranger {
			return
		}
	}
	// Whoever is missing from an archived channel is invited once it is back, if they are still needed.
	if s.during(try, archived) {
		again := slices.ContainsFunc(s.of.Sights, func(other witness.Sight) bool {
			return other.What == witness.Inside && other.Entry > sight.Entry && other.Reader == user
		})
		if room.Archived || again || !slices.Contains(s.now.Involved(), user) {
			return
		}
	}
	s.missed("%s was invited (entry %d) and is not in #%s: %+v", user, sight.Entry, room.Name, try)
}

// checkMarked wants a message that was noted to carry the bot's mark, if it still stands where the bot may react.
func (s *story) checkMarked(try *trial, sight witness.Sight) {
	room := s.ws.room(string(sight.At.Channel))
	if room.Archived || !sight.Owed(try.from, try.to) || !slices.Contains(room.Members, s.world.ws.BotUserID()) {
		return
	}
	for _, message := range room.Messages {
		if message.TS == string(sight.At.TS) && message.EphemeralTo == "" {
			if !slices.ContainsFunc(message.Reactions, func(r slacksim.Reaction) bool { return slices.Contains(r.Users, s.world.ws.BotUserID()) }) {
				s.missed("the message %s was noted and is not marked", message.TS)
			}
		}
	}
}

// checkChannel wants a channel, as private and as archived as the incident says, with its topic.
func (s *story) checkChannel() {
	s.total.shown.Add(1)
	if s.now.Room == "" {
		if !s.now.Waits(incident.KindCreateChannel) {
			s.missed("there is no channel and nobody was told why")
		}
		return
	}
	room := s.ws.room(string(s.now.Room))
	if room.ID == "" || room.Private != s.now.Private || room.Archived != s.now.Archived {
		s.missed("channel %s: in Slack private %v, archived %v; of the incident private %v, archived %v", s.now.Room,
			room.Private, room.Archived, s.now.Private, s.now.Archived)
	}
	if s.now.Archived || s.now.Waits(incident.KindDrawTopic) {
		return
	}
	s.wantsExactly("the topic of #"+room.Name, room.Topic.Value, s.of.Shown().Topic...)
}

// standing are the messages with a mark that are edited in place.
func (s *story) standing(mark string) (found []slacksim.Message) {
	for key, messages := range s.ws.byKey {
		if strings.HasPrefix(key, mark+"#") {
			found = append(found, messages...)
		}
	}
	return found
}

// excused reports whether something could not be drawn: it failed and that is told, or the channel is archived and was so then.
func (s *story) excused(kind incident.EffectKind) bool {
	try := s.trials.last(func(effect incident.Effect) bool {
		handling := effect.Handling()
		return handling.Kind == kind && incident.IDOf(handling.Of) == s.of.ID
	})
	if try == nil {
		return false
	}
	if try.failed {
		s.checkFailed(try)
		return true
	}
	return s.now.Archived && s.during(try, archived)
}

// checkCard wants one card in the channel, where the incident says, pinned, with the newest state on it.
func (s *story) checkCard() {
	if s.now.Room == "" {
		return
	}
	s.total.shown.Add(2)
	found := s.standing(s.of.CardMark())
	switch {
	case len(found) > 1:
		s.twice("%d cards", len(found))
	case len(found) == 0 && s.excused(incident.KindDrawCard):
		return
	case len(found) == 0 || found[0].Channel != string(s.now.Room) || found[0].TS != string(s.now.Card.TS):
		s.missed("the card does not stand in %s: %v", s.now.Room, found)
		return
	}
	pinned := slices.Contains(s.ws.room(found[0].Channel).Pins, found[0].TS)
	if !pinned && !s.excused(incident.KindPinCard) {
		s.missed("the card in %s is not pinned", s.now.Room)
	}
	if s.now.Archived || s.now.Waits(incident.KindDrawCard) {
		return
	}
	shows := shownBy(found[0])
	s.wants("the card", shows, s.of.Shown().Card...)
	s.wantsExactly("the card", shows, s.of.Shown().CardExactly...)
	for _, user := range s.of.Shown().Named {
		if !strings.Contains(shows, "@"+string(user)) {
			s.missed("the card does not name %s, who holds a role", user)
		}
	}
}

// checkAnnouncement wants one announcement of what has to be announced, and none of a private incident.
func (s *story) checkAnnouncement() {
	found, wanted := s.standing(s.of.AnnouncementMark()), s.of.Announced()
	s.total.shown.Add(1)
	switch {
	case len(found) > 1:
		s.twice("%d announcements", len(found))
	case !wanted && len(found) > 0:
		s.leaked("is private and was announced")
	case wanted && len(found) == 0:
		if !s.excused(incident.KindDrawAnnouncement) {
			s.missed("the announcement stands nowhere")
		}
	case wanted && (found[0].Channel != string(s.of.Announcements()) || found[0].TS != string(s.now.Announcement.TS)):
		s.missed("the announcement does not stand where the incident says")
	case wanted && !s.now.Waits(incident.KindDrawAnnouncement):
		s.wants("the announcement", shownBy(found[0]), s.of.Shown().Announcement...)
		s.wantsExactly("the announcement", shownBy(found[0]), s.of.Shown().AnnouncementExactly...)
	}
}

// checkUnasked wants every message about the incident to belong to something that should be seen.
func (s *story) checkUnasked() {
	asked, stands := s.of.Marks(), map[string]int{}
	for key, messages := range s.ws.byKey {
		mark, job, _ := strings.Cut(key, "#")
		if strings.HasPrefix(mark, string(s.of.ID)+"/") && mark != string(s.of.ID)+"/late" && !strings.HasSuffix(job, "/failed") {
			stands[mark] += len(messages)
		}
	}
	for mark, times := range stands {
		if times > asked[mark] {
			s.twice("%s stands %d times and was asked for %d times", mark, times, asked[mark])
		}
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

// checkTroubles wants the incident to know of every failure that waits for a person. What they were told of it is looked for like
// anything else.
func (s *story) checkTroubles() {
	failed, err := s.store.Jobs(s.Context(), incident.JobsFailed, 0)
	if err != nil {
		s.Fatal(err)
	}
	for _, job := range failed {
		if incident.IDOf(job.Effect.Handling().Of) == s.of.ID &&
			!slices.ContainsFunc(s.now.Troubles, func(trouble incident.Trouble) bool { return trouble.Job == job.ID }) {
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
			if found := s.ws.byKey[try.job.Once()+suffix]; len(found) == 1 && s.ws.told(found[0], s.now.DeclaredBy) {
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
