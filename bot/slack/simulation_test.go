package slack_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
	"muster/bot/slacksim"
	"muster/incident"
)

// A simulated fortnight: people do sensible and senseless things to many incidents while Slack fails in every way it can,
// and after each step the laws must hold. A seed is a story; the same seed tells the same one.
var (
	seeds     = flag.Int("seeds", 12, "how many fortnights to simulate")
	firstSeed = flag.Uint64("seed", 1, "the first seed; with -seeds 1 it repeats one story and prints it")
	steps     = flag.Int("steps", 100, "how many things happen in a fortnight")
)

func TestSimulatedWeeks(t *testing.T) {
	total := &tally{}
	t.Cleanup(func() {
		told := fmt.Sprintf("%d seeds", total.told.Load())
		if skipped := int64(*seeds) - total.told.Load(); skipped > 0 {
			told += fmt.Sprintf(" of %d: %d were skipped, for the machine is slow", *seeds, skipped)
		}
		t.Logf("REPORT | simulated fortnights | %s, %s", told, total.row())
	})
	for i := range *seeds {
		seed := *firstSeed + uint64(i)
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			if deadline, set := t.Deadline(); set && time.Until(deadline) < 3*time.Minute {
				t.Skip("the machine is slow; -timeout gives it more time")
			}
			total.told.Add(1)
			synctest.Test(t, func(t *testing.T) { simulate(t, seed, *steps, total) })
		})
	}
}

// world is a house with a story going on in it.
type world struct {
	*house
	chance *rand.Rand
	people []person
	told   []string // the story so far, for whoever has to find out what went wrong
	tokens int
	acked  map[string]bool        // words of updates and notes whose author was told that they were taken
	known  map[incident.ID]uint64 // how far each timeline was checked
	total  *tally

	trials  *trials
	authors map[string]string // who wrote each word that stands nowhere else
	away    []span            // when the bot was stopped or Slack was away
}

// tally is what campaigns print: how much was tried, and what was lost or doubled.
type tally struct {
	told, acts, faults, restarts, acknowledged, lost, doubled, incidents atomic.Int64

	shown, reminders, looked, leaked atomic.Int64 // things looked for, reminders among them; surfaces looked at for leaks
}

func (c *tally) row() string {
	return fmt.Sprintf("%d acts, %d incidents, %d faults struck, %d stops and outages; looked for in Slack: %d, reminders %d; looked at for leaks: %d, leaked %d | %d | %d | %d |",
		c.acts.Load(), c.incidents.Load(), c.faults.Load(), c.restarts.Load(), c.shown.Load(), c.reminders.Load(), c.looked.Load(), c.leaked.Load(),
		c.acknowledged.Load(), c.lost.Load(), c.doubled.Load())
}

func simulate(t *testing.T, seed uint64, steps int, total *tally) {
	w := newWorld(t, seed, total)
	defer w.end()
	for range steps {
		w.step()
		synctest.Wait()
		w.checkStore()
		if t.Failed() {
			return
		}
	}
	w.calm()
	w.checkStore()
	w.checkSlack()
}

// newWorld opens a house with people in it; end closes it, and prints the story if it went wrong.
func newWorld(t *testing.T, seed uint64, total *tally) *world {
	seen := &trials{all: map[incident.JobID][]*trial{}}
	h := newHouse(t, setup{
		slack: func(o *slacksim.Options) { o.Seed = seed },
		bot:   func(o *bot.Options) { o.Store = watchedStore{o.Store, seen} },
	})
	w := &world{
		house: h, chance: rand.New(rand.NewPCG(seed, 2026)), acked: map[string]bool{}, known: map[incident.ID]uint64{}, total: total,
		trials: seen, authors: map[string]string{},
	}
	for _, handle := range []string{"alice", "bob", "carol", "minjun", "seoyeon", "erin", "gina", "stella"} {
		w.people = append(w.people, h.person(handle))
	}
	h.start()
	return w
}

