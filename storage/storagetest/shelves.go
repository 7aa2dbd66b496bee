package storagetest

import (
	"context"
	"fmt"
	"testing"

	"muster/storage"
)

// testShelves: a shelf keeps what was put there last, over a restart, and forgets the oldest of too many.
func testShelves(t *testing.T, w *world) {
	ctx := context.Background()
	people := storage.NewShelf[string](w.Engine, "people", 3)
	groups := storage.NewShelf[[]string](w.Engine, "groups", 100)
	read := func(key string) string {
		t.Helper()
		value, ok, err := people.Get(ctx, key)
		if err != nil || ok == (value == "") {
			t.Fatalf("get %s: %q, %v, %v", key, value, ok, err)
		}
		return value
	}
	if got := read("U1"); got != "" {
		t.Errorf("an empty shelf holds %q", got)
	}
	if err := people.Delete(ctx, "U1"); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := people.Put(ctx, map[string]string{fmt.Sprint("U", i): fmt.Sprint("person ", i)}); err != nil {
			t.Fatal(err)
		}
		if err := people.Put(ctx, map[string]string{"U0": "person 0, seen again"}); err != nil { // so that it never is the oldest
			t.Fatal(err)
		}
	}
	if err := groups.Put(ctx, map[string][]string{"S1": {"U1", "U2"}, "S2": nil}); err != nil {
		t.Fatal(err)
	}
	w.reopen(t)
	people, groups = storage.NewShelf[string](w.Engine, "people", 3), storage.NewShelf[[]string](w.Engine, "groups", 100)
	for key, want := range map[string]string{"U0": "person 0, seen again", "U1": "", "U2": "", "U3": "person 3", "U4": "person 4"} {
		if got := read(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if all, err := groups.All(ctx); err != nil || text(t, all) != `{"S1":["U1","U2"],"S2":null}` {
		t.Errorf("the groups are %s and %v", text(t, all), err)
	}
	if err := people.Delete(ctx, "U3", "U9"); err != nil || read("U3") != "" || read("U4") == "" {
		t.Errorf("after U3 was forgotten: %v", err)
	}
	if err := people.Put(ctx, map[string]string{"U5": "five", "U6": "six", "U7": "seven", "U8": "eight"}); err != nil {
		t.Fatal(err)
	}
	if all, err := people.All(ctx); err != nil || text(t, all) != `{"U6":"six","U7":"seven","U8":"eight"}` {
		t.Errorf("the people are %s and %v, want the newest three", text(t, all), err)
	}
	if err := people.Put(ctx, map[string]string{"": "nobody"}); err == nil {
		t.Error("a key without a letter was kept")
	}
}
