package storage

import (
	"context"
	"encoding/json"
	"fmt"
)

// Shelf is a cache that outlasts the program, for what can be asked for again: it holds so many things and forgets what was put
// there longest ago. What cannot be read, as after a change of T, is not there.
type Shelf[T any] struct {
	engine Shelves
	name   string
	most   int
}

// NewShelf is the shelf of a name, which is persisted. Two of one name are one shelf.
func NewShelf[T any](engine Shelves, name string, most int) *Shelf[T] {
	return &Shelf[T]{engine: engine, name: name, most: most}
}

// Get reads one thing.
func (s *Shelf[T]) Get(ctx context.Context, key string) (value T, ok bool, err error) {
	data, ok, err := s.engine.Recall(ctx, s.name, key)
	if err != nil || !ok {
		return value, false, err
	}
	value, ok = read[T](data)
	return value, ok, nil
}

// All reads everything.
func (s *Shelf[T]) All(ctx context.Context) (map[string]T, error) {
	kept, err := s.engine.RecallAll(ctx, s.name)
	if err != nil {
		return nil, err
	}
	all := make(map[string]T, len(kept))
	for key, data := range kept {
		if value, ok := read[T](data); ok {
			all[key] = value
		}
	}
	return all, nil
}

// Put puts things there, in one commit.
func (s *Shelf[T]) Put(ctx context.Context, values map[string]T) error {
	encoded := make(map[string][]byte, len(values))
	for key, value := range values {
		data, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("put %s on the shelf %s: %w", key, s.name, err)
		}
		encoded[key] = data
	}
	return s.engine.Remember(ctx, s.name, s.most, encoded)
}

// Delete takes things off; what is not there is left out.
func (s *Shelf[T]) Delete(ctx context.Context, names ...string) error {
	return s.engine.Forget(ctx, s.name, names...)
}

func read[T any](data []byte) (value T, ok bool) {
	err := json.Unmarshal(data, &value)
	return value, err == nil
}