func (w *world) end() {
	if w.Failed() || (*seeds == 1 && testing.Verbose()) {
		w.Logf("the story:\n%s", strings.Join(w.told, "\n"))
	}
	w.stop()
	w.ws.Close()
	w.net.Close()
	synctest.Wait()
}

func (w *world) tell(format string, values ...any) {
	w.told = append(w.told, time.Now().UTC().Format("02 15:04:05 ")+fmt.Sprintf(format, values...))
}

func (w *world) who() person { return w.people[w.chance.IntN(len(w.people))] }

func oneOf[T any](w *world, list ...T) T { return list[w.chance.IntN(len(list))] }

// step is one thing that happens: somebody does something, Slack fails, the bot is stopped, or time passes.
func (w *world) step() {
	w.total.acts.Add(1)
	switch n := w.chance.IntN(100); {
	case n < 79:
		w.human(n)
	case n < 84:
		w.fail()
	case n < 86:
		w.outage()
	case n < 88:
		w.restart()
	default:
		d := time.Duration(w.chance.Int64N(int64(oneOf(w, time.Minute, 20*time.Minute, 3*time.Hour, 100*time.Hour))))
		w.tell("%v pass", d.Round(time.Second))
		pass(d)
	}
}

// human is one thing that somebody does; n says what, below 79.
func (w *world) human(n int) {
	p := w.who()
	switch {
	case n < 24:
		w.types(p, "general", w.declaration())
	case n < 46:
		w.types(p, w.place(p), w.line())
	case n < 58:
		w.act(p)
	case n < 61:
		w.form(p)
	case n < 63:
		w.react(p)
	case n < 66:
		w.chat(p)
	case n < 68:
		_, err := p.OpensHome()
		w.tell("%s opens home: %v", p.Handle, err)
	case n < 69:
		w.tell("%s uses a shortcut: %v", p.Handle, p.UsesShortcut(w.Context(), "Declare an incident"))
	default:
		w.move(p)
	}
}

// token is a word that stands nowhere else.
func (w *world) token() string {
	w.tokens++
	return fmt.Sprintf("w%dx", w.tokens)
}

func (w *world) declaration() string {
	title := oneOf(w, "Checkout is down", "결제 장애", "<!channel> & <b>", "الدفع", "🔥") + " " + w.token()
	if w.chance.IntN(12) == 0 {
		title = strings.Repeat("long ", 40) + title
	}
	line := "/incident declare " + oneOf(w, "sev1 ", "sev1 ", "sev2 ", "sev2 ", "sev3 ", "unknown ", "sev9 ", "") + title
	if w.chance.IntN(5) == 0 {
		line += " --private"
	}
	if w.chance.IntN(10) == 0 {
		line += " --drill"
	}
	return line
}

// line is a command, sensible more often than not.
func (w *world) line() string {
	role := oneOf(w, "im", "tl", "comms", "scribe", "기술 리더", "nobody")
	person := oneOf(w, "@bob", "@carol", "me", "@nobody", "@gone", "@stella")
	rest := oneOf(w,
		oneOf(w, "update "+w.token(), "note "+w.token(), "note --at 20m "+w.token(), "update"),
		oneOf(w, "update "+w.token(), "note "+w.token()),
		oneOf(w, "claim "+role, "assign "+role+" "+person, "release "+role, "release"),
		oneOf(w, "status fixing", "status monitor", "resolve "+w.token(), "close", "reopen "+w.token(), "cancel "+w.token(), "status nonsense"),
		oneOf(w, "severity sev1 "+w.token(), "severity sev2 "+w.token(), "severity sev3 "+w.token(), "title "+w.token(), "summary "+w.token()),
		oneOf(w, "remind snooze 30m", "remind pause", "remind resume", "remind every 20m", "remind every default", "remind snooze never"),
		oneOf(w, "", "help", "list", "list all", "list mine", "list sev1", "roles", "timeline", "remind", "remind why", "dance"),
	)
	if all := w.incidents(); len(all) > 0 && w.chance.IntN(2) == 0 {
		rest = string(oneOf(w, all...).ID) + " " + rest
	} else if w.chance.IntN(10) == 0 {
		rest = "INC-99 " + rest
	}
	return "/incident " + rest
}

