package campaign

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/bot/witness"
	"muster/incident"
	"muster/incident/registry"
	"muster/storage"
	"muster/storage/local"
)

var (
	kills = flag.Int("kills", 30, "how often the program is killed")
	seed  = flag.Uint64("seed", 1, "of everything that is left to chance")
)

// points are the named points at which the program is killed, beside random instants.
func points() []string {
	var all []string
	for _, kind := range registry.EffectKinds() {
		for _, stage := range stages() {
			all = append(all, stage+"/"+string(kind))
		}
	}
	return all
}

// seen are the ways in which people see something here. No telling fails, so that nothing has to be confessed.
func seen() (all []string) {
	for _, what := range witness.Whats() {
		if what != witness.Confessed {
			all = append(all, string(what))
		}
	}
	return all
}

func stages() []string { return []string{"committed", "claimed", "performed", "completed"} }

// hits are the kills at each named point.
type hits map[string]int

// row says for each effect how often the program was killed once it was committed, claimed, performed and completed.
func (h hits) row() string {
	var kinds []string
	for _, point := range points() {
		stage, kind, _ := strings.Cut(point, "/")
		if stage == stages()[0] {
			kinds = append(kinds, kind+" ")
		} else {
			kinds[len(kinds)-1] += "/"
		}
		kinds[len(kinds)-1] += fmt.Sprint(h[point])
	}
	return strings.Join(kinds, ", ")
}

// kills is how many there were altogether.
func (h hits) kills() int {
	all := 0
	for _, times := range h {
		all += times
	}
	return all
}

// ledger is what people were told.
type ledger struct {
	mu       sync.Mutex
	declared map[string]bool    // titles
	said     map[string]string  // words of updates and notes, and the incident they belong to
	resolved []slacksim.Channel // of incidents that somebody resolved; they are left alone until somebody reopens them
	unsure   int                // nobody heard what became of it
	next     int
}

func (l *ledger) token() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	return fmt.Sprintf("w%dx", l.next)
}

// The program is killed again and again while people work; at the end nothing acknowledged is lost and nothing is there twice.
func TestKilledAgainAndAgain(t *testing.T) {
	p := newProgram(t, *seed)
	// Every kind of effect has to come about: a group is invited, and the channels of resolved incidents are archived at once.
	if err := p.ws.Person("alice").Invites("general", "muster"); err != nil { // where messages are that incidents are declared from
		t.Fatal(err)
	}
	group := "severities:\n- {name: sev1, invite: {groups: [S0SRE00001]}}\n"
	p.configures(group + "channel: {archive_after: 1s}\n")
	// Some calls of the killed take effect when the next program already runs.
	for _, slow := range []string{"chat.*", "conversations.*"} {
		p.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: slow, Delay: time.Second, Probability: 0.1})
	}
	chance := rand.New(rand.NewPCG(*seed, 7))
	book := &ledger{declared: map[string]bool{}, said: map[string]string{}}
	where, struck := points(), hits{}
	for kill := range *kills {
		if kill%3 == 2 {
			p.oneLife(p.start(""), book, chance, time.Duration(100+chance.IntN(400))*time.Millisecond)
			continue
		}
		point := where[(kill-kill/3)*7%len(where)] // by sevens, so that a short campaign tries every kind of effect too
		if p.oneLife(p.start(fmt.Sprintf("%s:%d", point, 1+chance.IntN(2))), book, chance, 4*time.Second) {
			struck[point]++
		}
	}
	p.settle()
	p.configures(group + "channel: {archive_after: 0s}\n")
	p.bringBack()
	p.settle()
	acknowledged, incidents := len(book.declared)+len(book.said), len(book.declared)
	p.verify(book)
	long := *kills >= 10*len(where)
	for _, point := range where {
		if struck[point] == 0 && long {
			t.Errorf("the program was never killed at %s", point)
		}
	}
	looked := 0
	for _, what := range append([]string{"channel", "card", "announcement"}, seen()...) {
		looked += p.shown[what]
		if p.shown[what] == 0 && long {
			t.Errorf("nothing was looked for that is %s", what)
		}
	}
	t.Logf("REPORT | kill -9 at named points and at random instants | seed %d: %d kills, %d of them at %d of the %d points, %d incidents, %d things looked for; looked at for leaks: %d, leaked %d | %d | %d | %d |",
		*seed, *kills, struck.kills(), len(struck), len(where), incidents, looked, p.looked, p.leaked, acknowledged, p.lost, p.doubled)
	t.Logf("POINTS %s", struck.row())
}

