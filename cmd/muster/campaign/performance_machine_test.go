package campaign

import (
	"os"
	"os/exec"
	"strings"
)

// What a machine says of itself. Whatever it does not say is left empty.

func first(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return line
}

// after is what stands behind a name and a colon.
func after(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func load() string {
	fields := strings.Fields(first("/proc/loadavg"))
	if len(fields) == 0 {
		return ""
	}
	return fields[0]
}

func output(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// priority is how the scheduler treats the measuring process among others.
func priority() string {
	words := []string{"nice " + output("nice")}
	if _, group, found := strings.Cut(first("/proc/self/autogroup"), " "); found {
		words = append(words, "its session "+group)
	}
	return strings.Join(words, ", ")
}

// fileSystem is what a folder lies on.
func fileSystem(dir string) string {
	lines := strings.Split(output("df", "--output=fstype,source", dir), "\n")
	return strings.Join(strings.Fields(lines[len(lines)-1]), " on ")
}
