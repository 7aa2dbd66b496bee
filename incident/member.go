package incident

import (
	"maps"
	"slices"
	"time"

	"muster/incident/ledger"
)

// keptMembers is how many members of a public incident's channel are kept by name; further ones are counted, so that the snapshot
// of an incident that a whole company looks at stays small. Of a private one all are kept: they are who may see it.
const keptMembers = 500

// Membership is what a person is to the incident's channel.
type Membership int

const (
	MemberOutside  Membership = iota // not in it, and not expected there; or out of it again
	MemberExpected                   // declared it or holds a role in it: invited, or about to be
	MemberInside                     // in it
)

// Membership answers what a person is to the incident's channel, as far as Muster knows.
func (in Incident) Membership(user UserID) Membership {
	switch {
	case user == "":
		return MemberOutside
	case slices.Contains(in.Members, user):
		return MemberInside
	case slices.Contains(in.Left, user): // the declarer too, and people who hold a role
		return MemberOutside
	case slices.Contains(in.Involved(), user):
		return MemberExpected
	}
	return MemberOutside
}

type (
	// RecordMembers says who was invited into the channel.
	RecordMembers struct{ Users []UserID }
	// JoinMember says that somebody came into the incident's channel, and when, by Slack's clock. A moment that is not known proves
	// nothing about a private incident: whoever types in its channel may have been removed since.
	JoinMember struct {
		User UserID
		At   time.Time
	}
	// LeaveMember says that somebody left it, and when.
	LeaveMember struct {
		User UserID
		At   time.Time
	}
)

func (RecordMembers) Aggregate() ledger.Aggregate { return Aggregate }
func (JoinMember) Aggregate() ledger.Aggregate    { return Aggregate }
func (LeaveMember) Aggregate() ledger.Aggregate   { return Aggregate }

func (RecordMembers) needs() Need { return reported() }
func (JoinMember) needs() Need    { return reported() }
func (LeaveMember) needs() Need   { return reported() }

func (RecordMembers) stands(Incident) error { return nil }
func (JoinMember) stands(Incident) error    { return nil }
func (LeaveMember) stands(Incident) error   { return nil }

// decide says who of these people is new in the channel. An invitation that Slack answers late does not bring back somebody who
// has left since.
func (c RecordMembers) decide(in Incident, _ circumstances) ([]Event, error) {
	var joined []UserID
	for _, user := range c.Users {
		_, moved := in.PresenceAt[user]
		known := moved || slices.Contains(in.Members, user) || slices.Contains(in.Left, user)
		full := !in.Private && len(in.Members) >= keptMembers // the rest is counted by what Slack tells of each
		if user != "" && !known && !full && !slices.Contains(joined, user) {
			joined = append(joined, user)
		}
	}
	return eventIf(len(joined) > 0, EventMemberJoined{Users: joined})
}

func (c JoinMember) decide(in Incident, _ circumstances) ([]Event, error) {
	at, news := presence(in, c.User, c.At, true)
	return eventIf(news, EventMemberJoined{Users: []UserID{c.User}, At: at})
}

func (c LeaveMember) decide(in Incident, _ circumstances) ([]Event, error) {
	at, news := presence(in, c.User, c.At, false)
	if !news {
		return nil, nil
	}
	events := []Event{EventMemberLeft{User: c.User, At: at}}
	if in.Private {
		events = append(events, vacated(in, c.User, VacantSinceTheyLeft)...)
	}
	return events, nil
}

// presence reports whether it is news that somebody came or left, and when that was, where it matters. Slack may tell of it late
// and in the wrong order, and people who are out must not read of a private incident: there what is older than what Slack told
// already is nothing new.
func presence(in Incident, user UserID, at time.Time, inside bool) (time.Time, bool) {
	if at.Year() < firstYear || at.Year() > lastYear {
		at = time.Time{}
	}
	told, moved := in.PresenceAt[user]
	if user == "" || (moved && !at.IsZero() && !at.After(told)) || (in.Private && inside && at.IsZero()) {
		return at, false
	}
	if !in.Private {
		at = time.Time{}
	}
	known := slices.Contains(in.Members, user) == inside
	if !inside && in.MoreMembers > 0 {
		known = false // they may be one of those who are only counted
	}
	return at, !known || !at.IsZero()
}

type (
	// EventMemberJoined: people came into the channel.
	EventMemberJoined struct {
		Users []UserID  `json:"users"`
		At    time.Time `json:"at,omitzero"` // by Slack's clock, of a private incident
	}
	// EventMemberLeft: somebody left the channel.
	EventMemberLeft struct {
		User UserID    `json:"user"`
		At   time.Time `json:"at,omitzero"` // as above
	}
)

