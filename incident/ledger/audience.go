package ledger

// Audience says who gets to see what an effect shows. The zero Audience is one that was forgotten: an effect with it is never
// committed, and is dropped should it ever be performed. That nobody sees anything of it is said by ShownToNobody.
type Audience struct {
	Reach   Reach
	User    UserID    // of ReachPerson
	Channel ChannelID // of ReachPlace; empty: only the performer can tell
}

// Reach is how far what an effect shows is seen.
type Reach string

const (
	ReachNobody       Reach = "nobody"       // it shows nothing of the aggregate: a look, an archiving
	ReachRoom         Reach = "room"         // whoever is in the aggregate's own channel
	ReachPerson       Reach = "person"       // one person
	ReachPlace        Reach = "place"        // whoever is in another channel
	ReachAnnouncement Reach = "announcement" // whoever reads the announcements
	ReachOutside      Reach = "outside"      // people outside Slack, by mail, pager or webhook
	ReachPublic       Reach = "public"       // everybody
)

// Reaches lists every reach.
func Reaches() []Reach {
	return []Reach{ReachNobody, ReachRoom, ReachPerson, ReachPlace, ReachAnnouncement, ReachOutside, ReachPublic}
}

// ShownToNobody is the audience of an effect that shows nothing of its aggregate.
func ShownToNobody() Audience { return Audience{Reach: ReachNobody} }

// ShownInRoom is whoever is in the aggregate's own channel.
func ShownInRoom() Audience { return Audience{Reach: ReachRoom} }

// ShownTo is one person.
func ShownTo(user UserID) Audience { return Audience{Reach: ReachPerson, User: user} }

// ShownAt is whoever is in a channel that is not the aggregate's own.
func ShownAt(channel ChannelID) Audience { return Audience{Reach: ReachPlace, Channel: channel} }

// ShownToAnnouncements is whoever reads the announcements.
func ShownToAnnouncements() Audience { return Audience{Reach: ReachAnnouncement} }

// IsZero reports whether the audience was forgotten.
func (a Audience) IsZero() bool { return a.Reach == "" }
