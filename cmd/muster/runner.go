package main

import (
	"context"
	"sync"

	"muster/incident"
	"muster/storage"
)

// runner runs a service that may be stopped and started again, as a process could.
type runner struct {
	service service

	mu     sync.Mutex
	cancel context.CancelFunc // nil: it does not run
	ended  chan struct{}      // closed when the run is over
	err    error              // of the last run
	store  *storage.Stores    // nil: it is not open
}

// start starts the service and returns once its store is open. One that runs already is left alone.
func (r *runner) start() error {
	r.mu.Lock()
	if r.cancel != nil {
		r.mu.Unlock()
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	opened, ended := make(chan struct{}), make(chan struct{})
	r.cancel, r.ended, r.err = cancel, ended, nil
	service := r.service
	service.ready = func(store *storage.Stores) {
		r.mu.Lock()
		r.store = store
		r.mu.Unlock()
		close(opened)
	}
	service.closing = func() {
		r.mu.Lock()
		r.store = nil
		r.mu.Unlock()
	}
	r.mu.Unlock()
	go func() {
		err := service.run(ctx)
		cancel()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cancel, r.err = nil, err
		close(ended)
	}()
	select {
	case <-opened:
		return nil
	case <-ended:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	}
}

// stop lets the service drain and waits for its end. One that does not run stays so.
func (r *runner) stop() error {
	r.mu.Lock()
	cancel, ended := r.cancel, r.ended
	r.mu.Unlock()
	if cancel == nil {
		return nil
	}
	cancel()
	<-ended
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *runner) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancel != nil
}

// jobs lists what waits in the outbox; nothing while the service does not run.
func (r *runner) jobs(state incident.JobState) []incident.Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.store == nil {
		return nil
	}
	jobs, err := r.store.Jobs(context.Background(), state, 100)
	if err != nil {
		return nil
	}
	return jobs
}
