package storage

import (
	"encoding/base64"
	"fmt"
	"strings"

	"muster/incident"
	"muster/storage/keys"
)

// The indexes of incidents. Those by a name hold a rank under each.
const (
	indexQueue    = "queue"    // rank
	indexStatus   = "status"   // status, rank
	indexSeverity = "severity" // severity, rank
	indexPerson   = "person"   // person, rank
	indexChannel  = "channel"  // channel -> number
	indexWatched  = "watched"  // number, of each that may have a reminder
)

// A rank is an incident's place in the order of incident.Query: open ones by priority and age, then finished ones, the
// newest first. It ends with the incident's number, inverted for finished ones.
const (
	rankOpen     byte = 0
	rankFinished byte = 1
)

func rank(in incident.Incident) []byte {
	if in.Status.Open() {
		key := keys.AppendText([]byte{rankOpen}, string(in.Priority))
		return keys.AppendNumber(keys.AppendTime(key, in.DeclaredAt), in.ID.Number())
	}
	key := []byte{rankFinished}
	for _, b := range keys.AppendNumber(keys.AppendTime(nil, in.DeclaredAt), in.ID.Number()) {
		key = append(key, ^b)
	}
	return key
}

func rankNumber(rank []byte) (uint64, bool) {
	if len(rank) == 0 {
		return 0, false
	}
	number, ok := keys.LastNumber(rank[1:])
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

// incidentKeys lists every key that an incident is found by; none for the zero incident.
func incidentKeys(in incident.Incident) Keys {
	if in.ID == "" {
		return Keys{}
	}
	place := rank(in)
	number := string(keys.Number(in.ID.Number()))
	under := func(name string) string { return string(append(keys.AppendText(nil, name), place...)) }
	index := []Key{
		{Index: indexQueue, Key: string(place)},
		{Index: indexStatus, Key: under(string(in.Status))},
		{Index: indexSeverity, Key: under(string(in.Severity))},
	}
	for _, person := range in.Involved() {
		index = append(index, Key{Index: indexPerson, Key: under(string(person))})
	}
	if in.Channel.ID != "" {
		index = append(index, Key{Index: indexChannel, Key: string(in.Channel.ID), Value: number})
	}
	if watched(in) {
		index = append(index, Key{Index: indexWatched, Key: number})
	}
	return Keys{Index: index, Count: countKey(in)}
}

// watched reports whether an incident may have a reminder ahead: while it is open, and until its channel is archived.
func watched(in incident.Incident) bool {
	return in.Status.Open() || (in.Channel.ID != "" && in.Channel.State != incident.ChannelArchived)
}

// mayBeDue lists what may have a reminder. Where the policy archives nothing, finished incidents have none.
func mayBeDue(policy *incident.Policy) func(Reader) []string {
	return func(r Reader) []string {
		index, first := indexWatched, []byte(nil)
		if policy.ArchiveAfter <= 0 {
			index, first = indexQueue, []byte{rankOpen}
		}
		var ids []string
		cursor := r.Index(incident.Aggregate, index)
		for key, _ := cursor.Seek(first); key != nil && (index == indexWatched || len(key) > 0 && key[0] == rankOpen); key, _ = cursor.Next() {
			if number, ok := keys.LastNumber(key); ok {
				ids = append(ids, string(incident.NewID(number)))
			}
		}
		return ids
	}
}

func countKey(in incident.Incident) string {
	private := "public"
	if in.Private {
		private = "private"
	}
	return strings.Join([]string{string(in.Status), string(in.Severity), private}, "\x00")
}
