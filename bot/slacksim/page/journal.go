package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/bot/slacksim"
)

// entriesShown is how many of the journal's entries the panel shows.
const entriesShown = 120

// entryView is one line behind the scenes.
type entryView struct {
	Seq                        int64
	At, Sign, What, Name, Took string
	Result, Mark               string
}

// entries are the newest entries of the journal, the newest first.
func (s *server) entries(zone *time.Location) []entryView {
	all := s.ws.Journal(max(0, s.ws.Mark()-4*entriesShown))
	slices.Reverse(all)
	views := make([]entryView, 0, entriesShown)
	for _, e := range all[:min(len(all), entriesShown)] {
		views = append(views, viewEntry(e, zone))
	}
	return views
}

func viewEntry(e slacksim.Entry, zone *time.Location) entryView {
	v := entryView{Seq: e.StartSeq, At: e.Start.In(zone).Format("15:04:05"), Name: e.Method}
	switch e.Kind {
	case slacksim.EntryCall:
		v.Sign, v.What = "→", "call by the app"
	case slacksim.EntryEnvelope:
		v.Sign, v.What = "←", "envelope to the app"
	case slacksim.EntryAck:
		v.Sign, v.What, v.Name = "✓", "acknowledged by the app", "ack "+e.Method
	case slacksim.EntrySocket:
		v.Sign, v.What, v.Name = "⇄", "socket", "socket "+e.Method
	case slacksim.EntryResponse:
		v.Sign, v.What = "→", "answer to a response URL"
	}
	if e.Attempt > 0 {
		v.Name += " again"
	}
	if e.Socket > 0 {
		v.Name += " #" + strconv.Itoa(e.Socket)
	}
	if e.EndSeq == 0 {
		v.Result, v.Mark = "under way", "wait"
		return v
	}
	if e.Kind == slacksim.EntryCall {
		v.Took = took(e.End.Sub(e.Start))
	}
	switch {
	case e.AnswerLost:
		v.Result, v.Mark = "answer lost", "warn"
	case e.RetryAfter > 0 || e.Status == http.StatusTooManyRequests:
		v.Result, v.Mark = "429", "warn"
	case e.Error != "":
		v.Result, v.Mark = e.Error, "bad"
	case !e.OK && e.Fault != "":
		v.Result, v.Mark = strings.ReplaceAll(e.Fault, "_", " "), "bad"
	case !e.OK:
		v.Result, v.Mark = "failed", "bad"
	case e.Fault != "":
		v.Result, v.Mark = strings.ReplaceAll(e.Fault, "_", " "), "warn"
	default:
		v.Result = "ok"
	}
	return v
}

// took is a duration in few characters.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.1fms", float64(d.Microseconds())/1000)
	case d < 10*time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	}
	return d.Round(time.Second).String()
}

// serveEntry shows what one entry of the journal held, as text.
func (s *server) serveEntry(w http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	all := s.ws.Journal(seq)
	if err != nil || len(all) == 0 || all[0].StartSeq != seq {
		http.Error(w, "the journal does not keep this entry any more", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, details(all[0], s.look(readPlace(r)).zone))
}

func details(e slacksim.Entry, zone *time.Location) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", name, value)
		}
	}
	line("began", e.Start.In(zone).Format("15:04:05.000000"))
	if e.EndSeq != 0 && e.Kind == slacksim.EntryCall {
		line("took", e.End.Sub(e.Start).String())
	}
	line("error", e.Error)
	line("fault", e.Fault)
	line("effect", e.Effect)
	line("envelope", e.Envelope)
	if e.RetryAfter > 0 {
		line("retry", "after "+e.RetryAfter.String())
	}
	names := make([]string, 0, len(e.Args))
	for name := range e.Args {
		if name != "token" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		line(name, pretty(e.Args[name]))
	}
	if e.Body != "" {
		b.WriteString(pretty(e.Body) + "\n")
	}
	return b.String()
}

// pretty sets JSON out over lines; anything else stays as it is.
func pretty(s string) string {
	var out bytes.Buffer
	if len(s) == 0 || (s[0] != '{' && s[0] != '[') || json.Indent(&out, []byte(s), "", "  ") != nil {
		return s
	}
	return out.String()
}
