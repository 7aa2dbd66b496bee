package page

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/bot/slacksim"
)

// cacheLimit is how many contents of messages are kept. Above it all are forgotten: what is looked at comes back at once.
const cacheLimit = 5000

// contents keeps what messages look like, since a page is rendered anew after every change and most messages stay the same.
type contents struct {
	seed maphash.Seed
	mu   sync.Mutex
	kept map[contentKey]content
}

// contentKey is all that the look of a message depends on: who looks, the message, and the names in the workspace.
type contentKey struct {
	viewer, prefix, channel, ts string
	sum                         uint64
}

type content struct {
	html        template.HTML
	attachments []attachmentView
}

func newContents() *contents {
	return &contents{seed: maphash.MakeSeed(), kept: map[contentKey]content{}}
}

// of is the content of a message, rendered only if it is not kept.
func (c *contents) of(g *sight, m slacksim.Message, prefix string) (content, error) {
	if bytes.Contains(m.Blocks, []byte("{ago}")) || strings.Contains(m.Fallback, "{ago}") {
		return render(g, m, prefix) // it looks different every minute
	}
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, part := range []string{g.names(), m.Fallback, string(m.Blocks), string(m.Attachments)} {
		fmt.Fprintf(&h, "%d:%s", len(part), part)
	}
	key := contentKey{viewer: g.me.ID, prefix: prefix, channel: m.Channel, ts: m.TS, sum: h.Sum64()}
	c.mu.Lock()
	kept, ok := c.kept[key]
	c.mu.Unlock()
	if ok {
		return kept, nil
	}
	fresh, err := render(g, m, prefix)
	if err != nil {
		return content{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= cacheLimit {
		clear(c.kept)
	}
	c.kept[key] = fresh
	return fresh, nil
}

// render is a message's content as the person sees it: its blocks, or its text when it has none.
func render(g *sight, m slacksim.Message, prefix string) (content, error) {
	r := g.renderer(prefix + m.TS + "-")
	var out content
	var err error
	if len(m.Blocks) > 0 && string(m.Blocks) != "[]" && string(m.Blocks) != "null" {
		out.html, err = r.Blocks(m.Blocks)
	} else {
		out.html = r.Mrkdwn(m.Fallback)
	}
	if err == nil {
		out.attachments, err = attachments(r, m.Attachments)
	}
	return out, err
}

// names is all that mentions, menus and dates depend on, in one string.
func (g *sight) names() string {
	if g.named == "" {
		var b strings.Builder
		b.WriteString(time.Now().In(g.zone).Format(time.DateOnly) + g.at.Channel + g.at.Panel + g.zone.String())
		for _, u := range g.order {
			fmt.Fprintf(&b, "|%s=%s=%v", u.ID, displayName(u), u.Deleted)
		}
		for _, c := range g.channels {
			fmt.Fprintf(&b, "|%s=%s=%v", c.ID, c.Name, c.Archived)
		}
		for _, id := range slices.Sorted(maps.Keys(g.groups)) {
			fmt.Fprintf(&b, "|%s=%s", id, g.groups[id])
		}
		g.named = b.String()
	}
	return g.named
}

// articles are messages as HTML. For a stream that has sent a message as it is already, only its place is told again.
func (s *server) articles(g *sight, views []messageView) ([]template.HTML, error) {
	out := make([]template.HTML, 0, len(views))
	for _, v := range views {
		var b strings.Builder
		if v.Day != "" {
			if err := s.templates.ExecuteTemplate(&b, "day", v); err != nil {
				return nil, fmt.Errorf("show a day: %w", err)
			}
		}
		day := b.Len()
		if err := s.templates.ExecuteTemplate(&b, "message", v); err != nil {
			return nil, fmt.Errorf("show message %s: %w", v.TS, err)
		}
		html := b.String()
		if g.sent != nil && !v.Root {
			sum := maphash.String(s.contents.seed, html[day:])
			if g.sent[v.HTMLID] == sum {
				tag := "article"
				if v.System {
					tag = "div"
				}
				html = html[:day] + "<" + tag + ` id="` + template.HTMLEscapeString(v.HTMLID) + `" data-same></` + tag + ">"
			}
			g.sent[v.HTMLID] = sum
		}
		out = append(out, template.HTML(html))
	}
	return out, nil
}