func (EventMemberJoined) EventKind() EventKind { return KindMemberJoined }
func (EventMemberLeft) EventKind() EventKind   { return KindMemberLeft }

func (e EventMemberJoined) fold(in *Incident, _ Entry) {
	for _, user := range e.Users {
		switch {
		case slices.Contains(in.Members, user):
		case !in.Private && len(in.Members) >= keptMembers:
			in.MoreMembers++
		default:
			in.Members = append(in.Members, user)
		}
		in.Left = without(in.Left, user)
		in.keepPresence(user, e.At)
	}
}

func (e EventMemberLeft) fold(in *Incident, _ Entry) {
	if !slices.Contains(in.Members, e.User) && in.MoreMembers > 0 {
		in.MoreMembers--
	}
	in.Members = without(in.Members, e.User)
	if in.Private && !slices.Contains(in.Left, e.User) {
		in.Left = append(in.Left, e.User)
	}
	in.keepPresence(e.User, e.At)
}

// without is a list without one user; nil when nobody is left.
func without(users []UserID, gone UserID) []UserID {
	users = slices.DeleteFunc(users, func(user UserID) bool { return user == gone })
	if len(users) == 0 {
		return nil
	}
	return users
}

// keepPresence remembers when Slack says that somebody came or left.
func (in *Incident) keepPresence(user UserID, at time.Time) {
	if at.IsZero() {
		return
	}
	if in.PresenceAt == nil {
		in.PresenceAt = map[UserID]time.Time{}
	}
	in.PresenceAt[user] = at
}

func (EventMemberJoined) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }

// follows: a private incident goes from the home of a person who left its channel, at once.
func (e EventMemberLeft) follows(before, after Incident, _ Entry, _ *Policy) []Effect {
	if after.Private && slices.Contains(before.Members, e.User) {
		return []Effect{DrawHome{Of: after.ID, User: e.User}}
	}
	return nil
}

func (EventMemberJoined) tells(Incident) Telling { return TellsNobody }
func (EventMemberLeft) tells(Incident) Telling   { return TellsNobody }

type (
	// InviteUsers brings people into the channel (conversations.invite); who is in already stays. Followed by RecordMembers.
	InviteUsers struct {
		Of    ID       `json:"of"`
		Seq   uint64   `json:"seq"`
		Users []UserID `json:"users"`
	}
	// InviteGroup brings a user group's members into the channel; who is in already stays. Followed by RecordMembers.
	InviteGroup struct {
		Of    ID      `json:"of"`
		Seq   uint64  `json:"seq"`
		Group GroupID `json:"group"`
	}
)

// Handling: once an entry and first person; one entry never names a person twice.
func (e InviteUsers) Handling() Handling {
	var first UserID
	if len(e.Users) > 0 {
		first = e.Users[0]
	}
	return Handling{
		Kind: KindInviteUsers, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownTo(e.Users...),
		Key: key(e.Of, "invite", e.Seq, first), Lane: key(e.Of, "invite"), Urgency: UrgencyPage,
	}
}

// Handling: once an entry and group.
func (e InviteGroup) Handling() Handling {
	return Handling{
		Kind: KindInviteGroup, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToGroup(e.Group),
		Key: key(e.Of, "invite_group", e.Seq, e.Group), Lane: key(e.Of, "invite_group", e.Group), Urgency: UrgencyPage,
	}
}

// invite is one invitation for all of them, or none for nobody.
func invite(of ID, seq uint64, users []UserID) []Effect {
	if len(users) == 0 {
		return nil
	}
	return []Effect{InviteUsers{Of: of, Seq: seq, Users: users}}
}

// invitations are the people whom the severity names and who are not there yet, or about to be. The gate keeps them out of a
// private incident, which brings in nobody by itself.
func invitations(in Incident, seq uint64, p *Policy) []Effect {
	level := p.Level(in.Severity)
	var effects []Effect
	for i, group := range level.InviteGroups {
		if !slices.Contains(level.InviteGroups[:i], group) {
			effects = append(effects, InviteGroup{Of: in.ID, Seq: seq, Group: group})
		}
	}
	there := slices.Concat(in.Involved(), in.Members)
	for _, user := range level.InviteUsers {
		// One by one: a single wrong name must not keep the others out.
		if !slices.Contains(there, user) {
			effects = append(effects, InviteUsers{Of: in.ID, Seq: seq, Users: []UserID{user}})
			there = append(there, user)
		}
	}
	return effects
}

// cloneMembers copies what folding writes into.
func (in *Incident) cloneMembers() {
	in.Members, in.Left, in.PresenceAt = slices.Clone(in.Members), slices.Clone(in.Left), maps.Clone(in.PresenceAt)
}
