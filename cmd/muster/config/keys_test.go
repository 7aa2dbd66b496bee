package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"muster/incident"
)

// keys lists every key that a file may have, as paths; entries of lists and maps count once.
func keys(shape reflect.Type, path string) []string {
	switch shape.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return keys(shape.Elem(), path)
	case reflect.Struct:
		var all []string
		for i := range shape.NumField() {
			inner := join(path, shape.Field(i).Tag.Get("yaml"))
			all = append(append(all, inner), keys(shape.Field(i).Type, inner)...)
		}
		return all
	}
	return nil
}

func TestTheExampleHasEveryKey(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, places, problems := decode(data)
	if len(problems) > 0 {
		t.Fatal(finish("config.example.yaml", problems))
	}
	var given []string
	for path := range places {
		path, isKey := strings.CutSuffix(path, "#")
		if !isKey {
			continue
		}
		for _, rule := range incident.RuleNames() {
			path = strings.Replace(path, "reminders."+string(rule)+".", "reminders.", 1)
		}
		for _, action := range incident.Actions() {
			path = strings.Replace(path, "permissions."+string(action)+".", "permissions.", 1)
		}
		for i := range 20 {
			path = strings.Replace(path, "["+string(rune('0'+i))+"]", "", 1)
		}
		given = append(given, path)
	}
	all := keys(reflect.TypeFor[document](), "")
	if len(all) < 50 {
		t.Fatalf("only %d keys", len(all))
	}
	for _, key := range all {
		if !slices.Contains(given, key) {
			t.Errorf("the key %s is missing", key)
		}
	}
	for _, name := range incident.RuleNames() {
		if !slices.Contains(given, "reminders."+string(name)) {
			t.Errorf("the reminder %s is missing", name)
		}
	}
	for _, name := range incident.Actions() {
		if !slices.Contains(given, "permissions."+string(name)) {
			t.Errorf("the permission %s is missing", name)
		}
	}
}
