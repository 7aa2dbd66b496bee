package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a file.
type Problem struct {
	File         string
	Line, Column int
	Text         string // what is wrong and what would be right
}

// Error is the problem as compilers print theirs, so that editors can jump to it.
func (p Problem) Error() string { return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text) }

// Problems are all mistakes of a file, from its top to its end.
type Problems []Problem

// Error is a line for each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

func finish(file string, problems []Problem) Problems {
	for i := range problems {
		problems[i].File = file
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return problems
}

// oneOf says what would be right instead of a word: the nearest of the possible ones, or all of them.
func oneOf(got string, possible []string) string {
	if near := nearest(got, possible); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "possible are " + strings.Join(possible, ", ")
}

// nearest is the possible word that is at most a third of its letters away; "" when none is.
func nearest(got string, possible []string) string {
	best, least := "", 0
	for _, word := range possible {
		limit := max(1, len([]rune(word))/3)
		if d := distance(got, word, limit); d <= limit && (best == "" || d < least) {
			best, least = word, d
		}
	}
	return best
}

// distance is how many letters have to be added, dropped or replaced to make b of a; above limit, any number above it.
func distance(a, b string, limit int) int {
	from, to := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(from)-len(to) > limit || len(to)-len(from) > limit {
		return limit + 1
	}
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			replace := diagonal
			if r != s {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