// bringBack reopens every incident whose channel is archived, so that what is owed there can be looked for. By now that has to be
// so of those that are over, and of them alone.
func (p *program) bringBack() {
	p.Helper()
	store := p.open()
	all := p.incidents(store)
	_ = store.Close()
	seen := p.look()
	for _, in := range all {
		if over, channel := !in.Status.Open(), seen.channels[string(in.Channel.ID)]; over != (in.Channel.State == incident.ChannelArchived) || over != channel.Archived {
			p.Errorf("%s is %s; its channel is archived in Slack: %t, in the store: %t", in.ID, in.Status, channel.Archived, in.Channel.State == incident.ChannelArchived)
		}
	}
	c := p.start("")
	if !p.listening(p.Context(), c) {
		p.Fatalf("muster does not start:\n%s", p.log())
	}
	for _, in := range all {
		if in.Channel.State != incident.ChannelArchived {
			continue
		}
		if _, err := p.declarer(in).In("general").Types(p.Context(), fmt.Sprintf("/incident %s reopen let us see", in.ID)); err != nil {
			p.Fatal(err)
		}
	}
	p.stop(c)
}

// oneLife lets people work until the program dies, by its crash point or at an instant, and reports whether it was the former.
// After half a second they rest, so that the program comes to what is least urgent.
func (p *program) oneLife(c *child, book *ledger, chance *rand.Rand, instant time.Duration) (atPoint bool) {
	p.Helper()
	ctx, cancel := context.WithCancel(p.Context())
	defer cancel()
	if !p.listening(ctx, c) {
		return killed(<-c.ended)
	}
	var working sync.WaitGroup
	for _, handle := range []string{"alice", "bob", "carol", "minjun"} {
		own := rand.New(rand.NewPCG(chance.Uint64(), 1))
		working.Go(func() { p.work(ctx, p.ws.Person(handle), book, own) })
	}
	rest := time.AfterFunc(500*time.Millisecond, cancel)
	defer rest.Stop()
	select {
	case err := <-c.ended:
		atPoint = killed(err)
	case <-time.After(instant):
		_ = c.Process.Kill()
		<-c.ended
	}
	cancel()
	working.Wait()
	return atPoint
}

// killed reports whether a child ended by kill -9; nobody but itself has sent one when it is asked.
func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// work is a person who does one thing after the other until the program is gone.
func (p *program) work(ctx context.Context, who *slacksim.Person, book *ledger, chance *rand.Rand) {
	for ctx.Err() == nil {
		word := book.token()
		var err error
		switch n := chance.IntN(20); {
		case n < 5:
			err = p.declare(ctx, who, book, word, chance.IntN(5) == 0)
		case n < 6:
			err = p.declareFrom(ctx, who, book, word)
		case n < 11:
			err = p.say(ctx, who, book, "update", word)
		case n < 13:
			err = p.say(ctx, who, book, "note", word)
		case n < 14:
			p.archive(who, book)
		case n < 16:
			err = p.pin(ctx, who, book, word)
		case n < 17:
			err = p.resolve(ctx, who, book, word)
		case n < 18:
			err = p.reopen(ctx, who, book, word)
		default:
			err = p.click(ctx, who, book, chance)
		}
		if err != nil {
			return // there is nobody to talk to any more
		}
	}
}

func (p *program) declare(ctx context.Context, who *slacksim.Person, book *ledger, word string, private bool) error {
	line := "/incident declare sev1 " + word
	if private {
		line += " --private"
	}
	reply, err := who.In("general").Types(ctx, line)
	book.mu.Lock()
	defer book.mu.Unlock()
	if err != nil {
		book.unsure++
		return err
	}
	if strings.Contains(reply.Text(), "INC-") {
		book.declared[word] = true
	}
	return nil
}

