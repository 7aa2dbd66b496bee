// Package paper writes one incident whole, for people (Markdown, HTML) and for programs (JSON). It decides what stands where;
// headings come from templates, and whatever people typed is escaped for the format that it goes into.
package paper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"muster/incident"
)

// Format is how an export is written.
type Format string

const (
	Markdown Format = "md"
	HTML     Format = "html"
	JSON     Format = "json"
)

// Source is where incidents are read; storage.Store is one.
type Source interface {
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	Timeline(ctx context.Context, id incident.ID, after uint64, limit int) ([]incident.Entry, error)
}

// Document is everything that is known of one incident. Its JSON is the JSON format.
type Document struct {
	Version  int               `json:"version"` // of this format
	Incident incident.Incident `json:"incident"`
	Timeline []incident.Entry  `json:"timeline"`
}

// page is how many entries are read at a time.
const page = 500

// Collect reads an incident with its timeline. An unknown one is incident.ErrNotFound. Entries that are written while it
// reads are left out, so that timeline and state fit each other.
func Collect(ctx context.Context, source Source, id incident.ID) (Document, error) {
	in, err := source.Get(ctx, id)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Version: 1, Incident: in}
	for after := uint64(0); after < in.Seq; {
		entries, err := source.Timeline(ctx, id, after, page)
		if err != nil {
			return Document{}, err
		}
		if len(entries) == 0 {
			return Document{}, errors.New("the timeline ends too early; muster check tells more")
		}
		for _, entry := range entries {
			if after = entry.Seq; entry.Seq <= in.Seq {
				doc.Timeline = append(doc.Timeline, entry)
			}
		}
	}
	return doc, nil
}

// json is the document for programs.
func (d Document) json() ([]byte, error) {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write %s as JSON: %w", d.Incident.ID, err)
	}
	return append(data, '\n'), nil
}
