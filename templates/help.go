package templates

import "slices"

type helpTexts struct {
	Topics Vocabulary[Topic] `name:"topic"`

	Helps  Family[Topic, Here]     `name:"help"`
	Usages Family[Explained, Here] `name:"usage"`
}

// Topic is a topic of the help.
type Topic string

// The topics of the help.
const (
	TopicOverview  Topic = "overview"
	TopicDeclare   Topic = "declare"
	TopicList      Topic = "list"
	TopicRoles     Topic = "roles"
	TopicStatus    Topic = "status"
	TopicUpdate    Topic = "update"
	TopicTimeline  Topic = "timeline"
	TopicReminders Topic = "reminders"
)

// Topics lists every topic.
func Topics() []Topic {
	return []Topic{TopicOverview, TopicDeclare, TopicList, TopicRoles, TopicStatus, TopicUpdate, TopicTimeline, TopicReminders}
}

// Explained is a command that has words on how it is typed.
type Explained string

// explainedNot is for what is no command at all.
const explainedNot Explained = "unknown"

// explained is every command that can be typed, but for those that cannot be typed wrongly.
func explained() []Explained {
	names := []Explained{explainedNot}
	for _, name := range typedCommands() {
		if !slices.Contains([]string{"menu", "help", "roles", "retry"}, name) {
			names = append(names, Explained(name))
		}
	}
	return names
}

// Help is the help on a topic; an unknown one gets the overview.
func (l *Language) Help(topic Topic, here Here) Markup {
	if !l.Helps.Has(topic) {
		topic = TopicOverview
	}
	return l.Helps.Markup(topic, here)
}

// TopicLabel is what a button says that leads to a topic.
func (l *Language) TopicLabel(topic Topic) string {
	return l.Topics.word(topic, humanize(string(topic)))
}

// Usage answers what could not be read, with how it goes.
func (l *Language) Usage(command string, here Here) Markup {
	if !l.Usages.Has(Explained(command)) {
		return l.Usages.Markup(explainedNot, here)
	}
	return l.Usages.Markup(Explained(command), here)
}
