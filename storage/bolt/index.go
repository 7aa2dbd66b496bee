package bolt

import (
	"encoding/binary"
	"slices"
	"strings"

	"muster/incident"
)

// indexEntry is one key of an index that an incident is found by.
type indexEntry struct {
	bucket string
	key    string
	value  string
}

// indexEntries lists every key that an incident is found by; none for the zero incident.
func indexEntries(in incident.Incident) []indexEntry {
	if in.ID == "" {
		return nil
	}
	place := rank(in)
	number := string(numberKey(in.ID.Number()))
	under := func(name string) string { return string(append(appendText(nil, name), place...)) }
	entries := []indexEntry{
		{bucketQueue, string(place), ""},
		{bucketStatus, under(string(in.Status)), ""},
		{bucketSeverity, under(string(in.Severity)), ""},
	}
	for _, person := range in.Involved() {
		entries = append(entries, indexEntry{bucketPerson, under(string(person)), ""})
	}
	if in.Channel.ID != "" {
		entries = append(entries, indexEntry{bucketChannel, string(in.Channel.ID), number})
	}
	if watched(in) {
		entries = append(entries, indexEntry{bucketWatched, number, ""})
	}
	return entries
}

// watched reports whether an incident may have a reminder ahead: while it is open, and until its channel is archived.
func watched(in incident.Incident) bool {
	return in.Status.Open() || (in.Channel.ID != "" && in.Channel.State != incident.ChannelArchived)
}

// reindex turns the index entries and counts of one state into those of the next, whose index entries are now.
func (tx *writeTx) reindex(before, after incident.Incident, now []indexEntry) error {
	old := indexEntries(before)
	for _, entry := range old {
		if !slices.Contains(now, entry) {
			if err := tx.del(entry.bucket, []byte(entry.key)); err != nil {
				return err
			}
		}
	}
	for _, entry := range now {
		if !slices.Contains(old, entry) {
			if err := tx.put(entry.bucket, []byte(entry.key), []byte(entry.value)); err != nil {
				return err
			}
		}
	}
	return tx.recount(before, after)
}

func countKey(in incident.Incident) string {
	private := "public"
	if in.Private {
		private = "private"
	}
	return strings.Join([]string{string(in.Status), string(in.Severity), private}, "\x00")
}

func (tx *writeTx) recount(before, after incident.Incident) error {
	if before.ID != "" && countKey(before) == countKey(after) {
		return nil
	}
	if before.ID != "" {
		if err := tx.count(countKey(before), -1); err != nil {
			return err
		}
	}
	return tx.count(countKey(after), 1)
}

func (tx *writeTx) count(key string, change int64) error {
	n, _ := readNumber(tx.Bucket([]byte(bucketCounts)).Get([]byte(key)))
	return tx.put(bucketCounts, []byte(key), binary.BigEndian.AppendUint64(nil, uint64(max(int64(n)+change, 0))))
}
