package perform_test

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
)

// Alice's home shows thirty of her incidents and thirty of the others, and says how many more there are of each.
func TestAHomeSaysHowManyMoreThereAre(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		for range 33 {
			w.declare(alice, incident.Declare{Title: "Hers"})
		}
		for range 34 {
			w.declare(bob, incident.Declare{Title: "Another's"})
		}
		if err := w.store.Enqueue(w.t.Context(), incident.DrawHome{User: alice}); err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Hour)
		home, ok := w.Person("alice").Home()
		if !ok {
			w.t.Fatal("alice has no home")
		}
		text := home.Text()
		for _, want := range []string{"… and 3 more.", "… and 7 more."} { // three of hers lie among the others
			if !strings.Contains(text, want) {
				w.t.Errorf("the home does not say %q:\n%s", want, text)
			}
		}
	})
}
