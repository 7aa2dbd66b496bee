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

// Shown is what card, topic and announcement have to show now: words that people wrote, which may be escaped, those that have to
// stand there exactly so, and the people on the card.
type Shown struct {
	Card, CardExactly, Topic, Announcement, AnnouncementExactly []string

	Named []incident.UserID
}

// Shown says what the surfaces show of the newest state, in English.
func (s *Story) Shown() Shown {
	now := s.Now()
	status := strings.ToUpper(string(now.Status[:1])) + string(now.Status[1:])
	shown := Shown{
		Card: []string{now.Title, now.Summary, now.Update}, CardExactly: []string{"*" + status + "*"},
		Topic:        []string{status},
		Announcement: []string{now.Title}, AnnouncementExactly: []string{status},
	}
	if now.Status != incident.Canceled { // of a false alarm nobody has to know who would have led it
		for _, held := range now.Held {
			shown.Named = append(shown.Named, held.User)
		}
	}
	if now.Drill {
		for _, texts := range []*[]string{&shown.CardExactly, &shown.Topic, &shown.AnnouncementExactly} {
			*texts = append(*texts, "DRILL")
		}
	}
	return shown
}
