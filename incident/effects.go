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
		if after.Channel.ID != "" {
			add(InviteUsers{of, entry.Seq, []UserID{e.User}})
		}
		add(SendBrief{of, entry.Seq, e.User, e.Role})
	case EventSeverityChanged:
		if after.Channel.ID != "" && p.Graver(e.To, e.From) {
			add(invitations(after, entry.Seq, p)...)
		}
	case EventStatusChanged:
		if e.Verb == VerbReopen && archivedOrAboutTo(before) {
			add(RestoreChannel{of})
		}
	case EventNoteAdded:
		if e.Message.Posted() {
			add(MarkNoted{of, e.Message})
		}
	case EventReminded:
		add(reminding(of, entry.Seq, e)...)
	case EventArchiveDue:
		add(ArchiveChannel{of})
	}
	if told(entry.Event) && !after.Channel.Archived {
		add(PostEntry{of, entry.Seq})
	}
	add(redraws(before, after, entry, p)...)
	return effects
}

// opening is what happens once the channel exists: the declarer first, so that nothing stands between them and the card.
func opening(in Incident, seq uint64, p *Policy) []Effect {
	effects := []Effect{InviteUsers{in.ID, seq, in.Involved()}, DrawCard{in.ID, true}, DrawTopic{in.ID}}
	effects = append(effects, invitations(in, seq, p)...)
	if in.Origin.Message.Posted() && !in.Private {
		effects = append(effects, LinkOrigin{in.ID})
	}
	return effects
}

// invitations are the people whom the severity names. A private incident invites nobody by itself.
func invitations(in Incident, seq uint64, p *Policy) []Effect {
	if in.Private {
		return nil
	}
	level := p.Level(in.Severity)
	var effects []Effect
	for _, group := range level.InviteGroups {
		effects = append(effects, InviteGroup{in.ID, seq, group})
	}
	for _, user := range level.InviteUsers {
		// One by one: a single wrong name must not keep the others out.
		effects = append(effects, InviteUsers{in.ID, seq, []UserID{user}})
	}
	return effects
}

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
func told(event Event) bool {
	switch e := event.(type) {
	case EventRoleAssigned, EventRoleReleased, EventStatusChanged, EventSeverityChanged, EventRetitled, EventSummarized,
		EventUpdatePosted, EventSnoozed, EventPaused, EventResumed, EventCadenceSet, EventEffectFailed:
		return true
	case EventNoteAdded:
		return !e.Message.Posted()
	}
	return false
}

func archivedOrAboutTo(in Incident) bool {
	sent, due := in.Reminders.Sent[sentKey(ruleArchive, "")]
	return in.Channel.Archived || (due && sent.Anchor.Equal(in.FinishedAt))
}

// facts are what the surfaces outside the channel show; a redraw is asked for when they differ.
type facts struct {
	title, summary, update string
	severity               Severity
	status                 Status
	manager                UserID
	next                   time.Time
	channel                ChannelID
	homeless               bool // no channel, and none will come by itself
}

func factsOf(in Incident, p *Policy) facts {
	var manager UserID
	if holders := in.Holders(IncidentManager); len(holders) > 0 {
		manager = holders[0]
	}
	return facts{in.Title, in.Summary, in.LastUpdate.Text.State, in.Severity, in.Status, manager, NextUpdate(in, p), in.Channel.ID, homeless(in)}
}

func homeless(in Incident) bool {
	return in.Channel.ID == "" && slices.ContainsFunc(in.Troubles, func(trouble Trouble) bool { return trouble.Kind == KindCreateChannel })
}

func redraws(before, after Incident, entry Entry, p *Policy) []Effect {
	var effects []Effect
	_, restored := entry.Event.(EventChannelRestored)
	changed := factsOf(before, p) != factsOf(after, p)
	if after.Channel.ID != "" && !after.Channel.Archived {
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
	if changed || len(before.Roles) != len(after.Roles) {
		for _, user := range after.Involved() {
			effects = append(effects, DrawHome{after.ID, user})
		}
	}
	return effects
}

// changesCard reports whether the card shows anything of an event.
func changesCard(event Event) bool {
	switch event.(type) {
	case EventDeclared, EventChannelOpened, EventCardPosted, EventAnnounced, EventMemberJoined, EventMemberLeft,
		EventReminded, EventArchiveDue, EventChannelArchived:
		return false
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
