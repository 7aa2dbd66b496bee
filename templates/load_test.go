package templates

import "testing"

func TestLoadEn(t *testing.T) {
	if _, err := Load("en", nil); err != nil {
		t.Fatal(err)
	}
}
