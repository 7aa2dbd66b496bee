package templates

import "muster/incident"

// channelEvents are those of the incident's channel and of what stands in it. Slack shows them in the channel by itself.
func channelEvents(all events) {
	put(all, eventWords[incident.EventMemberJoined]{
		line:    func(_ Teller, line *Line, e incident.EventMemberJoined) { line.Users = e.Users },
		channel: notTold[incident.EventMemberJoined],
		answer:  notAnswered[incident.EventMemberJoined],
	})
	put(all, eventWords[incident.EventMemberLeft]{
		line:    func(_ Teller, line *Line, e incident.EventMemberLeft) { line.User = e.User },
		channel: notTold[incident.EventMemberLeft],
		answer:  notAnswered[incident.EventMemberLeft],
	})
	put(all, eventWords[incident.EventChannelOpened]{
		line: func(_ Teller, line *Line, e incident.EventChannelOpened) {
			line.Channel, line.Typed = e.Channel, "#"+e.Name
		},
		channel: notTold[incident.EventChannelOpened],
		answer:  notAnswered[incident.EventChannelOpened],
	})
	put(all, unsaid[incident.EventCardPosted]())
	put(all, unsaid[incident.EventAnnounced]())
	put(all, unsaid[incident.EventArchiveDue]())
	put(all, unsaid[incident.EventChannelArchived]())
	put(all, unsaid[incident.EventChannelRestored]())
}

// unsaid is for events that stand on the timeline and nowhere else, with no more than that they happened.
func unsaid[E incident.Event]() eventWords[E] {
	return eventWords[E]{line: nothingMore[E], channel: notTold[E], answer: notAnswered[E]}
}