// place is a channel that the person is in.
func (w *world) place(p person) string {
	var names []string
	for _, channel := range p.Channels() {
		if !channel.IM && p.IsIn(channel.Name) && !channel.Archived {
			names = append(names, channel.Name)
		}
	}
	for _, name := range names {
		if strings.HasPrefix(name, "inc-") {
			names = append(names, name, name) // where an incident is, more is said
		}
	}
	if len(names) == 0 {
		return "support"
	}
	return oneOf(w, names...)
}

func (w *world) types(p person, channel, text string) {
	w.writes(p, text)
	reply, err := p.In(channel).Types(w.Context(), text)
	answer := strings.ReplaceAll(reply.Text(), "\n", " / ")
	w.tell("%s in #%s: %s -> %.160s %v", p.Handle, channel, text, answer, err)
	if err != nil {
		return
	}
	for _, taken := range []string{"is posted", "is on the timeline", "Declared:"} {
		if word := lastToken(text); strings.Contains(answer, taken) && word != "" && !w.acked[word] {
			w.acked[word] = true
			w.total.acknowledged.Add(1)
		}
	}
}

// writes notes who wrote which words.
func (w *world) writes(p person, text string) {
	for _, word := range tokens.FindAllString(text, -1) {
		w.authors[word] = p.ID
	}
}

// lastToken is the last word of a line that stands nowhere else.
func lastToken(text string) string {
	for _, word := range slices.Backward(strings.Fields(text)) {
		if strings.HasPrefix(word, "w") && strings.HasSuffix(word, "x") {
			return word
		}
	}
	return ""
}

// act is to click or choose something on a message that the person sees.
func (w *world) act(p person) {
	messages := p.SeesAll(slacksim.FromApp())
	if len(messages) == 0 {
		return
	}
	message := messages[len(messages)-1-w.chance.IntN(min(len(messages), 25))]
	elements := message.Elements()
	if len(elements) == 0 {
		return
	}
	element := elements[w.chance.IntN(len(elements))]
	var err error
	switch element.Type {
	case "button":
		err = element.Click(w.Context(), p.Person)
	case "users_select":
		err = element.Choose(w.Context(), p.Person, oneOf(w, "alice", "bob", "gina", "stella", "minjun"))
	}
	w.tell("%s acts on %s %s in %s: %v", p.Handle, element.Type, element.ActionID, message.Channel, err)
}

// form fills in whatever form is open and sends or closes it.
func (w *world) form(p person) {
	form, open := p.View()
	if !open {
		w.tell("%s opens a form: %v", p.Handle, p.UsesShortcut(w.Context(), "Declare an incident"))
		if form, open = p.View(); !open {
			return
		}
	}
	if w.chance.IntN(6) == 0 {
		w.tell("%s closes a form: %v", p.Handle, form.Close(w.Context()))
		return
	}
	for _, element := range form.Elements() {
		if element.Type == "plain_text_input" && w.chance.IntN(5) > 0 {
			word := w.token()
			w.writes(p, word)
			_ = element.Choose(w.Context(), p.Person, word) // what Slack's client refuses shows at submit
		}
	}
	wrong, err := form.Submit(w.Context())
	w.tell("%s sends a form: %v %v", p.Handle, wrong, err)
	if left, open := p.View(); open && w.chance.IntN(2) == 0 {
		w.tell("%s closes what is left: %v", p.Handle, left.Close(w.Context()))
	}
}

func (w *world) react(p person) {
	messages := p.SeesAll()
	if len(messages) == 0 {
		return
	}
	message := messages[len(messages)-1-w.chance.IntN(min(len(messages), 25))]
	w.tell("%s pins %s in %s with an emoji: %v", p.Handle, message.TS, message.Channel, p.Reacts(message, oneOf(w, "pushpin", "pushpin", "eyes")))
}

