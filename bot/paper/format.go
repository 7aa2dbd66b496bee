package paper

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"muster/templates"
)

// oneLine is typed text for the cell of a table.
func oneLine(text string) string {
	return strings.ReplaceAll(templates.EscapeMarkdown(strings.TrimSpace(text)), "\n", "<br>")
}

// lines is typed text as a paragraph that keeps its line breaks.
func lines(text string) string {
	return strings.ReplaceAll(templates.EscapeMarkdown(strings.TrimSpace(text)), "\n", "  \n")
}

func (p paper) markdown() []byte {
	var b bytes.Buffer
	head := func(label string) {
		fmt.Fprintf(&b, "\n## %s\n\n", templates.EscapeMarkdown(label))
	}
	fmt.Fprintf(&b, "# %s\n\n", oneLine(p.Title))
	for _, fact := range p.Facts {
		fmt.Fprintf(&b, "- **%s**: %s\n", oneLine(fact.Name), oneLine(fact.Value))
	}
	for _, part := range []struct {
		label string
		text  string
	}{{p.Heads.Summary, p.Summary}, {p.Heads.Closing, p.Closing}} {
		if part.text != "" {
			head(part.label)
			fmt.Fprintf(&b, "%s\n", lines(part.text))
		}
	}
	if len(p.Roles) > 0 {
		head(p.Heads.Roles)
		for _, role := range p.Roles {
			fmt.Fprintf(&b, "- **%s**: %s\n", oneLine(role.Name), oneLine(role.Value))
		}
	}
	if len(p.Updates) > 0 {
		head(p.Heads.Updates)
		for _, u := range p.Updates {
			u.markdown(&b, p.Heads)
		}
	}
	head(p.Heads.Timeline)
	cell := func(label string) string { return oneLine(label) }
	fmt.Fprintf(&b, "| %s | %s | %s |\n|---|---|---|\n", cell(p.Heads.Time), cell(p.Heads.Entry), cell(p.Heads.Words))
	for _, line := range p.Timeline {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", line.When, oneLine(line.What), oneLine(line.Words))
	}
	return b.Bytes()
}

func (u update) markdown(b *bytes.Buffer, heads templates.Headings) {
	fmt.Fprintf(b, "### %s, %s\n\n%s\n\n", u.When, oneLine(u.Who), lines(u.State))
	for _, list := range []struct {
		label  string
		points []string
	}{{heads.Current, u.Current}, {heads.Next, u.Next}} {
		if len(list.points) == 0 {
			continue
		}
		fmt.Fprintf(b, "%s\n\n", templates.EscapeMarkdown(list.label))
		for _, point := range list.points {
			fmt.Fprintf(b, "- %s\n", oneLine(point))
		}
		fmt.Fprintln(b)
	}
}

// sheet is the HTML of a paper; html/template escapes everything in it.
const sheet = `<!doctype html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Title}}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { font-weight: 600; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccc; }
td:first-child { white-space: nowrap; } .typed { white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1 class="typed">{{.Title}}</h1>
<dl>{{range .Facts}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>
{{end}}</dl>
{{with .Summary}}<h2>{{$.Heads.Summary}}</h2>
<p class="typed">{{.}}</p>
{{end}}{{with .Closing}}<h2>{{$.Heads.Closing}}</h2>
<p class="typed">{{.}}</p>
{{end}}{{with .Roles}}<h2>{{$.Heads.Roles}}</h2>
<dl>{{range .}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>
{{end}}</dl>
{{end}}{{with .Updates}}<h2>{{$.Heads.Updates}}</h2>
{{range .}}<h3>{{.When}}, {{.Who}}</h3>
<p class="typed">{{.State}}</p>
{{with .Current}}<p>{{$.Heads.Current}}</p>
<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>
{{end}}{{with .Next}}<p>{{$.Heads.Next}}</p>
<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>
{{end}}{{end}}{{end}}<h2>{{.Heads.Timeline}}</h2>
<table>
<tr><th>{{.Heads.Time}}</th><th>{{.Heads.Entry}}</th><th>{{.Heads.Words}}</th></tr>
{{range .Timeline}}<tr><td>{{.When}}</td><td>{{.What}}</td><td class="typed">{{.Words}}</td></tr>
{{end}}</table>
</body>
</html>
`

func (p paper) html() ([]byte, error) {
	parsed, err := template.New("sheet").Parse(sheet)
	if err != nil {
		return nil, fmt.Errorf("write as HTML: %w", err)
	}
	var b bytes.Buffer
	if err := parsed.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write as HTML: %w", err)
	}
	return b.Bytes(), nil
}
