package incident

import (
	"fmt"
	"time"
)

// Decide says what follows from a command: the events that then are true, or a *Refusal. No events and no error means
// that there was nothing to change. The incident is the zero Incident for Declare only, which takes id for its own.
// Decide is deterministic: a store may run it twice.
func Decide(in Incident, id ID, command Command, actor Actor, now time.Time, p *Policy) ([]Event, error) {
	if action, restricted := actionOf(command); restricted {
		if err := p.Permits(in, action, actor); err != nil {
			return nil, err
		}
	}
	switch c := command.(type) {
	case Declare:
		return decideDeclare(id, c, p)
	case AssignRole:
		return decideAssign(in, c, p)
	case ReleaseRole:
		return decideRelease(in, c, actor)
	case ChangeStatus:
		return decideStatus(in, c)
	case ChangeSeverity:
		return decideSeverity(in, c, p)
	case Retitle:
		return decideTitle(in, c)
	case Summarize:
		return decideSummary(in, c)
	case PostUpdate:
		return decideUpdate(in, c, now)
	case AddNote:
		return decideNote(in, c, actor, now)
	case Snooze, PauseReminders, ResumeReminders, SetCadence, Remind:
		return decideReminders(in, command, now, p)
	default:
		return decideRecord(in, command)
	}
}

// actionOf is the permission that a command needs; what Slack or Muster itself report needs none.
func actionOf(command Command) (Action, bool) {
	switch c := command.(type) {
	case Declare:
		return ActDeclare, true
	case AssignRole, ReleaseRole:
		return ActRole, true
	case ChangeStatus:
		if row, known := c.Verb.Transition(); known {
			return row.Action, true
		}
		return ActStatus, true
	case ChangeSeverity:
		return ActSeverity, true
	case Retitle, Summarize:
		return ActDescribe, true
	case PostUpdate:
		return ActUpdate, true
	case AddNote:
		return ActNote, true
	case Snooze, PauseReminders, ResumeReminders, SetCadence:
		return ActRemind, true
	case RetryEffect:
		return ActRepair, true
	}
	return "", false
}

// decideRecord takes what the worker and Slack report: it is never refused, only ignored when it is known already.
func decideRecord(in Incident, command Command) ([]Event, error) {
	switch c := command.(type) {
	case RecordChannel:
		return unless(in.Channel.ID == c.Channel, EventChannelOpened(c))
	case RecordCard:
		return unless(in.Card == c.Card, EventCardPosted(c))
	case RecordAnnouncement:
		return unless(in.Announcement == c.Announcement, EventAnnounced(c))
	case RecordArchived:
		if c.Archived {
			return unless(in.Channel.Archived, EventChannelArchived{})
		}
		return unless(!in.Channel.Archived, EventChannelRestored{})
	case RecordMembers:
		return decideMembers(in, c.Users)
	case JoinMember:
		return decideMembers(in, []UserID{c.User})
	case LeaveMember:
		return unless(!contains(in.Members, c.User), EventMemberLeft(c))
	case RecordFailure:
		return []Event{EventEffectFailed{Trouble(c)}}, nil
	case RetryEffect:
		for _, trouble := range in.Troubles {
			if trouble.Job == c.Job {
				return []Event{EventEffectRetried{c.Job, trouble.Kind}}, nil
			}
		}
		return nil, &Refusal{Code: RefuseNoChange}
	}
	return nil, fmt.Errorf("decide: no rule for command %T", command)
}

func decideMembers(in Incident, users []UserID) ([]Event, error) {
	var joined []UserID
	for _, user := range users {
		if !contains(in.Members, user) && !contains(joined, user) {
			joined = append(joined, user)
		}
	}
	return unless(len(joined) == 0, EventMemberJoined{joined})
}

func unless(known bool, event Event) ([]Event, error) {
	if known {
		return nil, nil
	}
	return []Event{event}, nil
}
