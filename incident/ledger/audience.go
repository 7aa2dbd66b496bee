package ledger

// Audience says who gets to see what an effect or a view shows. The zero Audience is one that was forgotten: an effect with it is
// never committed, and is dropped should it ever be performed. That nobody sees anything of it is said by ShownToNobody.
type Audience struct {
	Reach   Reach
	Users   []UserID  // of ReachPeople and ReachOverview
	Group   GroupID   // of ReachGroup
	Channel ChannelID // of ReachPlace; empty: only the performer can tell which
}

// Reach is how far what an effect shows is seen.
type Reach string

const (
	ReachNobody       Reach = "nobody"       // it shows nothing of the aggregate: a look, an archiving
	ReachRoom         Reach = "room"         // whoever is in the aggregate's own channel
	ReachPeople       Reach = "people"       // these people
	ReachGroup        Reach = "group"        // the members of a user group
	ReachOverview     Reach = "overview"     // one person, in a view of all that they may see, which leaves out the rest by itself
	ReachPlace        Reach = "place"        // whoever is in another channel
	ReachAnnouncement Reach = "announcement" // whoever reads the announcements
	ReachOutside      Reach = "outside"      // people outside Slack, by mail, pager or webhook
	ReachPublic       Reach = "public"       // everybody
)

// Reaches lists every reach.
func Reaches() []Reach {
	return []Reach{ReachNobody, ReachRoom, ReachPeople, ReachGroup, ReachOverview, ReachPlace, ReachAnnouncement, ReachOutside, ReachPublic}
}

// ShownToNobody is the audience of an effect that shows nothing of its aggregate.
func ShownToNobody() Audience { return Audience{Reach: ReachNobody} }

// ShownInRoom is whoever is in the aggregate's own channel.
func ShownInRoom() Audience { return Audience{Reach: ReachRoom} }

// ShownTo is these people.
func ShownTo(users ...UserID) Audience { return Audience{Reach: ReachPeople, Users: users} }

// ShownToGroup is the members of a user group.
func ShownToGroup(group GroupID) Audience { return Audience{Reach: ReachGroup, Group: group} }

// ShownInOverview is one person, in a view of all that they may see.
func ShownInOverview(user UserID) Audience {
	return Audience{Reach: ReachOverview, Users: []UserID{user}}
}

// ShownAt is whoever is in a channel that may be another than the aggregate's own.
func ShownAt(channel ChannelID) Audience { return Audience{Reach: ReachPlace, Channel: channel} }

// ShownToAnnouncements is whoever reads the announcements.
func ShownToAnnouncements() Audience { return Audience{Reach: ReachAnnouncement} }

// IsZero reports whether the audience was forgotten.
func (a Audience) IsZero() bool { return a.Reach == "" }
