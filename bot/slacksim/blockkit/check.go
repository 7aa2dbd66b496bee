package blockkit

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"
)

// surface is where blocks are shown. Each allows other blocks and elements.
type surface string

const (
	inMessage surface = "message"
	inModal   surface = "modal"
	inHome    surface = "home"
)

// checker collects what Slack would say against one payload.
type checker struct {
	surface  surface
	problems []string
	blockIDs map[string]bool
	// focused counts elements with focus_on_load: a view may have one.
	focused int
	// markdown counts the characters of all markdown blocks: their limit is for the payload.
	markdown int
	tables   int
}

func (c *checker) fail(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// rule checks one value that stands at a JSON pointer.
type rule func(c *checker, at string, v any)

// shape is a JSON object: the fields it must have, and the rule of each field that it may have.
type shape struct {
	required []string
	fields   map[string]rule
}

// object checks v against a shape and returns it; ok is false when v is no object at all.
func (c *checker) object(at string, v any, s shape) (o map[string]any, ok bool) {
	o, ok = v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return nil, false
	}
	for _, name := range s.required {
		if _, has := o[name]; !has {
			c.fail(at, "missing required field: %s", name)
		}
	}
	for _, name := range sortedKeys(o) {
		check, known := s.fields[name]
		if !known {
			c.fail(at, "invalid additional property: %s", name)
			continue
		}
		if check != nil {
			check(c, at+"/"+name, o[name])
		}
	}
	return o, true
}

// record is the rule for an object of one shape.
func record(s shape) rule {
	return func(c *checker, at string, v any) { c.object(at, v, s) }
}

// text is a string of least to most characters. Slack counts characters, not bytes.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fail(at, "must provide a string")
			return
		}
		n := utf8.RuneCountInString(s)
		if n < least {
			c.fail(at, "must be more than %d characters", least-1)
		}
		if n > most {
			c.fail(at, "must be less than %d characters", most+1)
		}
	}
}

// link is an absolute URL of at most most characters whose scheme is one of schemes.
func link(most int, schemes ...string) rule {
	return func(c *checker, at string, v any) {
		text(1, most)(c, at, v)
		s, _ := v.(string)
		u, err := url.Parse(s)
		if s != "" && (err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" && u.Opaque == "") {
			c.fail(at, "invalid url")
		}
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(at, "must provide a boolean")
	}
}

// whole is an integer between least and most.
func whole(least, most int) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			c.fail(at, "must provide an integer")
		case n < float64(least):
			c.fail(at, "must be greater than %d", least-1)
		case n > float64(most):
			c.fail(at, "must be less than %d", most+1)
		}
	}
}

// decimal is a number written as a string.
func decimal(c *checker, at string, v any) {
	s, ok := v.(string)
	if _, err := strconv.ParseFloat(s, 64); !ok || err != nil {
		c.fail(at, "must provide a number as a string")
	}
}

// oneOf is a string out of a fixed set.
func oneOf(allowed ...string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			c.fail(at, "must be a valid enum value")
		}
	}
}

// list is an array of least to most items, each held to one rule.
func list(least, most int, each rule) rule {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		if !ok {
			c.fail(at, "must provide an array")
			return
		}
		if len(items) < least {
			c.fail(at, "must provide at least %d items", least)
		}
		if len(items) > most {
			c.fail(at, "no more than %d items allowed", most)
		}
		for i, item := range items {
			each(c, at+"/"+strconv.Itoa(i), item)
		}
	}
}

func sortedKeys(o map[string]any) []string {
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// fieldString is the string field of an object, or "" when it is missing or of another type.
func fieldString(v any, name string) string {
	o, _ := v.(map[string]any)
	s, _ := o[name].(string)
	return s
}
