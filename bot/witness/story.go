package witness

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"muster/incident"
)

// Story is one incident as its timeline tells it.
type Story struct {
	ID      incident.ID
	Moments []Moment // Moments[n] is the one after n entries
	Sights  []Sight  // what should be seen of each entry, in order
	Words   []string // all that people wrote into it

	agreed  *incident.Policy
	entries []incident.Entry
}

// Read tells the story of a timeline, given what the team agreed on. An event of a kind that has no row is an error.
func Read(of incident.ID, entries []incident.Entry, agreed *incident.Policy) (*Story, error) {
	s := &Story{ID: of, Moments: []Moment{{}}, agreed: agreed, entries: entries}
	for i, entry := range entries {
		row := rowOf(entry.Event)
		if row == nil {
			return nil, fmt.Errorf("witness: %s, entry %d: there is no row for %T", of, entry.Seq, entry.Event)
		}
		before, after := s.Moments[i], s.Moments[i].copied()
		row.happen(&after, entry)
		s.Moments = append(s.Moments, after)
		s.Words = append(s.Words, row.words(entry.Event)...)
		s.Sights = append(s.Sights, row.show(scene{story: s, entry: entry, before: before, after: after})...)
	}
	return s, nil
}

// Now is the last moment.
func (s *Story) Now() Moment { return s.Moments[len(s.Moments)-1] }

// During reports whether something was so at any moment after from and up to to entries.
func (s *Story) During(from, to uint64, so func(Moment) bool) bool {
	return slices.ContainsFunc(s.Moments[from:to+1], so)
}

// since reports whether an entry of some sort followed another one, up to a moment.
func (s *Story) since(entry, to uint64, so func(incident.Entry) bool) bool {
	return slices.ContainsFunc(s.entries[entry:max(entry, to)], so)
}

// InvolvedDuring reports whether a person was involved at any time between two instants.
func (s *Story) InvolvedDuring(user incident.UserID, from, to time.Time) bool {
	for i, moment := range s.Moments {
		begins := i == 0 || !s.entries[i-1].At.After(to)
		lasts := i == len(s.entries) || !s.entries[i].At.Before(from)
		if begins && lasts && slices.Contains(moment.Involved(), user) {
			return true
		}
	}
	return false
}

// RemindedTwice are the reminders that stand on the timeline twice: each step of a rule comes once for what it counts from. Another
// cadence begins anew, should it come to count from the same moment as an earlier one.
func (s *Story) RemindedTwice() (twice []string) {
	type counted struct {
		rule    incident.RuleName
		subject string
		from    time.Time
	}
	steps := map[counted]int{}
	for _, entry := range s.entries {
		e, is := entry.Event.(incident.EventReminded)
		if !is {
			if restartsCadence(entry) {
				maps.DeleteFunc(steps, func(of counted, _ int) bool {
					return of.rule == incident.RuleUpdateDue || of.rule == incident.RuleUpdateOverdue
				})
			}
			continue
		}
		of := counted{rule: e.Rule, subject: e.Subject, from: e.Anchor.UTC()}
		if last, again := steps[of]; again && e.Step <= last {
			twice = append(twice, fmt.Sprintf("%s %s since %s, step %d (entry %d)", e.Rule, e.Subject, e.Anchor, e.Step, entry.Seq))
		}
		steps[of] = e.Step
	}
	return twice
}

// Marks are what messages of Muster's about this incident may carry, and how many may carry it.
func (s *Story) Marks() map[string]int {
	marks := map[string]int{s.CardMark(): 1, s.AnnouncementMark(): 1}
	for _, sight := range s.Sights {
		if sight.Mark != "" {
			marks[sight.Mark]++
		}
	}
	return marks
}

// mark is what a message carries in its metadata, so that it is known again after an answer that was lost.
func (s *Story) mark(format string, values ...any) string {
	return string(s.ID) + "/" + fmt.Sprintf(format, values...)
}

// level is what the team agreed on for a severity. One that nobody has judged is treated as another.
func (s *Story) level(name incident.Severity) incident.SeverityPolicy {
	for _, want := range []incident.Severity{name, s.agreed.UnknownAs} {
		for _, level := range s.agreed.Severities {
			if level.Name == want {
				return level
			}
		}
	}
	return incident.SeverityPolicy{}
}

// graver reports whether a severity stands above another one: the gravest comes first.
func (s *Story) graver(a, b incident.Severity) bool {
	rank := func(name incident.Severity) int {
		level := s.level(name).Name
		return slices.IndexFunc(s.agreed.Severities, func(one incident.SeverityPolicy) bool { return one.Name == level })
	}
	return rank(a) < rank(b)
}
