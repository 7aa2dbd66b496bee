package incident

import (
	"slices"
	"time"
)

// Effects is what the world must be told of one entry: a pure function of the incident before and after it. Nothing
// that shows a private incident outside its own channel is ever among them.
func Effects(before, after Incident, entry Entry, p *Policy) []Effect {
	var effects []Effect
	add := func(more ...Effect) { effects = append(effects, more...) }
	of := after.ID
	switch e := entry.Event.(type) {
	case EventDeclared:
		add(CreateChannel{of})
	case EventChannelOpened:
		add(opening(after, entry.Seq, p)...)
	case EventCardPosted:
		add(PinCard{of})
	case EventRoleAssigned:
		if after.Channel.live() {
			add(InviteUsers{of, entry.Seq, []UserID{e.User}})
		}
		add(SendBrief{of, entry.Seq, e.User, e.Role})
	case EventSeverityChanged:
		if after.Channel.live() && p.Graver(e.To, e.From) {
			add(invitations(after, entry.Seq, p)...)
		}
	case EventStatusChanged:
		if e.Verb == VerbReopen && archivedOrAboutTo(before) {
			add(RestoreChannel{of, entry.Seq})
		}
	case EventChannelArchived: // Slack may have told it long after
		add(LookAtChannel{of})
	case EventChannelRestored:
		if after.Status.Open() {
			add(invite(of, entry.Seq, missingFrom(after))...)
		}
		if after.Card.Posted() { // it may have been archived before the card was pinned
			add(PinCard{of})
		}
	case EventNoteAdded:
		// A mark on a message elsewhere would show people there that a private incident knows of it.
		if e.Message.Posted() && (!after.Private || e.Message.Channel == after.Channel.ID) {
			add(MarkNoted{of, e.Message})
		}
	case EventReminded:
		add(reminding(of, entry.Seq, e)...)
	case EventMemberLeft:
		if after.Private && slices.Contains(before.Members, e.User) { // it goes from their home at once
			add(DrawHome{of, e.User})
		}
	case EventArchiveDue:
		add(ArchiveChannel{of, entry.Seq})
	}
	// What is told of an open incident waits in the channel's lane until an archived channel is back.
	if told(before, entry.Event) && (!after.Channel.Archived || after.Status.Open()) {
		add(PostEntry{of, entry.Seq})
	}
	add(redraws(before, after, entry, p)...)
	return effects
}

// opening is what happens once the channel exists: the declarer first, so that nothing stands between them and the card.
func opening(in Incident, seq uint64, p *Policy) []Effect {
	effects := append(invite(in.ID, seq, in.Involved()), DrawCard{in.ID, true}, DrawTopic{in.ID})
	effects = append(effects, invitations(in, seq, p)...)
	if in.Origin.Message.Posted() && !in.Private {
		effects = append(effects, LinkOrigin{in.ID})
	}
	return effects
}

// invite is one invitation for all of them, or none for nobody.
func invite(of ID, seq uint64, users []UserID) []Effect {
	if len(users) == 0 {
		return nil
	}
	return []Effect{InviteUsers{of, seq, users}}
}

// missingFrom are the people involved who are not in the channel.
func missingFrom(in Incident) []UserID {
	return slices.DeleteFunc(in.Involved(), func(user UserID) bool { return slices.Contains(in.Members, user) })
}

// invitations are the people whom the severity names and who are not there yet, or about to be. A private incident invites
// nobody by itself.
func invitations(in Incident, seq uint64, p *Policy) []Effect {
	if in.Private {
		return nil
	}
	level := p.Level(in.Severity)
	var effects []Effect
	for i, group := range level.InviteGroups {
		if !slices.Contains(level.InviteGroups[:i], group) {
			effects = append(effects, InviteGroup{in.ID, seq, group})
		}
	}
	there := slices.Concat(in.Involved(), in.Members)
	for _, user := range level.InviteUsers {
		// One by one: a single wrong name must not keep the others out.
		if !slices.Contains(there, user) {
			effects = append(effects, InviteUsers{in.ID, seq, []UserID{user}})
			there = append(there, user)
		}
	}
	return effects
}

