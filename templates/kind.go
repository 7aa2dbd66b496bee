package templates

import (
	"fmt"
	"reflect"

	"muster/incident"
	"muster/incident/registry"
)

// kinds lists the names of every kind that families of texts have words for.
func kinds() map[reflect.Type][]string {
	return map[reflect.Type][]string{
		reflect.TypeFor[incident.Status]():     listed(incident.Statuses()),
		reflect.TypeFor[incident.Verb]():       listed(incident.Verbs()),
		reflect.TypeFor[incident.Severity]():   severities(),
		reflect.TypeFor[incident.Role]():       roles(),
		reflect.TypeFor[incident.Action]():     listed(incident.Actions()),
		reflect.TypeFor[incident.RuleName]():   listed(incident.RuleNames()),
		reflect.TypeFor[incident.StepName]():   listed(incident.StepNames()),
		reflect.TypeFor[incident.Code]():       listed(incident.Codes()),
		reflect.TypeFor[incident.EventKind]():  listed(incident.EventKinds()),
		reflect.TypeFor[incident.EffectKind](): listed(registry.EffectKinds()),
		reflect.TypeFor[Topic]():               listed(Topics()),
		reflect.TypeFor[Explained]():           listed(explained()),
		reflect.TypeFor[Reason]():              listed(reasons()),
		reflect.TypeFor[FieldName]():           listed(fieldNames()),
	}
}

func listed[T ~string](names []T) []string {
	var out []string
	for _, name := range names {
		out = append(out, string(name))
	}
	return out
}

// severities and roles are those of the default policy: a configured one brings words of its own, or is shown by its name.
func severities() []string {
	names := []string{string(incident.Unknown)}
	for _, level := range incident.DefaultPolicy().Severities {
		names = append(names, string(level.Name))
	}
	return names
}

func roles() []string {
	var names []string
	for _, role := range incident.DefaultPolicy().Roles {
		names = append(names, string(role.Name))
	}
	return names
}

// namesOf is the names of a kind, and those that a field adds.
func namesOf[K ~string](kinds map[reflect.Type][]string, at place) ([]string, error) {
	names, known := kinds[reflect.TypeFor[K]()]
	if !known {
		return nil, fmt.Errorf("%s: kinds does not list the names of a %s", at.name, reflect.TypeFor[K]())
	}
	return append(append([]string(nil), names...), at.also...), nil
}
