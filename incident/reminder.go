package incident

import (
	"slices"
	"time"
)

// ruleArchive is the rule by which a finished incident's channel is archived; configuration has no say in it but for the time.
const ruleArchive RuleName = "archive"

// Reminders is what an incident remembers of its reminders.
type Reminders struct {
	Paused       bool               `json:"paused,omitempty"`
	SnoozedUntil time.Time          `json:"snoozed_until,omitzero"`
	WatchedFrom  time.Time          `json:"watched_from,omitzero"` // declared or reopened
	TouchedAt    time.Time          `json:"touched_at,omitzero"`   // when a person last did anything
	NextUpdate   time.Time          `json:"next_update,omitzero"`  // promised by an update, this once
	Vacated      map[Role]time.Time `json:"vacated,omitempty"`     // since when a role that was held is empty
	Sent         map[string]Sent    `json:"sent,omitempty"`        // by rule and subject
}

// Sent is what a rule has sent for one anchor. Another anchor starts the rule anew.
type Sent struct {
	Anchor time.Time `json:"anchor"`
	Count  int       `json:"count"`
	Last   time.Time `json:"last"`
}

// Reminder is one reminder that will come, or is due.
type Reminder struct {
	Rule    RuleName
	Subject string // "role/user" for RuleRoleHeld, else empty
	Anchor  time.Time
	Step    int
	At      time.Time // when it is due, UTC
	To      Addressee
	Missing []Role // for RuleRoleEmpty
}

// NextUpdate is when the next internal update is due; zero when none is.
func NextUpdate(in Incident, p *Policy) time.Time {
	if !in.Status.Open() {
		return time.Time{}
	}
	if !in.Reminders.NextUpdate.IsZero() {
		return in.Reminders.NextUpdate
	}
	spec := in.Cadence
	if spec == "" {
		spec = p.Level(in.Severity).Cadence
	}
	return p.Next(spec, in.CadenceFrom)
}

// Due lists every reminder that an incident has ahead of it, the earliest first. Whatever has an At that is not in the
// future is due. A snooze puts them all off, a night those of a severity without Nights; a pause leaves none but the archiving.
// It is a pure function: the same incident and policy give the same list.
func Due(in Incident, p *Policy) []Reminder {
	var due []Reminder
	if in.Status.Open() && !in.Reminders.Paused {
		for _, rule := range p.Rules {
			for _, base := range bases(rule, in, p) {
				if reminder, ok := nextOf(rule, in, p, base); ok {
					due = append(due, reminder)
				}
			}
		}
	}
	if archive, ok := archiveAt(in, p); ok {
		due = append(due, archive)
	}
	slices.SortStableFunc(due, func(a, b Reminder) int { return a.At.Compare(b.At) })
	return due
}

// NextDue is when the earliest reminder comes; zero when none does.
func NextDue(in Incident, p *Policy) time.Time {
	due := Due(in, p)
	if len(due) == 0 {
		return time.Time{}
	}
	return due[0].At
}

// base is what a rule counts from.
type base struct {
	subject string
	anchor  time.Time
	first   time.Time // when the first reminder would come
	missing []Role
}

// bases are the things that a rule has to remind of at present.
func bases(r Rule, in Incident, p *Policy) []base {
	after := func(anchor time.Time) []base { return []base{{anchor: anchor, first: anchor.Add(r.After)}} }
	next := NextUpdate(in, p)
	switch r.Name {
	case RuleNoManager:
		if len(in.Holders(IncidentManager)) == 0 {
			return after(in.vacantSince(IncidentManager))
		}
	case RuleRoleEmpty:
		return emptyRoles(r, in, p)
	case RuleUpdateDue:
		if !next.IsZero() && !in.Reminders.sentFor(RuleUpdateOverdue, next) {
			return after(next)
		}
	case RuleUpdateOverdue:
		if !next.IsZero() {
			return after(next)
		}
	case RuleMonitoring:
		if in.Status == Monitoring {
			return after(in.StatusAt)
		}
	case RuleRoleHeld:
		var bases []base
		for _, held := range in.Roles {
			since := later(held.Since, in.Reminders.WatchedFrom) // nobody worked between a resolution and a reopening
			bases = append(bases, base{subject: held.subject(), anchor: since, first: since.Add(r.After)})
		}
		return bases
	case RuleStale:
		return after(in.Reminders.TouchedAt)
	}
	return nil
}

