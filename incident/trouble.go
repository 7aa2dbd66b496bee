package incident

import (
	"slices"

	"muster/incident/ledger"
)

// Trouble is an effect that failed for good and waits for a person.
type Trouble struct {
	Job    JobID      `json:"job"`
	Kind   EffectKind `json:"kind"`
	Key    string     `json:"key,omitempty"` // of the effect: a later one with this key stands for it
	Reason string     `json:"reason"`        // its medium's error code; never a message body
}

// Failed reports whether an effect of a kind failed for good and still waits for a person.
func (in Incident) Failed(kind EffectKind) bool {
	return slices.ContainsFunc(in.Troubles, func(trouble Trouble) bool { return trouble.Kind == kind })
}

type (
	// RecordFailure says that an effect failed for good.
	RecordFailure struct {
		Job    JobID
		Kind   EffectKind
		Key    string // the effect's
		Reason string // its medium's error code; never a message body
	}
	// RetryEffect puts a failed effect back into the outbox.
	RetryEffect struct{ Job JobID }
	// ClearTrouble says that a trouble has become pointless: a later effect did what the failed one was for, or failed in its place.
	ClearTrouble struct{ Job JobID }
)

func (RecordFailure) Aggregate() ledger.Aggregate { return Aggregate }
func (RetryEffect) Aggregate() ledger.Aggregate   { return Aggregate }
func (ClearTrouble) Aggregate() ledger.Aggregate  { return Aggregate }

func (RecordFailure) needs() Need { return reported() }
func (RetryEffect) needs() Need   { return permission(ActRepair) }
func (ClearTrouble) needs() Need  { return reported() }

func (RecordFailure) stands(Incident) error { return nil }
func (RetryEffect) stands(Incident) error   { return nil }
func (ClearTrouble) stands(Incident) error  { return nil }

func (c RecordFailure) decide(in Incident, _ circumstances) ([]Event, error) {
	trouble, known := in.trouble(c.Job)
	return eventIf(!known || trouble.Reason != c.Reason, EventEffectFailed{Trouble: Trouble(c)})
}

func (c RetryEffect) decide(in Incident, _ circumstances) ([]Event, error) {
	trouble, known := in.trouble(c.Job)
	if !known {
		return nil, &Refusal{Code: RefuseNoChange}
	}
	if trouble.Reason == ReasonUnreadable { // only the version that wrote it can do it
		return nil, &Refusal{Code: RefuseUnreadable}
	}
	return []Event{EventEffectRetried{Job: trouble.Job, Kind: trouble.Kind}}, nil
}

func (c ClearTrouble) decide(in Incident, _ circumstances) ([]Event, error) {
	trouble, known := in.trouble(c.Job)
	return eventIf(known, EventTroubleCleared{Job: trouble.Job, Kind: trouble.Kind})
}

// trouble looks up a failed effect by its job.
func (in Incident) trouble(job JobID) (Trouble, bool) {
	for _, trouble := range in.Troubles {
		if trouble.Job == job {
			return trouble, true
		}
	}
	return Trouble{}, false
}

type (
	// EventEffectFailed: an effect failed for good and waits for a person.
	EventEffectFailed struct {
		Trouble Trouble `json:"trouble"`
	}
	// EventEffectRetried: a person asked for a failed effect again.
	EventEffectRetried struct {
		Job  JobID      `json:"job"`
		Kind EffectKind `json:"kind"`
	}
	// EventTroubleCleared: a failed effect has become pointless, and its job is dropped.
	EventTroubleCleared struct {
		Job  JobID      `json:"job"`
		Kind EffectKind `json:"kind"`
	}
)

func (EventEffectFailed) EventKind() EventKind   { return KindEffectFailed }
func (EventEffectRetried) EventKind() EventKind  { return KindEffectRetried }
func (EventTroubleCleared) EventKind() EventKind { return KindTroubleCleared }

func (e EventEffectFailed) fold(in *Incident, _ Entry) {
	in.dropTrouble(e.Trouble.Job) // it failed for another reason before, such as that another version could not read it
	in.Troubles = append(in.Troubles, e.Trouble)
	if e.Trouble.Kind == KindRestoreChannel {
		in.Restoring = false
	}
}
func (e EventEffectRetried) fold(in *Incident, _ Entry)  { in.dropTrouble(e.Job) }
func (e EventTroubleCleared) fold(in *Incident, _ Entry) { in.dropTrouble(e.Job) }

func (in *Incident) dropTrouble(job JobID) {
	in.Troubles = slices.DeleteFunc(in.Troubles, func(trouble Trouble) bool { return trouble.Job == job })
	if len(in.Troubles) == 0 {
		in.Troubles = nil
	}
}

func (EventEffectFailed) follows(_, _ Incident, _ Entry, _ *Policy) []Effect   { return nil }
func (EventEffectRetried) follows(_, _ Incident, _ Entry, _ *Policy) []Effect  { return nil }
func (EventTroubleCleared) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }

// tells: a failure of the telling itself is not told, or there would be no end of it; nor one that would be told in the same
// words as another that still waits for a person.
func (e EventEffectFailed) tells(before Incident) Telling {
	if e.Trouble.Kind == KindPostEntry || slices.ContainsFunc(before.Troubles, func(other Trouble) bool {
		return other.Kind == e.Trouble.Kind && other.Reason == e.Trouble.Reason
	}) {
		return TellsNobody
	}
	return TellsChannel
}
func (EventEffectRetried) tells(Incident) Telling  { return TellsNobody }
func (EventTroubleCleared) tells(Incident) Telling { return TellsNobody }
