package incident

import (
	"slices"

	"muster/incident/ledger"
)

// Passage is the gate's answer: whether something of an incident may be shown to an audience. The zero Passage drops it.
type Passage int

const (
	Drop Passage = iota // never: it is not for these eyes, or there is no place left to show it in
	Show                // now
	Wait                // once the incident's channel is there again
)

// ConditionRoom is the condition under which what waits for the incident's channel is set aside.
const ConditionRoom = "room"

// Gate is the one place that says who may see what of an incident. It is asked when an effect is emitted, again when it is
// performed, and by every view; what it does not know, it drops.
func Gate(in Incident, audience ledger.Audience) Passage {
	switch audience.Reach {
	case ledger.ReachNobody, ledger.ReachOverview:
		return Show
	case ledger.ReachRoom:
		return in.room()
	case ledger.ReachPeople:
		// An invitation for several is not lost since one of them is out by now: its performer leaves that one out.
		return showIf(slices.ContainsFunc(audience.Users, in.VisibleTo))
	case ledger.ReachPlace:
		return showIf(!in.Private || audience.Channel != "" && audience.Channel == in.Channel.ID)
	case ledger.ReachGroup, ledger.ReachAnnouncement, ledger.ReachOutside, ledger.ReachPublic:
		return showIf(!in.Private)
	}
	return Drop
}

// Shown reports whether the gate lets something of an incident through now.
func Shown(in Incident, to ledger.Audience) bool { return Gate(in, to) == Show }

func showIf(allowed bool) Passage {
	if allowed {
		return Show
	}
	return Drop
}

// room is the gate of the incident's own channel. What is for an archived one waits while that is being brought back. Else it is
// tried, since Slack tells late of what was archived and it may be back; the performer knows what to do where it is not. Without a
// channel the performer finds another way to its people.
func (in Incident) room() Passage {
	if in.Channel.State == ChannelArchived && in.Restoring {
		return Wait
	}
	return Show
}

// quiet reports whether nothing more is said in the channel: the incident is over, and the channel was archived.
func (in Incident) quiet() bool {
	return in.Channel.State == ChannelArchived && !in.Restoring && !in.Status.Open()
}

// VisibleTo reports whether a person may know of the incident at all.
func (in Incident) VisibleTo(user UserID) bool {
	return !in.Private || in.Membership(user) != MemberOutside
}
