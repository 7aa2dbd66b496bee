package worker

import (
	"errors"
	"time"

	"muster/incident/ledger"
)

// settle commits the outcome of the attempt.
func (a *Attempt) settle(by Performer, commands []ledger.Command, err error) {
	v := a.medium.judge(err)
	stopping := errors.Is(err, ErrStopping) || (v.Class != Done && v.Class != Permanent && a.Calls.Err() != nil)
	switch {
	case v.Class == Done:
		a.done(commands)
	case stopping:
		a.worker.tries.failed(a.Job, v)
		a.release()
	case v.Class == Permanent:
		a.fail(by, commands, err, v)
	case v.Away:
		a.pause(err, v)
	case v.Class == RetryAfter:
		a.retry(err, v, min(max(v.After, firstBackoff), mostRest))
	default:
		a.retry(err, v, 0)
	}
}

// admitted asks the desk whether the effect may be shown now. Where it may not, the desk has seen to the job already.
func (a *Attempt) admitted() (admitted bool) {
	if !a.keep(func() (err error) {
		admitted, err = a.worker.Desk.Admit(a.Keeps, a.Job)
		return err
	}) {
		return false
	}
	if !admitted { // it may come back, and this attempt asked nothing of the medium
		a.worker.tries.failed(a.Job, Verdict{Class: RetryAfter})
	}
	return admitted
}

func (a *Attempt) done(commands []ledger.Command) {
	if !a.keep(func() error { return a.worker.Desk.Done(a.Keeps, a.Job, commands) }) {
		return
	}
	a.worker.tries.over(a.Job)
	after := time.Since(a.Job.CreatedAt)
	a.worker.Observer.Performed(a.Handling.Kind, after)
	a.Log.Info().Dur("after", after).Msg("effect performed")
}

// retry puts the job back for rest, or for a backoff if that is 0.
func (a *Attempt) retry(err error, v Verdict, rest time.Duration) {
	troubles := a.worker.tries.failed(a.Job, v)
	if rest == 0 {
		rest = a.worker.backoff(troubles)
	}
	if v.Unsure {
		rest = max(rest, a.medium.Linger) // the call may take effect yet
	}
	if a.keep(func() error { return a.worker.Queue.Retry(a.Keeps, a.Job, time.Now().Add(rest), v.Code) }) {
		a.worker.Observer.Retried(a.Handling.Kind, v.Code)
		a.Log.Warn().Err(err).Dur("again_in", rest).Msg("effect did not work out and is tried again")
	}
}

// pause puts the job back until the medium may work again, and lets nothing more of it begin until then.
func (a *Attempt) pause(err error, v Verdict) {
	until, anew := a.medium.gate.shut(time.Now())
	if anew {
		a.worker.Observer.Away(a.medium.Name, v.Code, until)
		a.worker.Log.Error().Err(err).Str("medium", string(a.medium.Name)).Time("until", until).
			Msg("a medium takes nothing from us, such as for a token that was revoked; none of its effects is performed until it does")
	}
	a.worker.tries.failed(a.Job, v)
	a.keep(func() error { return a.worker.Queue.Retry(a.Keeps, a.Job, until, v.Code) })
}

// fail sets the job aside and has a person told.
func (a *Attempt) fail(by Performer, commands []ledger.Command, err error, v Verdict) {
	a.worker.Observer.Failed(a.Handling.Kind, v.Code)
	if by.expendable {
		a.Log.Warn().Err(err).Str("reason", v.Code).Msg("effect failed for good and is left: whom it is for asks for it anew")
		a.done(nil)
		return
	}
	a.Log.Error().Err(err).Str("reason", v.Code).Msg("effect failed for good")
	a.worker.tries.failed(a.Job, v)
	a.keep(func() error { return a.worker.Desk.GiveUp(a.Keeps, a.Job, v.Code, commands) })
}

func (a *Attempt) release() {
	if err := a.worker.Queue.Release(a.Keeps, a.Job); err != nil && !errors.Is(err, ledger.ErrFenced) {
		a.Log.Error().Err(err).Msg("effect could not be put back")
		return
	}
	a.Log.Info().Msg("effect put back, since the program stops")
}

// keep writes an outcome, as often as it takes: an effect that took place and is not recorded would have to be looked for by the
// next attempt. It gives up when calls are cut, and reports whether the outcome was written.
func (a *Attempt) keep(write func() error) bool {
	for troubles := 1; ; troubles++ {
		err := write()
		switch {
		case err == nil:
			return true
		case errors.Is(err, ledger.ErrFenced):
			a.Log.Warn().Msg("another attempt has finished this effect")
			a.worker.tries.over(a.Job)
			return false
		}
		a.Log.Error().Err(err).Msg("the outcome of an effect could not be stored and is stored again")
		timer := time.NewTimer(a.worker.backoff(troubles))
		select {
		case <-timer.C:
		case <-a.Calls.Done():
			timer.Stop()
			a.worker.tries.failed(a.Job, Verdict{Class: Retry, Unsure: true})
			a.release()
			return false
		}
	}
}
