package incident

import (
	"fmt"
	"slices"
	"time"
)

// Decide says what follows from a command: the events that then are true, or a *Refusal. No events and no error means
// that there was nothing to change. The incident is the zero Incident for Declare only, which takes id for its own; any
// other use is an error of the program, as is a command that Decide does not know. Decide is deterministic: a store may
// run it twice.
func Decide(in Incident, id ID, command Command, actor Actor, now time.Time, p *Policy) ([]Event, error) {
	if _, declares := command.(Declare); declares != (in.ID == "") || (declares && id == "") {
		return nil, fmt.Errorf("decide: %T cannot follow incident %q", command, in.ID)
	}
	if action, restricted := actionOf(command); restricted {
		if err := Permits(in, action, actor, p); err != nil {
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
	case Snooze, PauseReminders, ResumeReminders, SetCadence:
		return decideSilence(in, command, now)
	case Remind:
		return decideRemind(in, now, p)
	case RetryEffect:
		return decideRetry(in, c)
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
		return unless(in.Channel.ID != "", EventChannelOpened(c)) // one channel an incident
	case RecordCard:
		return unless(in.Card == c.Card, EventCardPosted(c))
	case RecordAnnouncement:
		return unless(in.Announcement == c.Announcement, EventAnnounced(c))
	case RecordArchived:
		if c.Archived {
			return unless(in.Channel.Archived || in.Channel.ID == "", EventChannelArchived{})
		}
		return unless(!in.Channel.Archived, EventChannelRestored{})
	case RecordMembers:
		return decideMembers(in, slices.DeleteFunc(slices.Clone(c.Users), in.left))
	case JoinMember:
		return decideMove(in, c.User, c.At, true)
	case LeaveMember:
		return decideMove(in, c.User, c.At, false)
	case RecordFailure:
		_, known := in.trouble(c.Job)
		return unless(known, EventEffectFailed{Trouble(c)})
	}
	return nil, fmt.Errorf("decide: no rule for command %T", command)
}

// decideRetry puts a failed effect back to work.
func decideRetry(in Incident, c RetryEffect) ([]Event, error) {
	trouble, known := in.trouble(c.Job)
	if !known {
		return nil, &Refusal{Code: RefuseNoChange}
	}
	return []Event{EventEffectRetried{Job: trouble.Job, Kind: trouble.Kind}}, nil
}

// trouble looks up a failed effect by its job.
func (in Incident) trouble(job JobID) (Trouble, bool) {
	for _, trouble := range in.Troubles {
		if trouble.Job == job {
			return trouble, true
		}
	}
	return Trouble{}, false
}

// decideMove follows somebody into the channel or out of it. Slack may tell of that late and in the wrong order, and whoever is
// out must not read of a private incident: there what is older than what was told already is nothing new.
func decideMove(in Incident, user UserID, at time.Time, joins bool) ([]Event, error) {
	if at.Year() < firstYear || at.Year() > lastYear {
		at = time.Time{}
	}
	told, moved := in.Moved[user]
	if user == "" || (moved && !at.IsZero() && !at.After(told)) {
		return nil, nil
	}
	known := slices.Contains(in.Members, user) == joins
	if !in.Private {
		at = time.Time{}
	}
	if known && at.IsZero() {
		return nil, nil
	}
	if joins {
		return []Event{EventMemberJoined{Users: []UserID{user}, At: at}}, nil
	}
	return []Event{EventMemberLeft{User: user, At: at}}, nil
}

// left reports whether somebody was in the channel and Slack has told that they are no more.
func (in Incident) left(user UserID) bool {
	_, moved := in.Moved[user]
	return moved && !slices.Contains(in.Members, user)
}

// decideMembers says who of these people is new in the channel.
func decideMembers(in Incident, users []UserID) ([]Event, error) {
	var joined []UserID
	for _, user := range users {
		if user != "" && !slices.Contains(in.Members, user) && !slices.Contains(joined, user) {
			joined = append(joined, user)
		}
	}
	return unless(len(joined) == 0, EventMemberJoined{Users: joined})
}

// unless answers the event, or nothing when it is known already.
func unless(known bool, event Event) ([]Event, error) {
	if known {
		return nil, nil
	}
	return []Event{event}, nil
}
