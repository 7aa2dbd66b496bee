package incident

import (
	"slices"
	"time"
)

// shown is what the surfaces outside the channel show; they are redrawn when it differs.
type shown struct {
	title, summary, update string
	severity               Severity
	status                 Status
	managers               string
	next                   time.Time
	channel                ChannelID
	homeless               bool
}

func shownBy(in Incident, p *Policy) shown {
	managers := "" // the deputies too: topic and announcement name them
	for _, user := range in.Holders(IncidentManager) {
		managers += string(user) + " "
	}
	return shown{
		title: in.Title, summary: in.Summary, update: in.LastUpdate.Text.State, severity: in.Severity, status: in.Status,
		managers: managers, next: NextUpdate(in, p), channel: in.Channel.ID, homeless: homeless(in),
	}
}

// cardShows is what the card shows beside that, but for roles and troubles.
type cardShows struct {
	live, confirmed, broughtIn, noted, updated bool
	priority                                   Priority
	lastUpdate                                 time.Time
	closing                                    string
}

func shownByCard(in Incident) cardShows {
	return cardShows{
		live: in.Channel.State == ChannelLive, confirmed: in.Confirmed, broughtIn: in.BroughtIn, noted: in.Notes > 0, updated: in.Updates > 0,
		priority: in.Priority, lastUpdate: in.LastUpdate.At, closing: in.Closing,
	}
}

// homeless reports whether the incident has no channel and none will come by itself.
func homeless(in Incident) bool {
	return in.Channel.State == ChannelNone && in.Failed(KindCreateChannel)
}

// redraws are the surfaces that show something else than before.
func redraws(before, after Incident, entry Entry, p *Policy) []Effect {
	var effects []Effect
	_, opened := entry.Event.(EventChannelOpened) // asks for its first drawings itself
	changed := shownBy(before, p) != shownBy(after, p)
	restored := before.Channel.State != ChannelLive
	if after.Channel.State == ChannelLive && !opened {
		if changed || restored || shownByCard(before) != shownByCard(after) ||
			!slices.Equal(before.Roles, after.Roles) || !slices.Equal(troublesOnCard(before), troublesOnCard(after)) {
			effects = append(effects, DrawCard{Of: after.ID})
		}
		if changed || restored {
			effects = append(effects, DrawTopic{Of: after.ID})
		}
	}
	if changed && announced(after, p) {
		effects = append(effects, DrawAnnouncement{Of: after.ID})
	}
	if changed || !slices.Equal(before.Roles, after.Roles) {
		var gone UserID // nobody reads the home of an account that was deactivated
		if vacated, is := entry.Event.(EventRoleVacated); is && vacated.Cause == VacantSinceTheyDeactivated {
			gone = vacated.User
		}
		for _, user := range after.Involved() {
			effects = append(effects, DrawHome{Of: after.ID, User: user})
		}
		for _, user := range before.Involved() { // whoever lost a role still sees it in their home
			if !slices.Contains(after.Involved(), user) && user != gone {
				effects = append(effects, DrawHome{Of: after.ID, User: user})
			}
		}
	}
	return effects
}

// troublesOnCard leaves out what the card is not redrawn for: a failure of the card itself, or of telling that it failed, would
// fail in the same way, without end.
func troublesOnCard(in Incident) []Trouble {
	return slices.DeleteFunc(slices.Clone(in.Troubles), func(trouble Trouble) bool {
		return trouble.Kind == KindDrawCard || trouble.Kind == KindPostEntry
	})
}

// announced reports whether the announcement is to be drawn: once there is a channel to come to, or none will ever be.
func announced(in Incident, p *Policy) bool {
	return p.Announcements != "" && (in.Channel.State != ChannelNone || in.Announcement.Posted() || homeless(in))
}
