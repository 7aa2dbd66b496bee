package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// place is where something stands in the file.
type place struct{ line, column int }

// deepest is how deeply a file may be nested; none of the keys needs more than five.
const deepest = 20

// decoder walks the parsed file along the shape of document, and notes where everything stands.
type decoder struct {
	places   map[string]place // by path: "severities[0].name"; a key's own is at "severities[0].name#"
	problems []Problem
}

func decode(data []byte) (doc document, places map[string]place, problems []Problem) {
	d := &decoder{places: map[string]place{}}
	file, err := parse(data)
	if err != nil {
		return doc, nil, []Problem{syntax(err)}
	}
	for i, part := range file.Docs {
		if part.Body == nil {
			continue
		}
		if i > 0 {
			d.complain(part.Body, "a second document begins here; one file holds one configuration")
			break
		}
		if d.secrets(part.Body, 0); len(d.problems) == 0 {
			d.value(part.Body, "", reflect.ValueOf(&doc).Elem())
		}
	}
	return doc, d.places, d.problems
}

// parse keeps a mistake of the parser from ending the program.
func parse(data []byte) (file *ast.File, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("this is not YAML")
		}
	}()
	return parser.ParseBytes(data, 0)
}

func syntax(err error) Problem {
	problem := Problem{Line: 1, Column: 1, Text: "this is not YAML: " + err.Error()}
	var at yaml.Error
	if errors.As(err, &at) {
		problem.Text = "this is not YAML: " + at.GetMessage()
		if strings.HasPrefix(at.GetMessage(), "mapping key") {
			problem.Text = at.GetMessage() + "; keep one of the two"
		}
		if tk := at.GetToken(); tk != nil && tk.Position != nil {
			problem.Line, problem.Column = tk.Position.Line, tk.Position.Column
		}
	}
	return problem
}

func (d *decoder) complain(node ast.Node, format string, args ...any) {
	at := placeOf(node)
	d.problems = append(d.problems, Problem{Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...)})
}

func placeOf(node ast.Node) place {
	var tk *token.Token
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 && !mapping.IsFlowStyle {
		node = mapping.Values[0].Key
	}
	if node != nil {
		tk = node.GetToken()
	}
	if tk == nil || tk.Position == nil {
		return place{1, 1}
	}
	return place{tk.Position.Line, tk.Position.Column}
}

// value reads a node into out, which is a part of document.
func (d *decoder) value(node ast.Node, path string, out reflect.Value) {
	d.places[path] = placeOf(node)
	if _, empty := node.(*ast.NullNode); empty || node == nil {
		return // a key without a value is as if it were not there
	}
	if out.Kind() == reflect.Pointer {
		out.Set(reflect.New(out.Type().Elem()))
		out = out.Elem()
	}
	if short, ok := out.Addr().Interface().(interface{ short(string) error }); ok {
		if text, is := word(node); is {
			if err := short.short(text); err != nil {
				d.complain(node, "%s: %v", last(path), err)
			}
			return
		}
	}
	switch {
	case out.Addr().Type().Implements(reflect.TypeFor[scalar]()):
		d.scalar(node, path, out)
	case out.Kind() == reflect.Struct:
		d.fields(node, path, out)
	case out.Kind() == reflect.Map:
		d.entries(node, path, out)
	case out.Kind() == reflect.Slice:
		d.items(node, path, out)
	default:
		d.scalar(node, path, out)
	}
}

func (d *decoder) fields(node ast.Node, path string, out reflect.Value) {
	keys, fields := []string{}, map[string]int{}
	for i := range out.NumField() {
		key := out.Type().Field(i).Tag.Get("yaml")
		keys, fields[key] = append(keys, key), i
	}
	for _, pair := range d.pairs(node, path) {
		key, _ := word(pair.Key)
		if i, known := fields[key]; known {
			inner := join(path, key)
			d.places[inner+"#"] = placeOf(pair.Key)
			d.value(pair.Value, inner, out.Field(i))
			continue
		}
		d.complain(pair.Key, "unknown key %q; %s", key, oneOf(key, keys))
	}
}

func (d *decoder) entries(node ast.Node, path string, out reflect.Value) {
	out.Set(reflect.MakeMap(out.Type()))
	for _, pair := range d.pairs(node, path) {
		key, _ := word(pair.Key)
		inner := join(path, key)
		value := reflect.New(out.Type().Elem()).Elem()
		d.value(pair.Value, inner, value)
		d.places[inner+"#"] = placeOf(pair.Key)
		out.SetMapIndex(reflect.ValueOf(key), value)
	}
}

func (d *decoder) pairs(node ast.Node, path string) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	d.complain(node, "%s: keys with values are expected here", last(path))
	return nil
}

func (d *decoder) items(node ast.Node, path string, out reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.complain(node, "%s: a list is expected here, such as [a, b]", last(path))
		return
	}
	out.Set(reflect.MakeSlice(out.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		d.value(item, path+"["+strconv.Itoa(i)+"]", out.Index(i))
	}
}

func (d *decoder) scalar(node ast.Node, path string, out reflect.Value) {
	text, ok := word(node)
	if !ok {
		d.complain(node, "%s: one value is expected here", last(path))
		return
	}
	if special, is := out.Addr().Interface().(scalar); is {
		if err := special.read(text); err != nil {
			d.complain(node, "%s: %v", last(path), err)
		}
		return
	}
	switch out.Kind() {
	case reflect.String:
		out.SetString(text)
	case reflect.Bool:
		yes, is := node.(*ast.BoolNode)
		if !is {
			d.complain(node, "%s: %q is neither true nor false", last(path), text)
			return
		}
		out.SetBool(yes.Value)
	case reflect.Int:
		number, err := strconv.Atoi(text)
		if err != nil {
			d.complain(node, "%s: %q is not a whole number", last(path), text)
		}
		out.SetInt(int64(number))
	}
}

// word is the text of a scalar as it was written.
func word(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// last is the key that a path ends with, for messages.
func last(path string) string {
	path = path[strings.LastIndex(path, ".")+1:]
	if path == "" {
		return "the configuration"
	}
	return path
}

func isSecretKey(key string) bool {
	return regexp.MustCompile(`(?i)token|secret|password`).MatchString(key)
}

func isSecret(text string) bool {
	return regexp.MustCompile(`(?i)\b(xox[a-z]|xapp)-`).MatchString(text)
}

// secrets refuses tokens, without repeating them, and the kinds of nodes that no configuration needs.
func (d *decoder) secrets(node ast.Node, depth int) {
	if depth > deepest {
		d.complain(node, "this is nested too deeply for a configuration")
		return
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			d.secrets(pair, depth)
		}
	case *ast.MappingValueNode:
		if key, ok := word(n.Key); !ok {
			d.complain(n.Key, "a key has to be a word")
		} else if isSecretKey(key) || isSecret(key) {
			d.complain(n.Key, "secrets do not belong into this file; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment")
			return
		}
		d.secrets(n.Value, depth+1)
	case *ast.SequenceNode:
		for _, item := range n.Values {
			d.secrets(item, depth+1)
		}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		d.complain(node, "anchors, aliases and tags are not read here; write the value itself")
	default:
		if text, ok := word(node); ok && isSecret(text) {
			d.complain(node, "this looks like a Slack token; secrets do not belong into this file: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment")
		}
	}
}