// reminding sends a reminder to each person it is for, or once to the channel.
func reminding(of ID, seq uint64, e EventReminded) []Effect {
	if e.To == ToChannel {
		return []Effect{SendReminder{Of: of, Seq: seq, Rule: e.Rule}}
	}
	var effects []Effect
	for _, user := range e.Users {
		effects = append(effects, SendReminder{of, seq, e.Rule, user})
	}
	return effects
}

// told reports whether the incident's channel is told of an event in words.
func told(before Incident, event Event) bool {
	switch e := event.(type) {
	case EventRoleAssigned, EventRoleReleased, EventStatusChanged, EventSeverityChanged, EventRetitled, EventSummarized,
		EventUpdatePosted, EventSnoozed, EventPaused, EventResumed, EventCadenceSet:
		return true
	case EventEffectFailed:
		return tellsFailure(before, e.Trouble)
	case EventNoteAdded:
		return !e.Message.Posted()
	}
	return false
}

// tellsFailure reports whether a failure is told in the channel. One of the telling itself is not, or there would be no end
// of it; nor one that would be told in the same words as another that still waits for somebody.
func tellsFailure(before Incident, trouble Trouble) bool {
	if trouble.Kind == KindPostEntry {
		return false
	}
	return !slices.ContainsFunc(before.Troubles, func(other Trouble) bool {
		return other.Kind == trouble.Kind && other.Reason == trouble.Reason
	})
}

// archivedOrAboutTo reports whether the channel has to be brought back.
func archivedOrAboutTo(in Incident) bool {
	return in.Channel.Archived || in.Reminders.sentFor(ruleArchive, in.FinishedAt)
}

// facts are what the surfaces outside the channel show; a redraw is asked for when they differ.
type facts struct {
	title, summary, update string
	severity               Severity
	status                 Status
	manager                UserID
	next                   time.Time
	channel                ChannelID
	homeless               bool
}

func factsOf(in Incident, p *Policy) facts {
	var manager UserID
	if holders := in.Holders(IncidentManager); len(holders) > 0 {
		manager = holders[0]
	}
	return facts{
		title: in.Title, summary: in.Summary, update: in.LastUpdate.Text.State, severity: in.Severity, status: in.Status,
		manager: manager, next: NextUpdate(in, p), channel: in.Channel.ID, homeless: homeless(in),
	}
}

// homeless reports whether the incident has no channel and none will come by itself.
func homeless(in Incident) bool {
	return in.Channel.ID == "" && in.Failed(KindCreateChannel)
}

// redraws are the surfaces that show something of an entry.
func redraws(before, after Incident, entry Entry, p *Policy) []Effect {
	var effects []Effect
	_, restored := entry.Event.(EventChannelRestored)
	changed := factsOf(before, p) != factsOf(after, p)
	if after.Channel.live() {
		if changesCard(entry.Event) {
			effects = append(effects, DrawCard{Of: after.ID})
		}
		if changed || restored {
			effects = append(effects, DrawTopic{after.ID})
		}
	}
	if changed && announced(after, p) {
		effects = append(effects, DrawAnnouncement{after.ID})
	}
	if changed || !slices.Equal(before.Roles, after.Roles) {
		for _, user := range after.Involved() {
			effects = append(effects, DrawHome{after.ID, user})
		}
		for _, user := range before.Involved() { // whoever lost a role still sees it in their home
			if !slices.Contains(after.Involved(), user) {
				effects = append(effects, DrawHome{after.ID, user})
			}
		}
	}
	return effects
}

// changesCard reports whether the card shows anything of an event. A failure of the card, or of telling that it failed, is
// not drawn: that would fail in the same way, without end.
func changesCard(event Event) bool {
	switch e := event.(type) {
	case EventDeclared, EventChannelOpened, EventCardPosted, EventAnnounced, EventMemberJoined, EventMemberLeft,
		EventReminded, EventArchiveDue, EventChannelArchived:
		return false
	case EventEffectFailed:
		return e.Trouble.Kind != KindDrawCard && e.Trouble.Kind != KindPostEntry
	}
	return true
}

// announced reports whether the announcement is to be drawn: once there is a channel to come to, or none will ever be.
func announced(in Incident, p *Policy) bool {
	if in.Private || p.Announcements == "" {
		return false
	}
	return in.Channel.ID != "" || in.Announcement.Posted() || homeless(in)
}
