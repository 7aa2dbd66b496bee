package campaign

import (
	"regexp"
	"slices"

	"muster/bot/slacksim"
	"muster/incident"
)

// telling are words that stand nowhere else, and numbers of incidents.
var telling = regexp.MustCompile(`\b(w\d+x|INC-\d+)\b`)

// secret is a private incident and who may know of it: who was ever involved, and who is in its channel.
type secret struct {
	*account
	insiders []string
}

// verifySecrets wants nothing of a private incident before anybody else: no word that people wrote into it, and not its number
// unasked.
func (p *program) verifySecrets(all []*account, seen sight) {
	p.Helper()
	secrets := map[string]secret{} // by each word that tells of it
	for _, one := range all {
		if !one.now.Private {
			continue
		}
		of := secret{account: one, insiders: slices.Clone(seen.channels[string(one.now.Room)].Members)}
		for _, moment := range one.of.Moments {
			for _, user := range moment.Involved() {
				of.insiders = append(of.insiders, string(user))
			}
		}
		for _, text := range append(one.of.Words, string(one.in.ID)) {
			for _, word := range telling.FindAllString(text, -1) {
				secrets[word] = of
			}
		}
	}
	look := func(user, where, text string) {
		p.looked++
		for _, word := range telling.FindAllString(text, -1) {
			if of, is := secrets[word]; is && !slices.Contains(of.insiders, user) {
				of.leak("%s reads in %s: %s", seen.handles[user], where, text)
			}
		}
	}
	for user, handle := range seen.handles {
		for _, message := range seen.byReader[user] {
			if message.EphemeralTo == "" { // who asks by number is told that there is none
				look(user, message.Channel, message.Text())
			}
		}
		for _, channel := range p.ws.Person(handle).Channels() {
			look(user, "the name of a channel", channel.Name+" "+channel.Topic.Value)
		}
	}
}

// leak is something private that stands before somebody else.
func (a *account) leak(format string, values ...any) {
	a.Helper()
	a.leaked++
	a.Errorf("%s is private: "+format, append([]any{a.in.ID}, values...)...)
}

// declarer is whoever may do anything to an incident.
func (p *program) declarer(in incident.Incident) *slacksim.Person {
	p.Helper()
	for _, user := range slacksim.DefaultUsers() {
		if user.ID == string(in.DeclaredBy) {
			return p.ws.Person(user.Handle)
		}
	}
	p.Fatalf("nobody declared %s", in.ID)
	return nil
}
