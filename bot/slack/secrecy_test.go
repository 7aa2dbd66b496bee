package slack_test

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// The leak law: nothing that Muster shows holds a word of a private incident before somebody who is not in its channel. Who is
// in it is what Slack says; whatever Muster believes counts for nothing.

// secret is what nobody else may see of a private incident.
type secret struct {
	*story
	words *regexp.Regexp
	named *regexp.Regexp // its number, which people may type who do not know whether it is there
	stays map[string][]span
}

var tokens = regexp.MustCompile(`\bw\d+x\b`)

func (s *story) secret() *secret {
	words := map[string]bool{}
	for _, entry := range s.entries {
		for _, text := range textsOf(entry.Event) {
			for _, word := range tokens.FindAllString(text, -1) {
				words[word] = true
			}
		}
	}
	all := []string{"nothing was said"}
	for word := range words {
		all = append(all, word)
	}
	out := &secret{
		story: s, words: regexp.MustCompile(`\b(` + strings.Join(all, "|") + `)\b`),
		named: regexp.MustCompile(`\b` + string(s.in.ID) + `\b`), stays: map[string][]span{},
	}
	for _, message := range s.ws.room(string(s.in.Channel.ID)).Messages {
		at := timeOfTS(message.TS)
		switch stays := out.stays[message.User]; message.Subtype {
		case "channel_join":
			out.stays[message.User] = append(stays, span{from: at})
		case "channel_leave":
			if len(stays) > 0 {
				stays[len(stays)-1].to = at
			}
		}
	}
	return out
}

// textsOf is what people wrote into an event.
func textsOf(event incident.Event) []string {
	switch e := event.(type) {
	case incident.EventDeclared:
		return []string{e.Title, e.Summary}
	case incident.EventRetitled:
		return []string{e.To}
	case incident.EventSummarized:
		return []string{e.Text}
	case incident.EventStatusChanged:
		return []string{e.Text}
	case incident.EventSeverityChanged:
		return []string{e.Reason}
	case incident.EventUpdatePosted:
		return []string{e.Text.State, e.Text.Current, e.Text.Next}
	case incident.EventNoteAdded:
		return []string{e.Text}
	}
	return nil
}

// entitled reports whether a person might know of the incident at any moment of a stretch of time: they declared it, held a
// role in it, or were in its channel.
func (s *secret) entitled(user string, from, to time.Time) bool {
	if string(s.in.DeclaredBy) == user {
		return true
	}
	for i, state := range s.states {
		begins := i == 0 || !s.entries[i-1].At.After(to)
		lasts := i == len(s.entries) || !s.entries[i].At.Before(from)
		if begins && lasts && slices.Contains(state.Involved(), incident.UserID(user)) {
			return true
		}
	}
	return slices.ContainsFunc(s.stays[user], func(stay span) bool {
		return !stay.from.After(to) && (stay.to.IsZero() || !stay.to.Before(from))
	})
}

func (s *secret) leaks(user, where, what string) {
	s.total.leaked.Add(1)
	s.Errorf("%s sees %s, which is private, in %s: %.300s", s.ws.user(incident.UserID(user)).Handle, s.in.ID, where, what)
}

// checkSecret looks for one private incident on every surface that there is.
func (s *secret) checkSecret() {
	now := time.Now()
	for _, room := range s.ws.Channels {
		if own := room.ID == string(s.in.Channel.ID); own && !room.Private {
			s.leaks("", "a public channel of its own", room.Name)
		} else if s.words.MatchString(room.Name+" "+room.Topic.Value) && !own {
			s.leaks("", "the name or topic of a channel", room.Name)
		}
		for _, message := range room.Messages {
			if message.User == s.world.ws.BotUserID() {
				s.checkMessage(room, message)
			}
		}
	}
	for user, home := range s.ws.Homes {
		s.total.looked.Add(1)
		if s.holds(string(home), true) && !s.entitled(user, now, now) {
			s.leaks(user, "their home", string(home))
		}
	}
	for _, p := range s.everybody() {
		for _, view := range p.Views() {
			s.total.looked.Add(1)
			if s.holds(view.Text(), false) && !s.wrote(p.ID, view.Text()) && !s.entitled(p.ID, time.Time{}, now) {
				s.leaks(p.ID, "a form", view.Text())
			}
		}
	}
}

func (s *secret) holds(text string, byName bool) bool {
	return s.words.MatchString(text) || byName && s.named.MatchString(text)
}

// wrote reports whether a person wrote all of the secret words in a text themselves.
func (s *secret) wrote(user, text string) bool {
	return !slices.ContainsFunc(s.words.FindAllString(text, -1), func(word string) bool { return s.authors[word] != user })
}

// checkMessage looks at who can read one message of ours.
func (s *secret) checkMessage(room *room, message slacksim.Message) {
	text := message.Fallback + string(message.Blocks) + string(message.Attachments)
	s.total.looked.Add(1)
	// Whoever types a number is told that it is not there; only what comes by itself must not name it.
	if !s.holds(text, message.EphemeralTo == "") {
		return
	}
	readers := room.Members
	switch {
	case message.EphemeralTo != "":
		readers = []string{message.EphemeralTo}
		if s.wrote(message.EphemeralTo, text) {
			return
		}
	case room.ID == string(s.in.Channel.ID):
		return // who is in there may read it
	case !room.Private && !room.IM && !room.MPIM:
		s.leaks("", "#"+room.Name, text)
		return
	}
	at := timeOfTS(message.TS)
	if message.EditedTS != "" {
		at = timeOfTS(message.EditedTS)
	}
	for _, reader := range readers {
		if reader != s.world.ws.BotUserID() && !s.entitled(reader, s.inFlight(at), at) {
			s.leaks(reader, room.ID, text)
		}
	}
}