// emptyRoles is one base for all required roles that are empty, so that they come as one reminder. A role that fell empty,
// or a severity that was changed, after the last reminder starts the rule anew. The manager has a rule of its own.
func emptyRoles(r Rule, in Incident, p *Policy) []base {
	missing := slices.DeleteFunc(in.Missing(p), func(role Role) bool { return role == IncidentManager })
	if len(missing) == 0 {
		return nil
	}
	sent := in.Reminders.Sent[sentKey(RuleRoleEmpty, "")]
	var fresh time.Time // since when the first of those is missing that no reminder spoke of
	for _, role := range missing {
		since := in.vacantSince(role)
		if !since.After(sent.Last) {
			since = in.SeverityAt
		}
		if since.After(sent.Last) && (fresh.IsZero() || since.Before(fresh)) {
			fresh = since
		}
	}
	anchor := fresh
	if fresh.IsZero() {
		anchor = sent.Anchor
	}
	return []base{{anchor: anchor, first: anchor.Add(r.After), missing: missing}}
}

// nextOf is the next reminder of a rule, given what it has sent already for the same anchor.
func nextOf(r Rule, in Incident, p *Policy, from base) (Reminder, bool) {
	reminder := Reminder{Rule: r.Name, Subject: from.subject, Anchor: from.anchor, At: from.first, Missing: from.missing}
	if sent, ok := in.Reminders.Sent[sentKey(r.Name, from.subject)]; ok && sent.Anchor.Equal(from.anchor) {
		if r.Every <= 0 || (r.Times > 0 && sent.Count >= r.Times) {
			return Reminder{}, false
		}
		reminder.Step, reminder.At = sent.Count, sent.Last.Add(r.Every)
	}
	if len(r.To) > 0 {
		reminder.To = r.To[min(reminder.Step, len(r.To)-1)]
	}
	if in.Reminders.SnoozedUntil.After(reminder.At) {
		reminder.At = in.Reminders.SnoozedUntil
	}
	if !p.Level(in.Severity).Nights {
		reminder.At = p.Morning(reminder.At)
	}
	return reminder, true
}

// sentKey names what a rule remembers of one subject.
func sentKey(rule RuleName, subject string) string {
	if subject == "" {
		return string(rule)
	}
	return string(rule) + "/" + subject
}

// sentFor reports whether a rule without subjects has sent anything for an anchor.
func (r Reminders) sentFor(rule RuleName, anchor time.Time) bool {
	sent, ok := r.Sent[sentKey(rule, "")]
	return ok && sent.Anchor.Equal(anchor)
}

// vacantSince is since when an empty role waits for somebody.
func (in Incident) vacantSince(role Role) time.Time {
	return later(in.Reminders.Vacated[role], in.Reminders.WatchedFrom)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// archiveAt is when the channel of a finished incident is archived. Neither pause nor night keeps it.
func archiveAt(in Incident, p *Policy) (Reminder, bool) {
	if in.FinishedAt.IsZero() || p.ArchiveAfter <= 0 || in.Channel.State != ChannelLive {
		return Reminder{}, false
	}
	if in.Reminders.sentFor(ruleArchive, in.FinishedAt) {
		return Reminder{}, false
	}
	return Reminder{Rule: ruleArchive, Anchor: in.FinishedAt, At: in.FinishedAt.Add(p.ArchiveAfter)}, true
}

// StillDue reports whether a reminder that was sent at an entry still makes sense: nobody did meanwhile what it asks for.
func StillDue(in Incident, p *Policy, sent EventReminded) bool {
	if !in.Status.Open() || in.Reminders.Paused {
		return false
	}
	if sent.Rule == RuleRoleEmpty {
		missing := in.Missing(p)
		return slices.ContainsFunc(sent.Missing, func(role Role) bool { return slices.Contains(missing, role) })
	}
	for _, rule := range p.Rules {
		if rule.Name != sent.Rule {
			continue
		}
		for _, from := range bases(rule, in, p) {
			if from.subject == sent.Subject && from.anchor.Equal(sent.Anchor) {
				return true
			}
		}
	}
	return false
}
