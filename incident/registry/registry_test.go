package registry_test

import (
	"slices"
	"testing"

	"muster/cmd/muster/sourcetest"
	"muster/incident"
	"muster/incident/ledger"
	"muster/incident/registry"
)

// Every type of effect in the source is listed, so that it can be read back, has a performer and is judged by the laws.
func TestEveryEffectIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, effect := range registry.Effects() {
		handling := effect.Zero.Handling()
		if handling.Medium == "" || handling.Audience.IsZero() {
			t.Errorf("%T does not say who performs it, or who sees it: %+v", effect.Zero, handling)
		}
		listed[string(effect.Kind())] = true
	}
	if _, err := registry.EffectCodec(); err != nil {
		t.Error(err)
	}
	declared := 0
	for _, pkg := range sourcetest.Packages(t, "./incident/...") {
		declared += len(pkg.TypesWith("Handling"))
	}
	if declared != len(listed) {
		t.Errorf("the source declares %d types of effects, and %d are listed: %v", declared, len(listed), registry.EffectKinds())
	}
	if !slices.Contains(registry.Aggregates(), incident.Aggregate) {
		t.Errorf("the aggregates are %v", registry.Aggregates())
	}
}

// The private law, by kind: whatever an effect of any kind carries, the gate lets nothing of a private incident through to people
// who are outside it, and nothing that forgot its audience.
func TestNoEffectOfAnyKindShowsAPrivateIncidentOutside(t *testing.T) {
	private := incident.Incident{
		ID: "INC-1", Private: true, DeclaredBy: "U_ALICE", Members: []ledger.UserID{"U_BOB"},
		Channel: incident.Channel{ID: "C_INC", Name: "inc-1", State: incident.ChannelLive},
	}
	public := private
	public.Private = false
	for _, outside := range outsideOf(t) {
		if passage := incident.Gate(private, outside); passage != incident.Drop {
			t.Errorf("%+v: the gate answers %v for a private incident", outside, passage)
		}
		known := slices.Contains(ledger.Reaches(), outside.Reach)
		if passage := incident.Gate(public, outside); (passage == incident.Show) != known {
			t.Errorf("%+v: the gate answers %v for a public incident", outside, passage)
		}
	}
	for _, inside := range []ledger.Audience{
		ledger.ShownToNobody(), ledger.ShownInRoom(), ledger.ShownTo("U_ALICE", "U_BOB"), ledger.ShownInOverview("U_EVE"), ledger.ShownAt("C_INC"),
	} {
		if incident.Gate(private, inside) != incident.Show {
			t.Errorf("%+v is kept from people who are in", inside)
		}
	}
}

// outsideOf is every reach, as far as people outside the incident are in it; a new one has to be added here.
func outsideOf(t *testing.T) []ledger.Audience {
	t.Helper()
	audiences := []ledger.Audience{{}, {Reach: "a new one that nobody thought of"}}
	for _, reach := range ledger.Reaches() {
		switch reach {
		case ledger.ReachNobody, ledger.ReachRoom, ledger.ReachOverview: // none of them shows the incident to anybody outside it
		case ledger.ReachPeople:
			audiences = append(audiences, ledger.ShownTo("U_EVE"), ledger.ShownTo("U_EVE", "U_MALLORY"), ledger.ShownTo(""))
		case ledger.ReachGroup:
			audiences = append(audiences, ledger.ShownToGroup("S_SRE"))
		case ledger.ReachPlace:
			audiences = append(audiences, ledger.ShownAt("C_TALK"), ledger.ShownAt(""))
		case ledger.ReachAnnouncement, ledger.ReachOutside, ledger.ReachPublic:
			audiences = append(audiences, ledger.Audience{Reach: reach})
		default:
			t.Errorf("%s: who of those outside sees it?", reach)
		}
	}
	return audiences
}
