package templates

type cardTexts struct {
	CardText    Text[Incident] // is the card as a notification shows it
	CardFacts   Text[Incident] // is the first paragraph of the card
	CardSummary Text[Incident] // is what is known, and the last update
	CardOrigin  Text[Incident] // quotes the message that the incident was declared from
	CardClosing Text[Incident] // tells how a finished incident ended
	CardHint    Text[Incident] // is the small print below the card
	CardRole    Text[RoleLine] // says who holds a role
	Topic       Text[Incident] // is the topic of the incident's channel
}

type announcementTexts struct {
	Announcement      Text[Incident] // is the incident in the announcement channel
	AnnouncementFacts Text[Incident] // is the small print below the announcement
	Origin            Text[Incident] // answers in the thread of the message that an incident was declared from
}
