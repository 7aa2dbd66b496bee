package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
)

// Options are an engine's settings; the zero value is good.
type Options struct {
	// SeenFor is for how long a once-key is remembered; 0: 48 hours, so that it outlives a clock that is set forward by a day.
	SeenFor time.Duration
	// LockWait is for how long Open waits for another process to let go of the file; 0: one second.
	LockWait time.Duration
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// OnCommit is told of each commit: how long it took, and how many calls shared it. It runs on the writer and must not block.
	OnCommit func(took time.Duration, calls int)
	// OnProblem is told of records that cannot be read and were left out of an answer. It must not block.
	OnProblem func(error)
	// OnRebuild is told while what an older version wrote is brought to what this one keeps: how many of a kind are done.
	OnRebuild func(of ledger.Aggregate, done, total int)

	maxSize    int         // the file's greatest size, for tests of a full disk
	migrations []migration // other migrations, for tests
}

// Engine keeps everything in one bbolt file. It is safe for use by many goroutines. The file is locked: no other process
// can open it.
type Engine struct {
	db         *bbolt.DB
	path       string
	options    Options
	aggregates map[ledger.Aggregate]*aggregate
	effects    *ledger.EffectCodec
	queue      *queue
	writer     *writer

	deciding chan struct{} // a place for each core: more at once would only keep the writer waiting for its turn

	wake       chan struct{}
	dueChanged chan struct{}
	closing    sync.Once
	closed     error
}

var _ storage.Engine = (*Engine)(nil)

// mapped is how much of the address space bbolt maps at once. As long as the file fits, growing it waits for no reader,
// so that a slow backup does not hold up a commit. It costs address space, not memory.
const mapped = 1 << 30

// Open opens the engine on a file, and makes the file and its folder if there are none. Errors say what to do and answer to
// errors.Is with ErrLocked, ErrReadOnly, ErrFull, ErrDamaged, ErrForeign or ErrNewer of package storage; none of them changed the file.
func Open(path string, aggregates []storage.Aggregate, effects *ledger.EffectCodec, options Options) (*Engine, error) {
	e := &Engine{
		path: path, options: options.withDefaults(), aggregates: map[ledger.Aggregate]*aggregate{}, effects: effects,
		deciding: make(chan struct{}, runtime.GOMAXPROCS(0)), wake: make(chan struct{}, 1), dueChanged: make(chan struct{}, 1),
	}
	for _, one := range aggregates {
		e.aggregates[one.Name] = newAggregate(one)
	}
	if err := catchPanic(e.open); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, explain(err))
	}
	e.writer = startWriter(e)
	return e, nil
}

func (o Options) withDefaults() Options {
	if o.SeenFor == 0 {
		o.SeenFor = 48 * time.Hour
	}
	if o.LockWait == 0 {
		o.LockWait = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnCommit == nil {
		o.OnCommit = func(time.Duration, int) {}
	}
	if o.OnProblem == nil {
		o.OnProblem = func(error) {}
	}
	if o.OnRebuild == nil {
		o.OnRebuild = func(ledger.Aggregate, int, int) {}
	}
	if o.migrations == nil {
		o.migrations = migrations()
	}
	return o
}

func (e *Engine) open() (err error) {
	if err := inspect(e.path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(e.path), 0o700); err != nil {
		return err
	}
	_, statErr := os.Stat(e.path)
	var file *os.File
	opened := false
	defer func() {
		if opened || file == nil {
			return
		}
		// bbolt may have panicked half-way, and a mapping that nobody can take away any more keeps the lock.
		if e.db != nil {
			_ = catchPanic(e.db.Close)
		}
		_ = unlock(file)
		_ = file.Close()
	}()
	e.db, err = bbolt.Open(e.path, 0o600, &bbolt.Options{
		Timeout: e.options.LockWait, FreelistType: bbolt.FreelistMapType, InitialMmapSize: mapped, MaxSize: e.options.maxSize, NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			var err error
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err != nil {
		return err
	}
	if errors.Is(statErr, os.ErrNotExist) {
		if err := syncFolder(e.path); err != nil {
			return err
		}
	}
	if problems, err := checkBranches(e.path); err != nil || len(problems) > 0 {
		return errors.Join(err, damage(problems))
	}
	if err := migrate(e.db, e.path, e.options.migrations); err != nil {
		return err
	}
	if err := e.prepareAggregates(); err != nil {
		return err
	}
	e.queue, err = e.loadQueue()
	opened = err == nil
	return err
}

// Close finishes what was asked for before, and lets go of the file. Later calls answer ErrClosed.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		e.writer.stop()
		if e.writer.broken() != nil {
			return // its lock may never come free; the file's ends with the process
		}
		e.closed = catchPanic(e.db.Close)
	})
	return e.closed
}

// signal wakes the listener of a channel of capacity one.
func signal(channel chan struct{}) {
	select {
	case channel <- struct{}{}:
	default:
	}
}
