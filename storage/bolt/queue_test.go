package bolt

import (
	"slices"
	"testing"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// errand is an effect of any medium, in a lane of its own.
type errand struct {
	name    string
	medium  ledger.Medium
	urgency ledger.Urgency
}

func (e errand) Handling() ledger.Handling {
	return ledger.Handling{Kind: "errand", Medium: e.medium, Audience: ledger.ShownToNobody(), Key: e.name, Lane: e.name, Urgency: e.urgency}
}

// A medium that is away keeps its effects waiting, and those alone; once it is back they come in the order of all.
func TestEffectsOfAMediumThatIsAwayWait(t *testing.T) {
	now := time.Now()
	q := newQueue()
	for i, effect := range []errand{
		{"card", ledger.Slack, ledger.UrgencyCosmetic}, {"page", "pager", ledger.UrgencyPage}, {"news", "mail", ledger.UrgencyUpdate}, {"room", ledger.Slack, ledger.UrgencyPage},
	} {
		q.insert(newQueued(incident.Job{ID: incident.JobID(i + 1), Effect: effect}))
	}
	q.insert(newQueued(incident.Job{ID: 9, Effect: errand{"later", "mail", ledger.UrgencyPage}, NotBefore: now.Add(time.Minute)}))
	names := func(jobs []incident.Job) (names []string) {
		for _, job := range jobs {
			names = append(names, job.Effect.(errand).name)
		}
		return names
	}
	if at, ok := q.next("fax"); ok {
		t.Errorf("a medium without effects has one at %v", at)
	}
	if got, want := names(q.claim(now, 10, "mail", "pager")), []string{"page", "news"}; !slices.Equal(got, want) {
		t.Errorf("without Slack %v were claimed, want %v", got, want)
	}
	if at, ok := q.next("mail", "pager"); !ok || !at.Equal(now.Add(time.Minute)) {
		t.Errorf("without Slack the next is at %v, %v; want in a minute", at, ok)
	}
	if at, ok := q.next(); !ok || !at.IsZero() {
		t.Errorf("of all the next is at %v, %v; want now", at, ok)
	}
	if got, want := names(q.claim(now.Add(time.Minute), 2)), []string{"room", "later"}; !slices.Equal(got, want) {
		t.Errorf("two of all: %v, want %v", got, want)
	}
	if got, want := names(q.claim(now, 10, ledger.Slack)), []string{"card"}; !slices.Equal(got, want) {
		t.Errorf("of Slack %v were claimed, want %v", got, want)
	}
}
