package view

import (
	"encoding/json"
	"unicode/utf8"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// Slack's limits in characters, and our own for whole payloads.
const (
	maxHeader      = 150
	maxSection     = 3000
	maxButton      = 75
	maxOption      = 75
	maxOptions     = 100
	maxModalTitle  = 24
	maxPlaceholder = 150
	maxLabel       = 2000
	maxElements    = 25

	messageBlocks = 50
	viewBlocks    = 100
	// messageText is how many characters the texts of one message have. Slack refuses more than about 13,000.
	messageText = 12_000
	// ackBytes is how long a message is that may stand in an acknowledgement, as JSON. Slack drops 20,480 bytes.
	ackBytes = 16_000
	homeText = 60_000
)

// layout collects blocks and never exceeds what its surface takes: texts are cut, and a block that has no room left is
// not added.
type layout struct {
	blocks []slack.Block
	most   int // blocks
	left   int // characters of text
	bytes  int // of JSON; 0: no limit
}

func newMessage() *layout { return &layout{most: messageBlocks, left: messageText} }

// newAnswer is a message that fits into an acknowledgement.
func newAnswer() *layout { return &layout{most: messageBlocks, left: messageText, bytes: ackBytes} }

func newView() *layout { return &layout{most: viewBlocks, left: homeText} }

// add reports whether there was room for the block.
func (l *layout) add(block slack.Block, text int) bool {
	if len(l.blocks) >= l.most || text > l.left {
		return false
	}
	if l.bytes > 0 {
		data, err := json.Marshal(block)
		if err != nil || len(data)+1 >= l.bytes {
			return false
		}
		l.bytes -= len(data) + 1
	}
	l.left -= text
	l.blocks = append(l.blocks, block)
	return true
}

func (l *layout) header(text string) {
	object := plain(text, maxHeader)
	l.add(slack.NewHeaderBlock(object), length(object))
}

// text adds a paragraph, with at most one element beside it. An empty paragraph is left out.
func (l *layout) text(text templates.Markup, beside ...slack.BlockElement) bool {
	if text == "" {
		return true
	}
	object := mrkdwn(text.Cut(min(maxSection, l.left)))
	block := slack.NewSectionBlock(object, nil, nil)
	size := length(object)
	if len(beside) > 0 && beside[0] != nil {
		block.Accessory = slack.NewAccessory(beside[0])
		size += maxButton
	}
	return object.Text != "" && l.add(block, size)
}

// small adds small print. An empty one is left out.
func (l *layout) small(text templates.Markup) bool {
	if text == "" {
		return true
	}
	object := mrkdwn(text.Cut(min(maxSection, l.left)))
	return object.Text != "" && l.add(slack.NewContextBlock("", object), length(object))
}

// buttons adds elements in rows that Slack takes.
func (l *layout) buttons(elements ...slack.BlockElement) {
	for len(elements) > 0 {
		row := elements[:min(len(elements), maxElements)]
		l.add(slack.NewActionBlock("", row...), maxButton*len(row))
		elements = elements[len(row):]
	}
}

func (l *layout) divider() { l.add(slack.NewDividerBlock(), 0) }

// message is what was laid out, with its notification.
func (l *layout) message(text templates.Markup) Message {
	return Message{Text: string(text.Cut(maxSection)), Blocks: l.blocks}
}

// paragraphs is an answer of texts and a row of buttons below them.
func paragraphs(texts []templates.Markup, buttons ...slack.BlockElement) Message {
	l := newAnswer()
	for _, text := range texts {
		l.text(text)
	}
	l.buttons(buttons...)
	return l.message(templates.Join("\n", texts...))
}

func mrkdwn(text templates.Markup) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, string(text), false, false)
}

// plain is a plain_text object, which Slack shows as it stands. It is never empty, since Slack refuses that.
func plain(text string, limit int) *slack.TextBlockObject {
	if text == "" {
		text = "-"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, templates.Cut(text, limit), true, false)
}

// jsonLength is how many bytes a text takes in JSON.
func jsonLength(text templates.Markup) int {
	data, err := json.Marshal(text)
	if err != nil {
		return ackBytes
	}
	return len(data)
}

func length(object *slack.TextBlockObject) int { return utf8.RuneCountInString(object.Text) }

// button is a button for an incident; of is empty where it belongs to none.
func button(label string, name action.Name, of incident.ID, arg string) *slack.ButtonBlockElement {
	id := action.Action{Name: name, Incident: of, Arg: arg}.String()
	return slack.NewButtonBlockElement(id, "", plain(label, maxButton))
}

func primary(button *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return button.WithStyle(slack.StylePrimary)
}

func option(value, label, description string) *slack.OptionBlockObject {
	object := slack.NewOptionBlockObject(value, plain(label, maxOption), nil)
	if description != "" {
		object.Description = plain(description, maxOption)
	}
	return object
}
