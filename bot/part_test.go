package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// A part that ends takes no other with it, and is told of in the log; the program ends with the last of them.
func TestAPartThatEndsLeavesTheOthersRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began, worked := time.Now(), time.Duration(0)
		runAll(ctx, zerolog.New(&log), []part{
			{"door", func(context.Context) error { return errors.New("it fell off its hinges") }},
			{"clock", func(ctx context.Context) error {
				<-ctx.Done()
				worked = time.Since(began)
				return nil
			}},
		})
		if worked != time.Hour {
			t.Errorf("the clock ran for %v, want an hour", worked)
		}
		if !strings.Contains(log.String(), `"part":"door"`) || strings.Contains(log.String(), `"part":"clock"`) {
			t.Errorf("the log says %s", log.String())
		}
	})
}
