package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
)

// EffectType is how one kind of effect is kept.
type EffectType struct {
	Zero   Effect // an effect of this type, with nothing in it
	decode func(data []byte) (Effect, error)
}

// EffectOf is the type T as the outbox keeps it.
func EffectOf[T Effect]() EffectType {
	var zero T
	return EffectType{Zero: zero, decode: func(data []byte) (Effect, error) {
		var effect T
		err := json.Unmarshal(data, &effect)
		return effect, err
	}}
}

// Kind is the persisted name of the type.
func (t EffectType) Kind() EffectKind { return t.Zero.Handling().Kind }

// EffectCodec writes effects and reads them back. It may be used by many goroutines.
type EffectCodec struct{ types map[EffectKind]EffectType }

// NewEffectCodec makes a codec of all types of effects; two of one kind are an error.
func NewEffectCodec(types []EffectType) (*EffectCodec, error) {
	codec := &EffectCodec{types: map[EffectKind]EffectType{}}
	for _, one := range types {
		if _, twice := codec.types[one.Kind()]; twice || one.Kind() == "" {
			return nil, fmt.Errorf("effect kind %q is there twice, or has no name", one.Kind())
		}
		codec.types[one.Kind()] = one
	}
	return codec, nil
}

// Kinds lists the kinds that the codec knows, by name.
func (c *EffectCodec) Kinds() []EffectKind {
	var kinds []EffectKind
	for kind := range c.types {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// effectJSON is an effect on its way out, or in with a content that is yet to be read.
type effectJSON[E any] struct {
	Kind   EffectKind `json:"kind"`
	Effect E          `json:"effect"`
}

// Encode writes an effect with its kind; a kind that could not be read back is an error.
func (c *EffectCodec) Encode(effect Effect) ([]byte, error) {
	kind := effect.Handling().Kind
	if _, known := c.types[kind]; !known {
		return nil, fmt.Errorf("encode effect: unknown kind %q", kind)
	}
	data, err := json.Marshal(effectJSON[Effect]{Kind: kind, Effect: effect})
	if err != nil {
		return nil, fmt.Errorf("encode effect %s: %w", kind, err)
	}
	return data, nil
}

// Decode reads what Encode wrote; a kind that it does not know is an error.
func (c *EffectCodec) Decode(data []byte) (Effect, error) {
	var wire effectJSON[json.RawMessage]
	if err := json.Unmarshal(data, &wire); err != nil {
		return nil, fmt.Errorf("decode effect: %w", err)
	}
	known, found := c.types[wire.Kind]
	if !found {
		return nil, fmt.Errorf("decode effect: unknown kind %q", wire.Kind)
	}
	effect, err := known.decode(wire.Effect)
	if err != nil {
		return nil, fmt.Errorf("decode effect %s: %w", wire.Kind, err)
	}
	return effect, nil
}
