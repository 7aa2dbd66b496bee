package incident

import (
	"slices"
	"time"

	"muster/incident/ledger"
)

// Remind fires whatever reminders are due now. It is refused with RefuseNotDue when none is.
type Remind struct{}

func (Remind) Aggregate() ledger.Aggregate { return Aggregate }
func (Remind) needs() Need                 { return reported() }
func (Remind) stands(Incident) error       { return nil }

// decide fires what is due at this moment; what was done since the reminder was armed fires nothing.
func (Remind) decide(in Incident, by circumstances) ([]Event, error) {
	due := slices.DeleteFunc(Due(in, by.policy), func(reminder Reminder) bool { return reminder.At.After(by.now) })
	overdue := slices.ContainsFunc(due, func(reminder Reminder) bool { return reminder.Rule == RuleUpdateOverdue })
	var events []Event
	for _, reminder := range due {
		switch {
		case reminder.Rule == ruleArchive:
			events = append(events, EventArchiveDue{})
		case reminder.Rule == RuleUpdateDue && overdue:
			// After a stop both are due for one update. The later one says it all, and ends the earlier one (see bases).
		default:
			to, users := in.Recipients(reminder)
			events = append(events, EventReminded{
				Rule: reminder.Rule, Subject: reminder.Subject, Anchor: reminder.Anchor, Step: reminder.Step,
				Due: reminder.At, To: to, Users: users, Missing: reminder.Missing,
			})
		}
	}
	if len(events) == 0 {
		return nil, &Refusal{Code: RefuseNotDue}
	}
	return events, nil
}

// Recipients are the people a reminder speaks to. When nobody fits, the channel is told instead; when that was archived
// under an open incident, nobody reads there, and the incident managers are told, or the declarer.
func (in Incident) Recipients(reminder Reminder) (Addressee, []UserID) {
	to, users := in.addressed(reminder)
	if to == ToChannel && in.Channel.State == ChannelArchived {
		if managers := in.Holders(IncidentManager); len(managers) > 0 {
			return ToManager, managers
		}
		return ToDeclarer, in.declarerInside()
	}
	return to, users
}

func (in Incident) addressed(reminder Reminder) (Addressee, []UserID) {
	managers := in.Holders(IncidentManager)
	owner := firstOf(in.Holders(CommsManager), managers)
	switch reminder.To {
	case ToOwner:
		if len(owner) > 0 {
			return ToOwner, owner
		}
	case ToManager:
		if len(managers) > 0 {
			return ToManager, managers
		}
	case ToDeclarer:
		if declarer := in.declarerInside(); len(declarer) > 0 {
			return ToDeclarer, declarer
		}
	case ToHolder:
		for _, held := range in.Roles {
			if reminder.Subject == held.subject() {
				return ToHolder, []UserID{held.User}
			}
		}
	}
	if reminder.Rule == RuleNoManager || reminder.Rule == RuleRoleEmpty {
		return ToChannel, firstOf(managers, in.declarerInside())
	}
	return ToChannel, owner
}

// firstOf is the first person on the first list that has any, as a list of one.
func firstOf(lists ...[]UserID) []UserID {
	for _, list := range lists {
		if len(list) > 0 {
			return list[:1]
		}
	}
	return nil
}

// EventReminded: a rule fired.
type EventReminded struct {
	Rule    RuleName  `json:"rule"`
	Subject string    `json:"subject,omitempty"` // what the rule spoke of, where it can speak of several
	Anchor  time.Time `json:"anchor"`
	Step    int       `json:"step"` // 0 for the first time
	Due     time.Time `json:"due"`  // when it should have come
	To      Addressee `json:"to"`
	Users   []UserID  `json:"users,omitempty"` // whom it went to; in the channel, whom it mentions
	Missing []Role    `json:"missing,omitempty"`
}

func (EventReminded) EventKind() EventKind { return KindReminded }

func (e EventReminded) fold(in *Incident, entry Entry) {
	in.rememberSent(sentKey(e.Rule, e.Subject), e.Anchor, entry.At)
}

// rememberSent counts what a rule has sent for one anchor.
func (in *Incident) rememberSent(key string, anchor, at time.Time) {
	if in.Reminders.Sent == nil {
		in.Reminders.Sent = map[string]Sent{}
	}
	count := 1
	if before := in.Reminders.Sent[key]; before.Anchor.Equal(anchor) {
		count += before.Count
	}
	in.Reminders.Sent[key] = Sent{Anchor: anchor, Count: count, Last: at}
}

// follows: the reminder goes to each person it is for, or once to the channel.
func (e EventReminded) follows(_, after Incident, entry Entry, _ *Policy) []Effect {
	if e.To == ToChannel {
		return []Effect{SendReminder{Of: after.ID, Seq: entry.Seq, Rule: e.Rule}}
	}
	var effects []Effect
	for _, user := range e.Users {
		effects = append(effects, SendReminder{Of: after.ID, Seq: entry.Seq, Rule: e.Rule, User: user})
	}
	return effects
}

// tells: the reminder itself is the message.
func (EventReminded) tells(Incident) Telling { return TellsNobody }

// SendReminder posts a reminder to a person (User) or, without one, to the channel. It is dropped when what it reminds
// of was done meanwhile (StillDue); of two that wait the newer one is sent.
type SendReminder struct {
	Of   ID       `json:"of"`
	Seq  uint64   `json:"seq"`
	Rule RuleName `json:"rule"`
	User UserID   `json:"user,omitempty"`
}

// Handling: one a rule and person may wait, so that after an outage of Slack nobody gets them all.
func (e SendReminder) Handling() Handling {
	lane, audience := channelLane(e.Of), ledger.ShownInRoom()
	if e.User != "" {
		lane, audience = personLane(e.User), ledger.ShownTo(e.User)
	}
	return Handling{
		Kind: KindSendReminder, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: audience,
		Key: key(e.Of, "remind", e.Rule, e.User), Lane: lane, Urgency: UrgencyUpdate, Coalesces: true,
	}
}