// declareFrom declares from what somebody wrote. A form that closes is taken.
func (p *program) declareFrom(ctx context.Context, who *slacksim.Person, book *ledger, word string) error {
	posted, err := who.In("general").Types(ctx, "is it only me?")
	if err != nil {
		return err
	}
	if err := who.UsesShortcutOn(ctx, posted.Message, "Declare incident"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	form, err := who.SeesView(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if left, open := who.View(); open {
			_ = left.Close(ctx)
		}
	}()
	if err := form.Fill(ctx, "What is wrong?", word); err != nil {
		return err
	}
	wrong, err := form.Submit(ctx)
	book.mu.Lock()
	defer book.mu.Unlock()
	if err != nil {
		book.unsure++
		return err
	}
	if len(wrong) == 0 {
		book.declared[word] = true
	}
	return nil
}

// pin says something in an incident's channel and puts it on the timeline with an emoji.
func (p *program) pin(ctx context.Context, who *slacksim.Person, book *ledger, word string) error {
	channel, ok := p.some(who, book)
	if !ok {
		return nil
	}
	posted, err := who.In(channel.Name).Types(ctx, "chat "+word)
	if err != nil {
		return err
	}
	return who.Reacts(posted.Message, "pushpin")
}

// archive archives an open incident's channel by hand and brings it back at once: that is told to the program when it is long over.
func (p *program) archive(who *slacksim.Person, book *ledger) {
	if channel, ok := p.some(who, book); ok && who.Archives(channel.Name, true) == nil {
		_ = who.Archives(channel.Name, false) // somebody else may have resolved it, and it is archived for good
	}
}

// resolve resolves an incident, after which its channel is archived.
func (p *program) resolve(ctx context.Context, who *slacksim.Person, book *ledger, word string) error {
	channel, ok := p.some(who, book)
	if !ok {
		return nil
	}
	book.mu.Lock()
	book.resolved = append(book.resolved, channel)
	book.mu.Unlock()
	_, err := who.In(channel.Name).Types(ctx, "/incident resolve all is well "+word)
	return err
}

// reopen reopens what was resolved first of what the person knows, whose channel is back soon.
func (p *program) reopen(ctx context.Context, who *slacksim.Person, book *ledger, word string) error {
	book.mu.Lock()
	first := slices.IndexFunc(book.resolved, func(channel slacksim.Channel) bool {
		return !channel.Private || slices.Contains(channel.Members, who.ID)
	})
	if first < 0 {
		book.mu.Unlock()
		return nil
	}
	channel := book.resolved[first]
	book.mu.Unlock()
	id := strings.ToUpper(strings.Join(strings.SplitN(channel.Name, "-", 3)[:2], "-"))
	if _, err := who.In("general").Types(ctx, "/incident "+id+" reopen it is back "+word); err != nil {
		return err
	}
	book.mu.Lock()
	defer book.mu.Unlock()
	book.resolved = slices.DeleteFunc(book.resolved, func(other slacksim.Channel) bool { return other.ID == channel.ID })
	return nil
}

// quiet reports whether a channel is left alone.
func (l *ledger) quiet(channel string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.resolved, func(resolved slacksim.Channel) bool { return resolved.ID == channel })
}

func (p *program) say(ctx context.Context, who *slacksim.Person, book *ledger, verb, word string) error {
	channel, ok := p.some(who, book)
	if !ok {
		return nil
	}
	reply, err := who.In(channel.Name).Types(ctx, "/incident "+verb+" "+word)
	book.mu.Lock()
	defer book.mu.Unlock()
	if err != nil {
		book.unsure++
		return err
	}
	if text := reply.Text(); strings.Contains(text, "INC-") && (strings.Contains(text, "posted") || strings.Contains(text, "timeline")) {
		book.said[word] = verb
	}
	return nil
}

// some is the channel of an open incident that the person is in.
func (p *program) some(who *slacksim.Person, book *ledger) (slacksim.Channel, bool) {
	for _, channel := range who.Channels() {
		if strings.HasPrefix(channel.Name, "inc-") && !channel.Archived && who.IsIn(channel.Name) && !book.quiet(channel.ID) {
			return channel, true
		}
	}
	return slacksim.Channel{}, false
}

func (p *program) click(ctx context.Context, who *slacksim.Person, book *ledger, chance *rand.Rand) error {
	cards := who.SeesAll(slacksim.FromApp(), slacksim.WithButton("More roles"))
	if len(cards) == 0 {
		return nil
	}
	card := cards[chance.IntN(len(cards))]
	if book.quiet(card.Channel) {
		return nil
	}
	for _, label := range []string{"Take: Tech lead", "Take: Incident manager", "Start fixing"} {
		if button := card.Button(label); button.Exists() && chance.IntN(2) == 0 {
			return button.Click(ctx, who)
		}
	}
	return nil
}

// settle runs the program undisturbed until nothing waits any more.
func (p *program) settle() {
	p.Helper()
	for range 60 {
		c := p.start("")
		if !p.listening(p.Context(), c) {
			p.Fatalf("muster does not start:\n%s", p.log())
		}
		p.quiet()
		p.stop(c)
		if p.waiting() == 0 {
			return
		}
	}
	p.Fatalf("the outbox does not empty:\n%s", p.log())
}

// quiet waits until Slack has not been called for longer than work rests that an earlier process may have done.
func (p *program) quiet() {
	for {
		from := p.ws.Mark()
		ctx, cancel := context.WithTimeout(p.Context(), 3*time.Second)
		_, err := p.ws.AwaitEntry(ctx, from, func(e slacksim.Entry) bool { return e.Kind == slacksim.EntryCall })
		cancel()
		if err != nil {
			return
		}
	}
}

func (p *program) open() *storage.Stores {
	p.Helper()
	store, err := local.Open(p.database(), local.Options{})
	if err != nil {
		p.Fatal(err)
	}
	return store
}

func (p *program) waiting() int {
	p.Helper()
	store := p.open()
	defer func() { _ = store.Close() }()
	jobs, err := store.Jobs(p.Context(), incident.JobsWaiting, 1000)
	if err != nil {
		p.Fatal(err)
	}
	return len(jobs)
}
