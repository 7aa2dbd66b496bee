package incident

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDeclaring(t *testing.T) {
	for name, test := range map[string]struct {
		actor    Actor
		say      Declare
		severity Severity
		priority Priority
		status   Status
		title    string
	}{
		"judged":            {alice, Declare{Title: "Checkout is down", Severity: "sev1"}, "sev1", "P1", Declared, "Checkout is down"},
		"judged as a digit": {alice, Declare{Title: "x", Severity: "3"}, "sev3", "P3", Declared, "x"},
		"not judged":        {alice, Declare{Title: "x"}, Unknown, "P2", Triage, "x"},
		"said to be unsure": {alice, Declare{Title: "x", Severity: Unknown}, Unknown, "P2", Triage, "x"},
		"by a machine":      {robot, Declare{Title: "x", Severity: "sev1", Origin: Origin{Source: FromMachine}}, "sev1", "P1", Triage, "x"},
		"Korean":            {alice, Declare{Title: " 결제  장애 "}, Unknown, "P2", Triage, "결제 장애"},
		"several lines":     {alice, Declare{Title: "a\r\nb\rc\td\u2028e"}, Unknown, "P2", Triage, "a b c d e"},
		"mentions stay":     {alice, Declare{Title: "<!channel> & <@U1>"}, Unknown, "P2", Triage, "<!channel> & <@U1>"},
		"family emoji":      {alice, Declare{Title: "👩‍👧 down"}, Unknown, "P2", Triage, "👩‍👧 down"},
		"turned around":     {alice, Declare{Title: "abc\u202edef\u2066\x00\u200b"}, Unknown, "P2", Triage, "abcdef\u200b"},
		"broken UTF-8":      {alice, Declare{Title: "a\xff\xfeb\uFFFDc"}, Unknown, "P2", Triage, "abc"},
		"longest":           {alice, Declare{Title: strings.Repeat("가", MaxTitle)}, Unknown, "P2", Triage, strings.Repeat("가", MaxTitle)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, nil).do(test.actor, test.say)
			want := []any{ID("INC-1"), test.title, test.severity, test.priority, test.status, d.now, d.now, uint64(1)}
			got := []any{d.in.ID, d.in.Title, d.in.Severity, d.in.Priority, d.in.Status, d.in.DeclaredAt, d.in.CadenceFrom, d.in.Seq}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeclaringIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		say    Declare
		code   Code
		text   string
		length int
	}{
		"no title":           {Declare{}, RefuseTitleEmpty, "", 0},
		"only white space":   {Declare{Title: " \n\t\u00a0\u3000"}, RefuseTitleEmpty, "", 0},
		"nothing to be seen": {Declare{Title: "\u200b\u202e\u3164\ufe0f\x07"}, RefuseTitleEmpty, "", 0},
		"5,000 characters":   {Declare{Title: strings.Repeat("x", 5000)}, RefuseTooLong, "title", 5000},
		"one too many":       {Declare{Title: strings.Repeat("가", MaxTitle+1)}, RefuseTooLong, "title", MaxTitle + 1},
		"long summary":       {Declare{Title: "x", Summary: strings.Repeat("x", MaxSummary+1)}, RefuseTooLong, "summary", MaxSummary + 1},
		"unknown severity":   {Declare{Title: "x", Severity: "sev9"}, RefuseUnknownSeverity, "sev9", 0},
	} {
		t.Run(name, func(t *testing.T) {
			refusal := newDesk(t, nil).refused(alice, test.say, test.code)
			if refusal.Text != test.text || refusal.Length != test.length {
				t.Errorf("the refusal says %q, %d; want %q, %d", refusal.Text, refusal.Length, test.text, test.length)
			}
		})
	}
}

func TestAnIncidentIsDeclaredOnce(t *testing.T) {
	d := declared(t)
	for name, command := range map[string]struct {
		in      Incident
		id      ID
		command Command
	}{
		"a second time":   {d.in, "INC-1", Declare{Title: "x"}},
		"without an ID":   {Incident{}, "", Declare{Title: "x"}},
		"never declared":  {Incident{}, "INC-1", ChangeStatus{Verb: VerbFix}},
		"unknown command": {d.in, "INC-1", nil},
	} {
		out, err := Step(command.in, command.id, command.command, Muster, d.now, d.p)
		if err == nil || out.State.ID != "" {
			t.Errorf("%s: got %+v, %v; want an error", name, out, err)
		}
	}
}

func TestAQuotedMessageIsCutAndCleaned(t *testing.T) {
	origin := Origin{Source: FromMessage, Message: MessageRef{Channel: "C_TALK", TS: "1.1"}, Quote: "a\x00b" + strings.Repeat("가", 40_000)}
	d := newDesk(t, nil).do(alice, Declare{Title: "x", Origin: origin})
	if got := []rune(d.in.Origin.Quote); len(got) != MaxText || !strings.HasPrefix(string(got), "ab가") || got[MaxText-1] != '…' {
		t.Errorf("the quote has %d characters and begins with %q", len(got), string(got[:5]))
	}
}

func TestTitleAndSummary(t *testing.T) {
	d := declared(t)
	d.do(bob, Retitle{Title: "Checkout  and login are down"})
	d.do(bob, Summarize{Text: "Payments fail.\nSince 9:00."})
	if d.in.Title != "Checkout and login are down" || d.in.Summary != "Payments fail.\nSince 9:00." {
		t.Errorf("title %q, summary %q", d.in.Title, d.in.Summary)
	}
	d.nothing(bob, Retitle{Title: "Checkout and login are down "})
	d.nothing(bob, Summarize{Text: d.in.Summary})
	d.refused(bob, Retitle{Title: ""}, RefuseTitleEmpty)
	d.refused(bob, Retitle{Title: strings.Repeat("x", MaxTitle+1)}, RefuseTooLong)
	d.refused(bob, Summarize{Text: " \n"}, RefuseTextEmpty)
	d.refused(bob, Summarize{Text: strings.Repeat("x", MaxSummary+1)}, RefuseTooLong)
	d.do(alice, ChangeStatus{Verb: VerbResolve}).do(bob, Retitle{Title: "Checkout was down"})
	d.do(alice, ChangeStatus{Verb: VerbClose})
	d.refused(bob, Retitle{Title: "x"}, RefuseOver)
	d.refused(bob, Summarize{Text: "x"}, RefuseOver)
}
