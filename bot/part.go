package bot

import (
	"context"
	"sync"

	"github.com/rs/zerolog"
)

// part is a part of the program. It starts and stops by itself, and runs without the others.
type part struct {
	name string
	run  func(ctx context.Context) error // until the context ends
}

// runAll runs the parts until the context has ended and each has come to its end. One that ends before does not end the others.
func runAll(ctx context.Context, log zerolog.Logger, parts []part) {
	var running sync.WaitGroup
	for _, one := range parts {
		running.Go(func() {
			if err := one.run(ctx); err != nil {
				log.Error().Err(err).Str("part", one.name).Msg("a part of the program ended")
			}
		})
	}
	running.Wait()
}
