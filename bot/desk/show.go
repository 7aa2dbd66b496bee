package desk

import (
	"context"
	"errors"
	"fmt"

	"muster/incident"
	"muster/incident/ledger"
)

// Show answers an incident to somebody who names it. Where there is none that they may know of, the error is the *incident.Refusal
// that says so.
func (d *Desk) Show(ctx context.Context, viewer incident.Actor, id incident.ID) (incident.Incident, error) {
	in, err := d.store.Get(ctx, id)
	if errors.Is(err, incident.ErrNotFound) || (err == nil && !incident.Shown(in, ledger.ShownTo(viewer.ID))) {
		return incident.Incident{}, &incident.Refusal{Code: incident.RefuseUnknownIncident, Text: string(id)}
	}
	return in, err
}

// InChannel is the incident whose own channel this is, nil if there is none. It is for a door that has to know what is reported
// of a channel; before any of it is shown, the door asks whether the viewer may see it.
func (d *Desk) InChannel(ctx context.Context, channel incident.ChannelID) (*incident.Incident, error) {
	if channel == "" {
		return nil, nil
	}
	in, err := d.store.ByChannel(ctx, channel)
	if errors.Is(err, incident.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the incident of the channel: %w", err)
	}
	return &in, nil
}

// List answers a page of the incidents that somebody may see.
func (d *Desk) List(ctx context.Context, viewer incident.Actor, query incident.Query) (incident.Page, error) {
	if err := d.Permits(viewer, incident.ActView, nil); err != nil {
		return incident.Page{}, err
	}
	query.Viewer, query.AllSeen = viewer.ID, false
	return d.store.List(ctx, query)
}

// Timeline answers entries of an incident after a number, at most so many.
func (d *Desk) Timeline(ctx context.Context, viewer incident.Actor, in incident.Incident, after uint64, limit int) ([]incident.Entry, error) {
	if err := d.Permits(viewer, incident.ActView, &in); err != nil {
		return nil, err
	}
	return d.store.Timeline(ctx, in.ID, after, limit)
}

// Refused answers the *incident.Refusal that a command meets whatever it says, before its form or its button is shown; nil is an
// incident that is yet to be declared.
func (d *Desk) Refused(actor incident.Actor, command incident.Command, in *incident.Incident) error {
	if in == nil {
		in = &incident.Incident{}
	}
	return incident.Refused(*in, command, actor, d.policy)
}

// Permits answers the *incident.Refusal of an action on an incident, before a form is shown or anything is read; nil is an action
// that belongs to none.
func (d *Desk) Permits(actor incident.Actor, action incident.Action, in *incident.Incident) error {
	if in == nil {
		in = &incident.Incident{}
	}
	return incident.Permits(*in, action, actor, d.policy)
}
