package worker

import (
	"errors"
	"time"

	"muster/incident/ledger"
)

// Class is what is to be done about an error of a medium. The zero Class was forgotten, and is tried again.
type Class int

const (
	_          Class = iota
	Done             // there is no error, or what was asked for is so already
	RetryAfter       // the medium says when
	Retry            // with backoff, for ever
	Permanent        // it never will work: a person must know
)

// Verdict is an error, judged.
type Verdict struct {
	Class Class
	Code  string        // the medium's code or a word of ours: it is stored and shown, so it never holds text that people wrote
	After time.Duration // of RetryAfter
	// Unsure says that the attempt may have taken effect all the same.
	Unsure bool
	// Away says that nothing of the medium works until it or a person has seen to that, such as to a token: the medium pauses, and
	// a single job tries now and then.
	Away bool
}

// ErrStopping is the error of an attempt that was given up since the program ends; the job goes back as it was.
var ErrStopping = errors.New("the worker is stopping")

// Failure is an error of ours with a code, for what cannot be mended by trying again.
type Failure string

func (f Failure) Error() string { return string(f) }

// The codes of failures that are no medium's.
const (
	FailurePanic         Failure = "panic"
	FailureNotConfigured Failure = "not_configured"
)

// judge is the verdict on an attempt: our own errors mean the same in each medium.
func (m *medium) judge(err error) Verdict {
	var ours Failure
	switch {
	case err == nil:
		return Verdict{Class: Done}
	case errors.Is(err, ErrStopping):
		return Verdict{Class: Retry, Code: "stopping", Unsure: true}
	case errors.As(err, &ours):
		// A performer that panicked may have made its call before: who tries it again has to look first.
		return Verdict{Class: Permanent, Code: string(ours), Unsure: ours == FailurePanic}
	case errors.Is(err, ledger.ErrNotFound):
		return Verdict{Class: Permanent, Code: "not_found"}
	}
	return m.Judge(err)
}
