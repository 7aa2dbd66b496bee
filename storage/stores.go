package storage

import "muster/incident"

// Stores is everything that Muster keeps: each kind of aggregate by its typed store, and the engine below them for what
// concerns them all.
type Stores struct {
	Engine
	*Incidents
}

// Kinds are the kinds of aggregates that Muster keeps. Without a policy it cannot be told when anything is due.
func Kinds(policy *incident.Policy) []Aggregate { return []Aggregate{IncidentKind(policy).Aggregate()} }

// NewStores are the stores on an engine that was opened with Kinds of the policy. onProblem is told of records that
// cannot be read and were left out of an answer; it must not block. nil tells nobody.
func NewStores(engine Engine, policy *incident.Policy, onProblem func(error)) *Stores {
	if onProblem == nil {
		onProblem = func(error) {}
	}
	return &Stores{Engine: engine, Incidents: NewIncidents(engine, IncidentKind(policy), onProblem)}
}
