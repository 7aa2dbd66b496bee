package action_test

import (
	"testing"
	"unicode/utf8"

	"muster/bot/slack/action"
	"muster/incident"

	"pgregory.net/rapid"
)

func TestEveryActionComesBackAsItWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := action.Action{
			Name: rapid.SampledFrom([]action.Name{action.TakeRole, action.Status, action.Pick, action.ModalStatus}).Draw(t, "name"),
			Arg:  rapid.StringN(0, 40, action.MaxArg).Draw(t, "arg"),
		}
		if rapid.Bool().Draw(t, "of an incident") {
			want.Incident = incident.NewID(rapid.Uint64Min(1).Draw(t, "number"))
		}
		got, err := action.Parse(want.String())
		if err != nil || got != want {
			t.Fatalf("Parse(%q) = %+v, %v; want %+v", want, got, err, want)
		}
		if n := len(want.String()); n > 255 {
			t.Fatalf("%d bytes, Slack takes 255", n)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("take_role:INC-42:tech_lead")
	f.Add("::")
	f.Fuzz(func(t *testing.T, id string) {
		got, err := action.Parse(id)
		if err == nil && utf8.ValidString(id) && len(got.Arg) <= action.MaxArg {
			if again, err := action.Parse(got.String()); err != nil || again != got {
				t.Fatalf("Parse(%q) = %+v, then %+v, %v", id, got, again, err)
			}
		}
	})
}
