package ledger

// Effect is something the world must be told or made to do. It is kept in the outbox in the same transaction as the
// events that it follows from, and performed at least once; its performer makes that look like once.
type Effect interface{ Handling() Handling }

// EffectKind is the persisted name of an effect.
type EffectKind string

// Medium is the name of the part of the program that performs an effect: one of Slack's, mail, a pager. The zero Medium has no
// performer.
type Medium string

// Slack is the medium of everything that is shown or done in Slack.
const Slack Medium = "slack"

// Handling says how an effect is kept and performed.
type Handling struct {
	Kind EffectKind
	// Medium performs it.
	Medium Medium
	// Of is the aggregate it belongs to; zero for a home view that a person opened.
	Of Ref
	// Audience is who gets to see what it shows.
	Audience Audience
	// Key names the effect within the workspace.
	Key string
	// Lane names what must stay in order: effects of one lane run one after the other, first in, first out.
	Lane string
	// Urgency orders what waits for the same rate.
	Urgency Urgency
	// Coalesces: the effect renders the newest state when it runs, so that two waiting ones with one key are one. The one that
	// waits already keeps its place and takes the content of the newer one, unless that is less urgent. The keys of all other
	// effects are unique.
	Coalesces bool
}

// Urgency is how pressing an effect is; lower runs first.
type Urgency int

const (
	UrgencyPage     Urgency = iota // somebody must come, or the room they come to must exist
	UrgencyUpdate                  // somebody reads it
	UrgencyCosmetic                // it only looks better afterwards
)

// CoalesceEffects makes one of several coalescing effects with one key, as the outbox does with those that wait.
func CoalesceEffects(effects []Effect) []Effect {
	at := map[string]int{}
	var kept []Effect
	for _, effect := range effects {
		handling := effect.Handling()
		if !handling.Coalesces {
			kept = append(kept, effect)
			continue
		}
		if i, again := at[handling.Key]; !again {
			at[handling.Key] = len(kept)
			kept = append(kept, effect)
		} else {
			kept[i] = Newer(kept[i], effect)
		}
	}
	return kept
}

// Newer is the effect of two coalescing ones that become one: the newer one, unless that is less urgent.
func Newer(old, new Effect) Effect {
	if old.Handling().Urgency < new.Handling().Urgency {
		return old
	}
	return new
}
