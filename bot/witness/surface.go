package witness

import (
	"strings"

	"muster/incident"
)

// CardMark is what the card carries.
func (s *Story) CardMark() string { return s.mark("card") }

// AnnouncementMark is what the announcement carries.
func (s *Story) AnnouncementMark() string { return s.mark("announcement") }

// Announced reports whether an announcement has to stand: one that is not private, as soon as there is a room to come to, or none
// can be made.
func (s *Story) Announced() bool {
	if s.Now().Private || s.agreed.Announcements == "" {
		return false
	}
	return s.During(0, uint64(len(s.entries)), func(m Moment) bool { return m.Room != "" || m.Waits(incident.KindCreateChannel) })
}

// Announcements is where announcements stand; empty: nowhere.
func (s *Story) Announcements() incident.ChannelID { return s.agreed.Announcements }

// Shown are the words that card, topic and announcement have to show now, beside the people on the card: those that people wrote,
// which may be escaped, and those that have to stand there exactly so.
type Shown struct{ Card, CardExactly, Topic, Announcement, AnnouncementExactly []string }

// Shown says what the surfaces show of the newest state, in English.
func (s *Story) Shown() Shown {
	now := s.Now()
	status := strings.ToUpper(string(now.Status[:1])) + string(now.Status[1:])
	shown := Shown{
		Card: []string{now.Title, now.Summary, now.Update}, CardExactly: []string{"*" + status + "*"},
		Topic:        []string{status},
		Announcement: []string{now.Title}, AnnouncementExactly: []string{status},
	}
	if now.Drill {
		for _, texts := range []*[]string{&shown.CardExactly, &shown.Topic, &shown.AnnouncementExactly} {
			*texts = append(*texts, "DRILL")
		}
	}
	return shown
}
