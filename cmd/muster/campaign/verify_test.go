package campaign

import (
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/storage"
)

// Verification: what people were told is looked for in the store, and what the witness makes of the timelines is looked for in
// Slack, as people see it.

// verify compares what people were told and what the timelines ask for with what is there.
func (p *program) verify(book *ledger) {
	p.Helper()
	settings, err := config.Load(p.config)
	if err != nil {
		p.Fatal(err)
	}
	store := p.open()
	defer func() { _ = store.Close() }()
	if failed, err := store.Jobs(p.Context(), incident.JobsFailed, 1000); err != nil || len(failed) > 0 {
		p.Errorf("%d effects failed for good, %v: %+v", len(failed), err, failed)
	}
	seen := p.look()
	all, titles := p.incidents(store), map[string]int{}
	var accounts []*account
	for _, in := range all {
		titles[in.Title]++
		one := p.read(store, in, seen, settings.Policy)
		one.verifyTimeline(book)
		one.verifyPlace()
		for _, sight := range one.of.Sights {
			one.verifySight(sight)
		}
		one.verifyUnasked()
		accounts = append(accounts, one)
	}
	p.verifySecrets(accounts, seen)
	for job, found := range seen.jobs {
		if len(found) > 1 {
			p.doubled++
			p.Errorf("%s was posted %d times", job, len(found))
		}
	}
	for title := range book.declared {
		if titles[title] != 1 {
			p.count(titles[title])
			p.Errorf("%s was acknowledged and is there %d times", title, titles[title])
		}
	}
	for word := range book.said {
		p.lost++
		p.Errorf("the %s %s was acknowledged and is on no timeline", book.said[word], word)
	}
	p.verifyChannels(all, seen)
}

// incidents are all that there are.
func (p *program) incidents(store *storage.Stores) []incident.Incident {
	p.Helper()
	var all []incident.Incident
	query := incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 500}
	for {
		page, err := store.List(p.Context(), query)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, page.Incidents...)
		if query.After = page.Next; page.Next == "" {
			return all
		}
	}
}

// count takes down what is there too rarely or too often.
func (p *program) count(times int) {
	if times < 1 {
		p.lost++
	}
	if times > 1 {
		p.doubled++
	}
}

// verifyChannels finds orphans, and channels of two.
func (p *program) verifyChannels(all []incident.Incident, seen sight) {
	p.Helper()
	owners := map[string]incident.ID{}
	for _, in := range all {
		if other, taken := owners[string(in.Channel.ID)]; taken {
			p.Errorf("%s and %s share a channel", in.ID, other)
		}
		owners[string(in.Channel.ID)] = in.ID
	}
	for _, channel := range seen.channels {
		if channel.Creator == p.ws.BotUserID() && !channel.IM && owners[channel.ID] == "" {
			p.doubled++
			p.Errorf("#%s is an orphan", channel.Name)
		}
	}
}
