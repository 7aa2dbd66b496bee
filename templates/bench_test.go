package templates

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("en", nil); err != nil {
			b.Fatal(err)
		}
	}
}
