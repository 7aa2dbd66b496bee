package perform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/incident/ledger"
)

// homePage is how many incidents are read at once. A home shows some and counts the rest, so that all that are open are read.
const homePage = 200

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
	var open, mine []incident.Incident
	for query := (incident.Query{Scope: incident.ScopeOpen, Viewer: viewer.ID, Limit: homePage}); ; {
		page, err := t.Store.List(t.keeps, query)
		if err != nil {
			return slack.HomeTabViewRequest{}, fmt.Errorf("list the open incidents: %w", err)
		}
		for _, in := range page.Incidents {
			open = append(open, in)
			if slices.Contains(in.Involved(), viewer.ID) {
				mine = append(mine, in)
			}
		}
		if query.After = page.Next; page.Next == "" {
			return t.to(viewer.ID).Home(viewer.ID, open, mine, time.Now()), nil
		}
	}
}
