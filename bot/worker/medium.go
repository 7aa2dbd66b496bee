package worker

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"muster/incident/ledger"
)

// Medium is one way to tell the world something, or to have it do something. Each performs its own effects, and fails, waits and
// repeats by itself.
type Medium struct {
	Name       ledger.Medium
	Performers []Performer
	// Judge says what an error of its performers means: the one place that knows the medium's errors.
	Judge func(error) Verdict
	// Linger is how long what was asked of it may still take effect after its caller has gone or given up.
	Linger time.Duration
	// Ready is closed once the medium can perform anything; nil: it can at once.
	Ready <-chan struct{}

	absent bool
}

// Absent is a medium that is not configured: its effects fail for good, in front of a person.
func Absent(name ledger.Medium) Medium {
	return Medium{Name: name, absent: true, Judge: func(error) Verdict { return Verdict{Class: Permanent} }}
}

// Performer performs the effects of one type.
type Performer struct {
	effect  reflect.Type
	perform func(*Attempt, ledger.Effect) ([]ledger.Command, error)
	// Expendable: what fails for good is left as it is, for it belongs to one person, who asks for it anew. Nobody is told.
	expendable bool
}

// Performs registers what performs the effects of type E. It answers the commands that record what came of it, also beside an error.
func Performs[E ledger.Effect](perform func(*Attempt, E) ([]ledger.Command, error)) Performer {
	return Performer{effect: reflect.TypeFor[E](), perform: func(a *Attempt, effect ledger.Effect) ([]ledger.Command, error) {
		return perform(a, effect.(E))
	}}
}

// Expendable is the performer of effects of which nobody needs to be told that they failed for good: whom they are for asks anew.
func (p Performer) Expendable() Performer {
	p.expendable = true
	return p
}

// medium is one at work.
type medium struct {
	Medium
	performers map[reflect.Type]Performer
	gate       gate
	ready      atomic.Bool
	running    atomic.Int64 // jobs under way
}

// of finds who performs an effect.
func (m *medium) of(effect ledger.Effect) (Performer, error) {
	if m == nil || m.absent {
		return Performer{}, FailureNotConfigured
	}
	performer, known := m.performers[reflect.TypeOf(effect)]
	if !known {
		return Performer{}, Failure("unknown_effect")
	}
	return performer, nil
}

// Check answers what is wrong with the media of a program that knows these effects: one that nobody performs or two do, that is
// performed by another medium than its own, or whose medium is none of these.
func Check(effects []ledger.EffectType, media []Medium) error {
	var problems []error
	named := map[ledger.Medium]Medium{}
	for _, medium := range media {
		if _, twice := named[medium.Name]; twice || medium.Name == "" {
			problems = append(problems, fmt.Errorf("the medium %q is there twice, or has no name", medium.Name))
		}
		named[medium.Name] = medium
	}
	performed := map[reflect.Type][]ledger.Medium{}
	for _, medium := range media {
		for _, performer := range medium.Performers {
			performed[performer.effect] = append(performed[performer.effect], medium.Name)
		}
	}
	for _, effect := range effects {
		handling, kind := effect.Zero.Handling(), reflect.TypeOf(effect.Zero)
		by, of := performed[kind], named[handling.Medium]
		delete(performed, kind)
		switch {
		case of.Name == "":
			problems = append(problems, fmt.Errorf("effect %s (%s) is of the medium %q, which the program does not have", handling.Kind, kind, handling.Medium))
		case len(by) == 0 && !of.absent:
			problems = append(problems, fmt.Errorf("effect %s (%s) has no performer", handling.Kind, kind))
		case len(by) > 1:
			problems = append(problems, fmt.Errorf("effect %s (%s) has %d performers", handling.Kind, kind, len(by)))
		case len(by) == 1 && by[0] != of.Name:
			problems = append(problems, fmt.Errorf("effect %s (%s) is of %s and performed by %s", handling.Kind, kind, of.Name, by[0]))
		}
	}
	for kind, by := range performed {
		problems = append(problems, fmt.Errorf("%s performs %s, which is no effect that the program knows", by[0], kind))
	}
	return errors.Join(problems...)
}