func (w *world) chat(p person) {
	channel := w.place(p)
	_, err := p.In(channel).Types(w.Context(), "chat "+w.token())
	w.tell("%s chats in #%s: %v", p.Handle, channel, err)
}

func (w *world) move(p person) {
	var rooms []slacksim.Channel
	for _, channel := range p.Channels() {
		if strings.HasPrefix(channel.Name, "inc-") {
			rooms = append(rooms, channel)
		}
	}
	if len(rooms) == 0 {
		return
	}
	channel := oneOf(w, rooms...)
	if w.chance.IntN(15) == 0 {
		archived := w.chance.IntN(2) == 0
		w.tell("%s archives #%s by hand (%v): %v", p.Handle, channel.Name, archived, p.Archives(channel.Name, archived))
		return
	}
	if p.IsIn(channel.Name) && w.chance.IntN(3) == 0 {
		w.tell("%s leaves #%s: %v", p.Handle, channel.Name, p.Leaves(channel.Name))
		return
	}
	w.tell("%s joins #%s: %v", p.Handle, channel.Name, p.Joins(channel.Name))
}

// fail arms one or two ways in which Slack fails for a while.
func (w *world) fail() {
	if w.chance.IntN(3) == 0 {
		w.heal()
		w.tell("Slack is well again")
		return
	}
	if w.chance.IntN(4) == 0 {
		w.socketTrouble()
		return
	}
	fault := slacksim.Fault{
		Kind: oneOf(w, slacksim.FaultRateLimited, slacksim.FaultStatus, slacksim.FaultLatency, slacksim.FaultCutBefore, slacksim.FaultCutAfter,
			slacksim.FaultLate, slacksim.FaultHang, slacksim.FaultHangAfter, slacksim.FaultError, slacksim.FaultNameRace, slacksim.FaultEnvelopeTwice,
			slacksim.FaultEnvelopeLate, slacksim.FaultEnvelopeSwap, slacksim.FaultEnvelopeLost, slacksim.FaultAckLost),
		Match: oneOf(w, "", "chat.postMessage", "conversations.create", "chat.*", "conversations.*", "views.*"),
		Count: 1 + w.chance.IntN(6), Probability: oneOf(w, 0, 0.5),
	}
	switch fault.Kind {
	case slacksim.FaultRateLimited:
		fault.Delay = oneOf(w, -1, time.Second, 30*time.Second)
	case slacksim.FaultError:
		fault.Code = oneOf(w, "internal_error", "fatal_error", "invalid_auth")
	case slacksim.FaultLate:
		fault.Delay = oneOf(w, 300*time.Millisecond, 1900*time.Millisecond)
	case slacksim.FaultLatency:
		fault.Delay = oneOf(w, 300*time.Millisecond, 4*time.Second)
	case slacksim.FaultEnvelopeTwice, slacksim.FaultEnvelopeLate, slacksim.FaultEnvelopeSwap, slacksim.FaultEnvelopeLost, slacksim.FaultAckLost:
		fault.Match, fault.Delay = "", 20*time.Second
	}
	w.ws.AddFault(fault)
	w.tell("Slack fails: %s of %q, %d times", fault.Kind, fault.Match, fault.Count)
}

// socketTrouble does something to the connections that Slack speaks through.
func (w *world) socketTrouble() {
	switch trouble := oneOf(w, "cut", "half open", "warning", "refresh_requested"); trouble {
	case "cut":
		w.ws.CutSockets()
		w.tell("the sockets are cut")
	case "half open":
		w.ws.HalfOpen()
		w.tell("the sockets are half open")
	default:
		w.ws.Disconnect(trouble)
		w.tell("Slack says disconnect: %s", trouble)
	}
	w.total.faults.Add(1)
}

