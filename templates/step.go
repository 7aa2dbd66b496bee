package templates

import "muster/incident"

type stepTexts struct {
	Steps Vocabulary[incident.StepName] `name:"step"`
	Todos Vocabulary[incident.StepName] `name:"todo"`

	NextStep Text[NextStep] // says what to do now
	Rail     Text[Rail]     // shows the steps of the process in a row
}

// Rail is the steps of the process in a row.
type Rail []RailStep

// RailStep is a step of the process as the rail shows it.
type RailStep struct {
	Word       string
	Done, Next bool
}

func (Rail) sample(string) any {
	return Rail{{Word: "Detect", Done: true}, {Word: "Raise", Next: true}, {Word: "Resolve"}}
}

// NextStep is the step to do now: its name, and what it takes in a sentence.
type NextStep struct{ Word, Todo string }

func (NextStep) sample(string) any { return NextStep{Word: "Assess", Todo: "How bad is it?"} }

// Step is the word for a step of the process.
func (l *Language) Step(step incident.StepName) string {
	return l.Steps.word(step, humanize(string(step)))
}

// Todo is what a step takes, in a sentence.
func (l *Language) Todo(step incident.StepName) string { return l.Todos.word(step, "") }
