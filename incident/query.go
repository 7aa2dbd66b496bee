package incident

// Query asks a store for a page of incidents, in the order of the queue: open ones first by priority and then by the
// time of declaration, the oldest first; finished ones by the time they were declared, the newest first.
type Query struct {
	Scope    Scope
	Severity Severity // only this one; empty: any
	Status   Status   // only this one; empty: as Scope says
	Person   UserID   // only those that this person declared or holds a role in; empty: any
	Viewer   UserID   // private incidents that this person may not see are left out
	AllSeen  bool     // leave nothing out: for the program itself, never for a person
	After    string   // the Next of the page before; empty: the first page
	Limit    int      // at most so many; 0: 20
}

// Scope is which part of the incidents a query speaks of.
type Scope string

const (
	ScopeOpen     Scope = "open"
	ScopeFinished Scope = "finished" // resolved, closed and canceled
	ScopeAll      Scope = "all"
)

// Page is one page of a list.
type Page struct {
	Incidents []Incident
	Next      string // ask for it to get the next page; empty: there is none
}
