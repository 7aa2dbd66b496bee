package templates

import "golang.org/x/text/language"

// Workspace asks for the workspace's language, in which everything stands that many people see.
const Workspace = ""

// Words is every language that is spoken, one of which is the workspace's. It may be used by many goroutines; Load makes it.
type Words struct {
	languages []*Language // the workspace's first
	match     language.Matcher

	Typed *Typed // what people may type
}

func newWords(workspace *Language, others []*Language) (*Words, error) {
	w := &Words{languages: append([]*Language{workspace}, others...)}
	var tags []language.Tag
	for _, l := range w.languages {
		tags = append(tags, language.Make(l.Name))
	}
	w.match = language.NewMatcher(tags)
	typed, err := newTyped(w.languages)
	w.Typed = typed
	return w, err
}

// In is the language that fits best to what a reader asks for, such as "ko" or the locale "ko-KR" of a Slack account. A reader
// who asks for nothing, or for what is not spoken, gets the workspace's: what many people see is in that.
func (w *Words) In(asked string) *Language {
	for _, l := range w.languages {
		if l.Name == asked {
			return l
		}
	}
	if asked == Workspace {
		return w.languages[0]
	}
	tag, err := language.Parse(asked)
	if err != nil {
		return w.languages[0]
	}
	if _, index, confidence := w.match.Match(tag); confidence >= language.High {
		return w.languages[index]
	}
	return w.languages[0]
}
