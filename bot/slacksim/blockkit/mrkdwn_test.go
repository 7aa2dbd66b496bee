package blockkit

import (
	"testing"
	"time"
)

type people map[string]string

func (p people) User(id string) string      { return p[id] }
func (p people) Channel(id string) string   { return p[id] }
func (p people) UserGroup(id string) string { return p[id] }

func renderer() *Renderer {
	return &Renderer{Names: people{"U1": "Ada <b>", "C1": "general", "S1": "sre"}, Me: "U2",
		ChannelURL: func(id string) string { return "/c/" + id },
		Now:        func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }}
}

func TestMrkdwn(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain", "plain"},
		{"*bold* _it_ ~no~ `code`", "<b>bold</b> <i>it</i> <s>no</s> <code>code</code>"},
		{"*bold _and italic_*", "<b>bold <i>and italic</i></b>"},
		{"2*3*4 snake_case_name", "2*3*4 snake_case_name"},
		{"* not bold *", "* not bold *"},
		{"*open only", "*open only"},
		{"**", "**"},
		{"`*no bold*`", "<code>*no bold*</code>"},
		{"a\nb", "a<br>b"},
		{"&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"},
		{"<b>x", "&lt;b&gt;x"},
		{"&gt; quoted\n&gt; more\nnot", "<blockquote>quoted<br>more</blockquote>not"},
		{">>>all\nof it", "<blockquote>all<br>of it</blockquote>"},
		{"a\n```\nx *y* &lt;\n```\nb", "a<pre>x *y* &lt;</pre>b"},
		{"```open", "```open"},
		{"<https://a.b/?x=1&amp;y=2|See *this*>", `<a href="https://a.b/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">See *this*</a>`},
		{"<mailto:a@b.c>", `<a href="mailto:a@b.c" target="_blank" rel="noopener noreferrer">a@b.c</a>`},
		{"<javascript:alert(1)|x>", "x"},
		{"see https://a.b/c.", `see <a href="https://a.b/c" target="_blank" rel="noopener noreferrer">https://a.b/c</a>.`},
		{"&lt;https://a.b/?x=1&amp;y&gt;", `&lt;<a href="https://a.b/?x=1&amp;y" target="_blank" rel="noopener noreferrer">https://a.b/?x=1&amp;y</a>&gt;`},
		{"<@U1> <@U2> <@U9|bob>", `<span class="mention" data-id="U1">@Ada &lt;b&gt;</span> <span class="mention me" data-id="U2">@U2</span> <span class="mention" data-id="U9">@bob</span>`},
		{"<#C1> <#C9|x>", `<a class="mention" data-id="C1" href="/c/C1">#general</a> <a class="mention" data-id="C9" href="/c/C9">#x</a>`},
		{"<!here> <!subteam^S1>", `<span class="mention me" data-id="here">@here</span> <span class="mention" data-id="S1">@sre</span>`},
		{"*<@U1>*", `<b><span class="mention" data-id="U1">@Ada &lt;b&gt;</span></b>`},
		{":fire: :no_such: 10:30:00", `<span class="emoji" role="img" title=":fire:" aria-label="fire">🔥</span> :no_such: 10:30:00`},
		{"<!date^1795348800^{date_pretty} at {time}|later>", `<time datetime="2026-11-22T12:00:00Z" title="later">today at 12:00</time>`},
		{"<!date^x^{date}|later>", "later"},
		{"- one\n• two", "- one<br>• two"},
		{"*가나* 다", "<b>가나</b> 다"},
	} {
		if got := string(renderer().Mrkdwn(test.in)); got != test.want {
			t.Errorf("Mrkdwn(%q)\n got %s\nwant %s", test.in, got, test.want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"# Head", `<div class="md-h md-h1" role="heading" aria-level="3">Head</div>`},
		{"**b** *i* ~~s~~ `c` \\*x\\*", "<p><b>b</b> <i>i</i> <s>s</s> <code>c</code> *x*</p>"},
		{"- a\n  - b\n1. c", `<ul class="bk-list bk-indent-0"><li>a</li></ul><ul class="bk-list bk-indent-1"><li>b</li></ul><ol class="bk-list bk-indent-0" start="1"><li>c</li></ol>`},
		{"- [x] done", `<ul class="bk-list bk-indent-0"><li>☑ done</li></ul>`},
		{"[a](https://b.c) [x](javascript:x)", `<p><a href="https://b.c" target="_blank" rel="noopener noreferrer">a</a> x</p>`},
		{"```go\n<script>\n```", "<pre>&lt;script&gt;</pre>"},
		{"|a|b|\n|-|-|\n|1|2|", `<div class="bk-scroll"><table class="bk-table"><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>`},
		{"> q\n> r", "<blockquote>q<br>r</blockquote>"},
		{"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"a\n\n---\nb", "<p>a</p><hr><p>b</p>"},
	} {
		if got := string(renderer().Markdown(test.in)); got != test.want {
			t.Errorf("Markdown(%q)\n got %s\nwant %s", test.in, got, test.want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for format, want := range map[string]string{
		"{date_num} {time_secs}": "2026-11-21 09:05:07", "{date_pretty}": "yesterday", "{date_short}": "Nov 21, 2026",
		"{date_long}": "Saturday, November 21, 2026", "{ago}": "1 day ago", "{day_divider_pretty}": "yesterday",
	} {
		if got := dateWords(format, at, now); got != want {
			t.Errorf("dateWords(%q) = %q, want %q", format, got, want)
		}
	}
}
