// Package command is the grammar of /incident: it turns what somebody typed into a Line, and the pieces of a line into
// people, durations and times. It decides nothing and looks nothing up.
package command
