package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
)

// Backup writes a copy of the whole store as it is at this moment, while others go on reading and writing.
func (e *Engine) Backup(ctx context.Context, w io.Writer) error {
	return e.view(ctx, "back up", func(tx *bbolt.Tx) error {
		if _, err := tx.WriteTo(&cancellable{ctx, w}); err != nil {
			return errors.Join(ctx.Err(), err) // bbolt does not wrap the cause
		}
		return nil
	})
}

// cancellable stops a long copy when its context ends.
type cancellable struct {
	ctx context.Context
	to  io.Writer
}

func (c *cancellable) Write(data []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.to.Write(data)
}

// restoredCopy and replacedCopy are added to a file's name while, and after, it is replaced.
const (
	restoredCopy = ".restoring"
	replacedCopy = ".replaced"
)

// Restore replaces the store at to with the backup at from. The backup is copied, brought to the newest schema and checked
// whole before anything is replaced, and the replaced file is kept beside the new one, as "NAME.replaced" (with a number
// when there is one already). It is refused with ErrLocked while a program has the store open. On any error, to is as it was.
func Restore(from, to string, aggregates []storage.Aggregate, effects *ledger.EffectCodec) error {
	if err := restore(from, to, aggregates, effects); err != nil {
		return fmt.Errorf("restore %s from %s: %w", to, from, explain(err))
	}
	return nil
}

func restore(from, to string, aggregates []storage.Aggregate, effects *ledger.EffectCodec) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	release, err := lockStore(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	copied := to + restoredCopy
	if err := copyFile(from, copied); err != nil {
		return errors.Join(err, removeCopies(copied))
	}
	defer func() { err = errors.Join(err, removeCopies(copied)) }()
	if err := verify(copied, aggregates, effects); err != nil {
		return err
	}
	if err := keepReplaced(to); err != nil {
		return fmt.Errorf("keep the file that is replaced: %w", err)
	}
	if err := os.Rename(copied, to); err != nil {
		return err
	}
	return syncFolder(to)
}

// removeCopies takes away what a restoration leaves behind.
func removeCopies(copied string) error {
	names, err := filepath.Glob(strings.NewReplacer("*", "\\*", "?", "\\?", "[", "\\[").Replace(copied) + "*")
	for _, name := range names {
		if removeErr := os.Remove(name); removeErr != nil && !errors.Is(removeErr, os.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}
	return err
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if info, err := source.Stat(); err != nil {
		return err
	} else if info.Size() == 0 || info.IsDir() {
		return fmt.Errorf("%w (it is empty)", storage.ErrForeign)
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	if err == nil {
		err = target.Sync()
	}
	return errors.Join(err, target.Close())
}

// verify opens a copy as the program would, and checks all of it.
func verify(path string, aggregates []storage.Aggregate, effects *ledger.EffectCodec) error {
	if err := inspect(path); err != nil {
		return err
	}
	if problems, err := checkPages(path); err != nil || len(problems) > 0 {
		return errors.Join(err, damage(problems))
	}
	engine, err := Open(path, aggregates, effects, Options{})
	if err != nil {
		return err
	}
	report, err := engine.Check(context.Background())
	return errors.Join(err, damage(report.Problems), engine.Close())
}

// damage is an error that names the first problems; nil when there are none.
func damage(problems []string) error {
	const most = 5
	if len(problems) == 0 {
		return nil
	}
	more := ""
	if len(problems) > most {
		more, problems = fmt.Sprintf("; and %d more", len(problems)-most), problems[:most]
	}
	return fmt.Errorf("%w (%s%s)", storage.ErrDamaged, strings.Join(problems, "; "), more)
}

// keepReplaced gives the file that is about to be replaced a second name.
func keepReplaced(to string) error {
	if _, err := os.Stat(to); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for n := 1; ; n++ {
		name := to + replacedCopy
		if n > 1 {
			name = fmt.Sprintf("%s%d", name, n)
		}
		if err := os.Link(to, name); !errors.Is(err, os.ErrExist) {
			return err
		}
	}
}
