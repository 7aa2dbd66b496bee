package sourcetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// overlay is what stands for which file, both with absolute paths; what stands for nothing is "" and deleted.
type overlay map[string]string

// overlayOf reads the overlay that GOFLAGS names, if it names one.
func overlayOf(t testing.TB) overlay {
	t.Helper()
	for _, flag := range strings.Fields(os.Getenv("GOFLAGS")) {
		file, is := strings.CutPrefix(flag, "-overlay=")
		if !is {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("read the overlay: %v", err)
		}
		var content struct{ Replace map[string]string }
		if err := json.Unmarshal(data, &content); err != nil {
			t.Fatalf("read the overlay: %v", err)
		}
		return content.Replace
	}
	return nil
}

// source is where a file's text stands; false when the overlay deletes it.
func (o overlay) source(path string) (string, bool) {
	instead, replaced := o[path]
	if !replaced {
		return path, true
	}
	return instead, instead != ""
}

// below are the Go files below a folder that are in the overlay.
func (o overlay) below(dir string) (paths []string) {
	for path := range o {
		if strings.HasSuffix(path, ".go") && strings.HasPrefix(path, dir+string(filepath.Separator)) {
			paths = append(paths, path)
		}
	}
	return paths
}
