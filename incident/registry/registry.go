// Package registry has the one list of all aggregates and of all effects that any of them asks for: for the storage, which reads
// them back, for the worker, which wants a performer for each, and for tests, which want nothing to be missing.
package registry

import (
	"slices"

	"muster/incident"
	"muster/incident/ledger"
)

// Aggregates lists the kinds of aggregates.
func Aggregates() []ledger.Aggregate { return []ledger.Aggregate{incident.Aggregate} }

// Effects lists every type of effect there is.
func Effects() []ledger.EffectType { return incident.EffectTypes() }

// EffectCodec writes and reads every effect there is.
func EffectCodec() (*ledger.EffectCodec, error) { return ledger.NewEffectCodec(Effects()) }

// EffectKinds lists the kinds of effects, by name.
func EffectKinds() []ledger.EffectKind {
	var kinds []ledger.EffectKind
	for _, effect := range Effects() {
		kinds = append(kinds, effect.Kind())
	}
	slices.Sort(kinds)
	return kinds
}
