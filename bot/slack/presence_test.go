package slack_test

import (
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/bot/witness"
	"muster/incident"
)

// Presence: what should have become visible is what the witness makes of each timeline, and it is looked for in the workspace. What
// Muster says that it did counts only for when it tried: whether something had become pointless by then is judged by the moments
// of that time.

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
	s.checkHomes()
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