// heal ends all faults and counts how often they struck.
func (w *world) heal() {
	for _, fault := range w.ws.Faults() {
		w.total.faults.Add(int64(fault.Hits))
	}
	w.ws.ClearFaults()
}

func (w *world) outage() {
	w.total.restarts.Add(1)
	d := time.Duration(w.chance.Int64N(int64(2 * time.Hour)))
	w.tell("Slack is away for %v", d.Round(time.Second))
	from := time.Now()
	w.ws.SetDown(true)
	pass(d)
	w.ws.SetDown(false)
	pass(20 * time.Second) // the sockets are dialled again
	w.away = append(w.away, span{from, time.Now()})
}

func (w *world) restart() {
	w.total.restarts.Add(1)
	d := time.Duration(w.chance.Int64N(int64(2 * time.Hour)))
	w.tell("the bot is stopped for %v", d.Round(time.Second))
	from := time.Now()
	w.stop()
	pass(d)
	// A Slack that is failing right now may not let the bot in at once; that is not this step's story.
	w.heal()
	w.start()
	w.away = append(w.away, span{from, time.Now()})
}

// calm lets everything come to its end on a Slack that is well.
func (w *world) calm() {
	w.heal()
	pass(20 * time.Minute) // events that Slack brings again come for the last time
	w.settle()
}

func (w *world) incidents() []incident.Incident {
	var all []incident.Incident
	query := incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 100}
	for {
		page, err := w.store.List(w.Context(), query)
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, page.Incidents...)
		if query.After = page.Next; page.Next == "" {
			return all
		}
	}
}

// checkStore checks what must hold after every step.
func (w *world) checkStore() {
	for _, in := range w.incidents() {
		if in.Seq == w.known[in.ID] {
			continue
		}
		w.known[in.ID] = in.Seq
		w.holds(in.ID)
	}
}

// checkSlack checks what people see once all is calm.
func (w *world) checkSlack() {
	report, err := w.store.Check(w.Context())
	if err != nil || len(report.Problems) > 0 {
		w.Errorf("the store: %v %v", err, report.Problems)
	}
	w.checkQueue()
	ws, owner := w.workspace(), map[string]int{}
	for key, messages := range ws.byKey {
		if len(messages) > 1 {
			w.total.doubled.Add(1)
			w.Errorf("%s was posted %d times: %s", key, len(messages), messages[0].Fallback)
		}
	}
	for _, in := range w.incidents() {
		w.total.incidents.Add(1)
		if in.Channel.ID != "" {
			owner[string(in.Channel.ID)]++
		}
		s := w.story(ws, in)
		s.checkTimeline()
		s.checkPresence()
		if in.Private {
			s.secret().checkSecret()
		}
	}
	for word := range w.acked {
		w.total.lost.Add(1)
		w.Errorf("%q was acknowledged and is on no timeline", word)
	}
	for id, incidents := range owner {
		if incidents != 1 {
			w.Errorf("channel %s belongs to %d incidents", id, incidents)
		}
	}
	for _, channel := range ws.Channels {
		if channel.Creator == w.ws.BotUserID() && owner[channel.ID] == 0 && !channel.IM {
			w.total.doubled.Add(1)
			w.Errorf("#%s is an orphan", channel.Name)
		}
	}
}

func (w *world) everybody() []person {
	var all []person
	for _, user := range slacksim.DefaultUsers() {
		all = append(all, w.person(user.Handle))
	}
	return all
}

// checkTimeline checks that what was acknowledged is there, and that no reminder fired twice. That it shows is checked by
// checkPresence.
func (s *story) checkTimeline() {
	for _, entry := range s.entries {
		switch e := entry.Event.(type) {
		case incident.EventDeclared:
			delete(s.acked, lastToken(e.Title))
		case incident.EventUpdatePosted:
			delete(s.acked, e.Text.State)
		case incident.EventNoteAdded:
			delete(s.acked, e.Text)
		}
	}
	for _, twice := range s.of.RemindedTwice() {
		s.twice("a reminder came twice: %s", twice)
	}
}
