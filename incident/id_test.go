package incident

import (
	"testing"

	"muster/cmd/muster/sourcetest"
)

func TestIDs(t *testing.T) {
	for text, want := range map[string]ID{
		"INC-42": "INC-42", "inc-42": "INC-42", "Inc-042": "INC-42", "#42": "INC-42", "INC-18446744073709551615": "INC-18446744073709551615",
		"": "", "#": "", "INC-": "", "INC-0": "", "#0": "", "INC-+5": "", "INC--5": "", "INC-4 2": "", "INC-1_0": "", "42": "", "#INC-42": "",
		"INC-18446744073709551616": "", "INC-٤٢": "", "INÇ-42": "", "OPS-42": "", "INC-0x1F": "",
	} {
		got, err := ParseID(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, err, want)
		}
	}
	for id, want := range map[ID]uint64{"INC-42": 42, "42": 0, "": 0, "INC-": 0, "INC-x": 0, NewID(7): 7} {
		if got := id.Number(); got != want {
			t.Errorf("%q has the number %d, want %d", id, got, want)
		}
	}
	if (MessageRef{Channel: "C1"}).Posted() || !(MessageRef{TS: "1.1"}).Posted() {
		t.Error("a message is posted when it has a timestamp")
	}
}

func TestErrorsSayWhatTheyAre(t *testing.T) {
	if got := (&Refusal{Code: RefuseOver}).Error(); got != "refused: over" {
		t.Error(got)
	}
	if got := (&SeenError{Of: ID("INC-1").Ref()}).Error(); got != "seen before (incident/INC-1)" {
		t.Error(got)
	}
}

// A code that is not listed has no sentence in any language, and no test would ask for one.
func TestEveryCodeIsListed(t *testing.T) {
	listed := map[Code]bool{}
	for _, code := range Codes() {
		if code == "" || listed[code] {
			t.Errorf("%q is listed twice, or empty", code)
		}
		listed[code] = true
	}
	constants := sourcetest.Packages(t, "./incident")[0].Constants("Code")
	for name, code := range constants {
		if !listed[Code(code)] {
			t.Errorf("%s, %q, is not listed in Codes", name, code)
		}
	}
	if len(constants) != len(listed) {
		t.Errorf("%d codes are listed, and the source has %d", len(listed), len(constants))
	}
}
