package ledger

// ActorKind says what somebody is to the workspace.
type ActorKind string

const (
	Person   ActorKind = "person"   // a full member of the workspace
	Guest    ActorKind = "guest"    // restricted to some channels
	Stranger ActorKind = "stranger" // of another organisation, through a shared channel
	Deleted  ActorKind = "deleted"  // deactivated
	System   ActorKind = "system"   // Muster itself: reminders, recorded outcomes
	Machine  ActorKind = "machine"  // another bot
)

// Actor is who asks for a command. A timeline does not keep the groups: they matter only at the moment of asking.
type Actor struct {
	ID     UserID    `json:"id,omitempty"`
	Kind   ActorKind `json:"kind"`
	Groups []GroupID `json:"-"` // the user groups they belong to, as far as the policy names them
}

// Human reports whether a person acts rather than a program.
func (a Actor) Human() bool { return a.Kind == Person || a.Kind == Guest || a.Kind == Stranger }
