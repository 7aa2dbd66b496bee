package worker

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// homeShows is how many incidents a home shows of each kind.
const homeShows = 30

// drawHome publishes a person's App Home, as of the moment when its rate allows it.
func (t *task) drawHome(e incident.DrawHome) error {
	return t.call("views.publish", "", func(ctx context.Context) error {
		home, err := t.home(e.User)
		if err != nil {
			return err
		}
		_, err = t.Slack.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: string(e.User), View: home})
		return err
	})
}

// home shows only what its viewer may see.
func (t *task) home(viewer incident.UserID) (slack.HomeTabViewRequest, error) {
	open, err := t.Store.List(t.keeps, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer, Limit: homeShows})
	if err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("list the open incidents: %w", err)
	}
	mine, err := t.Store.List(t.keeps, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer, Person: viewer, Limit: homeShows})
	if err != nil {
		return slack.HomeTabViewRequest{}, fmt.Errorf("list a person's incidents: %w", err)
	}
	return t.Views.Home(viewer, open.Incidents, mine.Incidents, time.Now()), nil
}
