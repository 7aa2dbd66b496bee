package witness

import (
	"slices"

	"muster/incident"
)

// What is a way in which people see something.
type What string

const (
	Told      What = "told"      // one message in the room
	Brief     What = "brief"     // one direct message with what a role is for
	Reminder  What = "reminder"  // one message in the room or to a person
	Inside    What = "inside"    // people are in the room
	Marked    What = "marked"    // a message carries Muster's mark
	Answered  What = "answered"  // one message in the thread of another
	Confessed What = "confessed" // the declarer reads in a direct message what could not be told
)

// Whats lists every way.
func Whats() []What { return []What{Told, Brief, Reminder, Inside, Marked, Answered, Confessed} }

// Sight is one thing that should be seen of an entry.
type Sight struct {
	What   What
	Entry  uint64
	Mark   string              // what the message carries, if it is one of Muster's own
	Reader incident.UserID     // who reads it, or is inside; empty: the room
	Group  incident.GroupID    // whose members are inside
	At     incident.MessageRef // the message that is marked or answered
	Job    incident.JobID      // whose failure is confessed
	Rule   incident.RuleName   // of a reminder
	Words  []string            // what people wrote, which it shows

	story     *Story
	moot      func(to uint64) bool // whether an entry since has made it pointless
	excused   func(Moment) bool    // whether it need not be seen if it was tried at such a moment
	elsewhere func(Moment) bool    // whether the declarer may read it instead of the room if it was tried at such a moment
}

// Owed reports whether it has to be seen if it was tried at some time after from and before to entries.
func (s Sight) Owed(from, to uint64) bool {
	if s.moot != nil && s.moot(to) {
		return false
	}
	return s.excused == nil || !s.story.During(from, to, s.excused)
}

// Elsewhere reports whether the declarer may read it in a direct message instead.
func (s Sight) Elsewhere(from, to uint64) bool {
	return s.elsewhere != nil && s.story.During(from, to, s.elsewhere)
}

// scene is one entry and what was before and after it.
type scene struct {
	story         *Story
	entry         incident.Entry
	before, after Moment
}

func archived(m Moment) bool { return m.Archived }
func homeless(m Moment) bool { return m.Room == "" }

// told is one message in the room. What happens to an incident that is over, in an archived room, is not told, unless the room is on
// its way back.
func (c scene) told(words ...string) []Sight {
	if c.after.Archived && !c.after.Returning && !c.after.Open() {
		return nil
	}
	return []Sight{{What: Told, Entry: c.entry.Seq, Mark: c.story.mark("entry/%d", c.entry.Seq), Words: words, story: c.story, elsewhere: homeless}}
}

// inside is that people are in the room.
func (c scene) inside(users ...incident.UserID) (sights []Sight) {
	for _, user := range users {
		sights = append(sights, Sight{What: Inside, Entry: c.entry.Seq, Reader: user, story: c.story})
	}
	return sights
}

// brought are the people and groups that the severity brings into the room. A private incident brings nobody.
func (c scene) brought() []Sight {
	if c.after.Private {
		return nil
	}
	level := c.story.level(c.after.Severity)
	sights := c.inside(level.InviteUsers...)
	for i, group := range level.InviteGroups {
		if !slices.Contains(level.InviteGroups[:i], group) {
			sights = append(sights, Sight{What: Inside, Entry: c.entry.Seq, Group: group, story: c.story, excused: archived})
		}
	}
	return sights
}

// brief is what a new holder reads of the role, unless it was given back meanwhile.
func (c scene) brief(role incident.Role, user incident.UserID) Sight {
	return Sight{
		What: Brief, Entry: c.entry.Seq, Mark: c.story.mark("brief/%d", c.entry.Seq), Reader: user, story: c.story,
		excused: func(m Moment) bool { return !m.Holds(role, user) },
	}
}
