package slack_test

import (
	"regexp"
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/incident"
)

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

// checkHomes wants an open incident in the home of everybody who is involved. The last drawing of a home stands for all before it.
func (s *story) checkHomes() {
	if !s.now.Open() {
		return
	}
	for _, user := range s.now.Involved() {
		try := s.trials.last(func(effect incident.Effect) bool {
			home, is := effect.(incident.DrawHome)
			return is && home.User == user
		})
		s.total.shown.Add(1)
		switch shows := string(s.ws.Homes[string(user)]); {
		case try == nil:
			s.missed("the home of %s was never drawn", user)
		case !try.failed && !regexp.MustCompile(`\b`+string(s.of.ID)+`\b`).MatchString(shows):
			s.missed("the home of %s does not show it: %.600s", user, shows)
		}
	}
}
