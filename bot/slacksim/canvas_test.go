package slacksim_test

import (
	"testing"

	"muster/bot/slacksim"
)

func TestTheCanvasOfAChannel(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		id := w.create("inc-1", true, "bob")
		markdown := func(s string) string { return `{"type":"markdown","markdown":"` + s + `"}` }
		made := w.raw("conversations.canvases.create", "channel_id", id, "title", "Review", "document_content", markdown(`# What happened\nIt broke.\n\n- one\n- two`))
		canvas, _ := made["canvas_id"].(string)
		bob := w.Person("bob")
		if seen, ok := bob.Canvas("inc-1"); !ok || seen.Title != "Review" || seen.Text() != "# What happened\n\nIt broke.\n\n- one\n- two" {
			t.Errorf("bob reads %q, %v", seen.Text(), ok)
		}
		if _, ok := w.Person("alice").Canvas(canvas); ok {
			t.Error("alice reads the canvas of a private channel that she is not in")
		}
		if again := w.call("conversations.canvases.create", "channel_id", id).Error; again != "channel_canvas_already_exists" {
			t.Errorf("a second one: %q", again)
		}
		found := w.raw("canvases.sections.lookup", "canvas_id", canvas, "criteria", `{"contains_text":"broke"}`)["sections"].([]any)
		if len(found) != 1 {
			t.Fatalf("sections: %v", found)
		}
		section := found[0].(map[string]any)["id"].(string)
		edit := func(change string) string {
			return w.call("canvases.edit", "canvas_id", canvas, "changes", "["+change+"]").Error
		}
		steps := []struct{ what, got, want string }{
			{"replace", edit(`{"operation":"replace","section_id":"` + section + `","document_content":` + markdown("It was slow.") + `}`), ""},
			{"replace what is gone", edit(`{"operation":"replace","section_id":"` + section + `","document_content":` + markdown("x") + `}`), "canvas_editing_failed"},
			{"append", edit(`{"operation":"insert_at_end","document_content":` + markdown("The end.") + `}`), ""},
			{"share", w.call("canvases.access.set", "canvas_id", canvas, "access_level", "read", "user_ids", w.Person("alice").ID).Error, ""},
			{"share with nobody", w.call("canvases.access.set", "canvas_id", canvas, "access_level", "read").Error, "invalid_parameters"},
			{"nowhere", w.call("canvases.edit", "canvas_id", "F0", "changes", "[]").Error, "canvas_not_found"},
		}
		for _, s := range steps {
			if s.got != s.want {
				t.Errorf("%s: got %q, want %q", s.what, s.got, s.want)
			}
		}
		if seen, ok := w.Person("alice").Canvas(canvas); !ok || seen.Text() != "# What happened\n\nIt was slow.\n\n- one\n- two\n\nThe end." {
			t.Errorf("alice, with whom it is shared, reads %q, %v", seen.Text(), ok)
		}
		w.call("canvases.delete", "canvas_id", canvas)
		if _, ok := bob.Canvas("inc-1"); ok {
			t.Error("it is still there")
		}
	})
}
