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
	for _, text := range s.of.Words {
		for _, word := range tokens.FindAllString(text, -1) {
			words[word] = true
		}
	}
	all := []string{"nothing was said"}
	for word := range words {
		all = append(all, word)
	}
	out := &secret{
		story: s, words: regexp.MustCompile(`\b(` + strings.Join(all, "|") + `)\b`),
		named: regexp.MustCompile(`\b` + string(s.of.ID) + `\b`), stays: map[string][]span{},
	}
	for _, message := range s.ws.room(string(s.now.Room)).Messages {
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

// entitled reports whether a person might know of the incident at any moment of a stretch of time: they declared it, held a
// role in it, or were in its channel.
func (s *secret) entitled(user string, from, to time.Time) bool {
	if string(s.now.DeclaredBy) == user || s.of.InvolvedDuring(incident.UserID(user), from, to) {
		return true
	}
	return slices.ContainsFunc(s.stays[user], func(stay span) bool {
		return !stay.from.After(to) && (stay.to.IsZero() || !stay.to.Before(from))
	})
}

func (s *secret) leaks(user, where, what string) {
	who := "everybody"
	if user != "" {
		who = s.ws.user(incident.UserID(user)).Handle
	}
	s.leaked("is private; %s sees it in %s: %.300s", who, where, what)
}

// leaked is something private that stands before somebody else.
func (s *story) leaked(format string, values ...any) {
	s.total.leaked.Add(1)
	s.Errorf("%s "+format, append([]any{s.of.ID}, values...)...)
}

// checkSecret looks for one private incident on every surface that there is.
func (s *secret) checkSecret() {
	now := time.Now()
	for _, room := range s.ws.Channels {
		if own := room.ID == string(s.now.Room); own && !room.Private {
			s.leaks("", "a public channel of its own", room.Name)
		} else if s.words.MatchString(room.Name+" "+room.Topic.Value) && !own {
			s.leaks("", "the name or topic of a channel", room.Name)
		}
		for _, message := range room.Messages {
			if message.User == s.world.ws.BotUserID() {
				s.checkReaders(room, message)
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

// checkReaders looks at who can read one message of ours.
func (s *secret) checkReaders(room *room, message slacksim.Message) {
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
	case room.ID == string(s.now.Room):
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
