package perform

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/incident/ledger"
)

// homeShows is how many incidents a home shows of each kind.
const homeShows = 30

// drawHome publishes a person's App Home, as of the moment when its rate allows it.
func (t *task) drawHome(e incident.DrawHome) ([]ledger.Command, error) {
	viewer, err := t.People.Actor(t.calls, e.User)
	if err != nil {
		return nil, fmt.Errorf("look up whose home it is: %w", err)
	}
	return nil, t.call("views.publish", "", func(ctx context.Context) error {
		home, err := t.home(viewer)
		if err != nil {
			return err
		}
		_, err = t.Client.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: string(e.User), View: home})
		return err
	})
}

// home shows only what its viewer may see; whoever may not read incidents is told so there.
func (t *task) home(viewer incident.Actor) (slack.HomeTabViewRequest, error) {
	err := incident.Permits(incident.Incident{}, incident.ActView, viewer, t.Policy)
	if refusal := (*incident.Refusal)(nil); errors.As(err, &refusal) {
		return t.to(viewer.ID).HomeRefused(refusal), nil
	}
	if err != nil {
		return slack.HomeTabViewRequest{}, err
	}
	open, err := t.Store.List(t.keeps, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer.ID, Limit: homeShows})
	if err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("list the open incidents: %w", err)
	}
	mine, err := t.Store.List(t.keeps, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer.ID, Person: viewer.ID, Limit: homeShows})
	if err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("list a person's incidents: %w", err)
	}
	return t.to(viewer.ID).Home(viewer.ID, open.Incidents, mine.Incidents, time.Now()), nil
}
