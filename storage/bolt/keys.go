package bolt

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"muster/incident"
)

// Keys sort as bytes: numbers are big-endian, texts end with a terminator that sorts before any continuation.

const (
	numberSize = 8
	timeSize   = 12
	signBit    = 1 << 63
)

func appendNumber(key []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(key, n) }

func numberKey(n uint64) []byte { return appendNumber(make([]byte, 0, numberSize), n) }

func readNumber(key []byte) (uint64, bool) {
	if len(key) != numberSize {
		return 0, false
	}
	return binary.BigEndian.Uint64(key), true
}

// lastNumber reads the number that a key ends with.
func lastNumber(key []byte) (uint64, bool) {
	if len(key) < numberSize {
		return 0, false
	}
	return binary.BigEndian.Uint64(key[len(key)-numberSize:]), true
}

// appendTime writes seconds and nanoseconds, so that any year sorts.
func appendTime(key []byte, t time.Time) []byte {
	key = binary.BigEndian.AppendUint64(key, uint64(t.Unix())^signBit)
	return binary.BigEndian.AppendUint32(key, uint32(t.Nanosecond()))
}

func readTime(key []byte) (time.Time, bool) {
	if len(key) < timeSize {
		return time.Time{}, false
	}
	seconds := int64(binary.BigEndian.Uint64(key) ^ signBit)
	return time.Unix(seconds, int64(binary.BigEndian.Uint32(key[8:]))).UTC(), true
}

func appendText(key []byte, text string) []byte {
	for i := range len(text) {
		key = append(key, text[i])
		if text[i] == 0 {
			key = append(key, 0xff)
		}
	}
	return append(key, 0, 1)
}

func entryKey(number, seq uint64) []byte {
	return appendNumber(numberKey(number), seq)
}

func dueKey(at time.Time, number uint64) []byte {
	return appendNumber(appendTime(make([]byte, 0, timeSize+numberSize), at), number)
}

// A rank is an incident's place in the order of incident.Query: open ones by priority and age, then finished ones, the
// newest first. It ends with the incident's number, inverted for finished ones.
const (
	rankOpen     byte = 0
	rankFinished byte = 1
)

func rank(in incident.Incident) []byte {
	if in.Status.Open() {
		key := appendText([]byte{rankOpen}, string(in.Priority))
		return appendNumber(appendTime(key, in.DeclaredAt), in.ID.Number())
	}
	key := []byte{rankFinished}
	for _, b := range appendNumber(appendTime(nil, in.DeclaredAt), in.ID.Number()) {
		key = append(key, ^b)
	}
	return key
}

func rankNumber(rank []byte) (uint64, bool) {
	if len(rank) == 0 {
		return 0, false
	}
	number, ok := lastNumber(rank[1:])
	if rank[0] == rankFinished {
		number = ^number
	}
	return number, ok
}

func encodeCursor(rank []byte) string { return base64.RawURLEncoding.EncodeToString(rank) }

func decodeCursor(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	rank, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(rank) == 0 || len(rank) > 1024 {
		return nil, fmt.Errorf("cursor %.40q is not one that a page ended with: ask for the first page", text)
	}
	return rank, nil
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
