// Package keys writes numbers, times and texts so that they sort as bytes: numbers are big-endian, texts end with a terminator
// that sorts before any continuation.
package keys

import (
	"encoding/binary"
	"time"
)

// How many bytes a number and a time have.
const (
	NumberSize = 8
	TimeSize   = 12

	signBit = 1 << 63
)

// AppendNumber appends a number.
func AppendNumber(key []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(key, n) }

// Number is a number alone.
func Number(n uint64) []byte { return AppendNumber(make([]byte, 0, NumberSize), n) }

// ReadNumber reads what Number wrote.
func ReadNumber(key []byte) (uint64, bool) {
	if len(key) != NumberSize {
		return 0, false
	}
	return binary.BigEndian.Uint64(key), true
}

// LastNumber reads the number that a key ends with.
func LastNumber(key []byte) (uint64, bool) {
	if len(key) < NumberSize {
		return 0, false
	}
	return binary.BigEndian.Uint64(key[len(key)-NumberSize:]), true
}

// AppendTime appends seconds and nanoseconds, so that any year sorts.
func AppendTime(key []byte, t time.Time) []byte {
	key = binary.BigEndian.AppendUint64(key, uint64(t.Unix())^signBit)
	return binary.BigEndian.AppendUint32(key, uint32(t.Nanosecond()))
}

// ReadTime reads the time that a key begins with.
func ReadTime(key []byte) (time.Time, bool) {
	if len(key) < TimeSize {
		return time.Time{}, false
	}
	seconds := int64(binary.BigEndian.Uint64(key) ^ signBit)
	return time.Unix(seconds, int64(binary.BigEndian.Uint32(key[8:]))).UTC(), true
}

// AppendText appends a text of any bytes.
func AppendText(key []byte, text string) []byte {
	for i := range len(text) {
		key = append(key, text[i])
		if text[i] == 0 {
			key = append(key, 0xff)
		}
	}
	return append(key, 0, 1)
}

// ReadText reads the text that a key begins with, and answers what comes after it.
func ReadText(key []byte) (text string, rest []byte, ok bool) {
	var read []byte
	for i := 0; i < len(key); i++ {
		if key[i] != 0 {
			read = append(read, key[i])
			continue
		}
		if i+1 == len(key) {
			return "", nil, false
		}
		switch i++; key[i] {
		case 1:
			return string(read), key[i+1:], true
		case 0xff:
			read = append(read, 0)
		default:
			return "", nil, false
		}
	}
	return "", nil, false
}
