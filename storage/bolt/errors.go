package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"
)

// What can be wrong with the file. Each text says what to do; errors.Is tells them apart.
var (
	ErrLocked   = errors.New("the database is in use by another process: stop that one first (is another muster running?), or give another file")
	ErrReadOnly = errors.New("the database cannot be written: make its folder and file writable for this user, on a disk that is not mounted read-only")
	ErrFull     = errors.New("the disk is full: nothing of this was kept; make room, then try again, no restart is needed")
	ErrDamaged  = errors.New("the database file is damaged: it was left as it is; keep a copy of it, and restore the newest backup (muster restore FILE)")
	ErrForeign  = errors.New("the file was not made by muster: it was left as it is; give another file name")
	ErrNewer    = errors.New("the database was written by a newer version of muster: it was left as it is; run that version, or restore a backup of this one")
	ErrBroken   = errors.New("the disk failed while it was being written, and nothing more is written until a restart: check the disk, then start muster again")
	ErrClosed   = errors.New("the database is closed")
)

// explained is an error with the sentence that says what to do, and its cause behind it.
type explained struct{ kind, cause error }

func (e *explained) Error() string   { return fmt.Sprintf("%v (%v)", e.kind, e.cause) }
func (e *explained) Unwrap() []error { return []error{e.kind, e.cause} }

// explain puts the sentence in front of an error of the file system or of bbolt; others come back as they are.
func explain(err error) error {
	for _, kind := range []error{ErrLocked, ErrReadOnly, ErrFull, ErrDamaged, ErrForeign, ErrNewer, ErrBroken, ErrClosed} {
		if err == nil || errors.Is(err, kind) {
			return err
		}
	}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return &explained{ErrLocked, err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return &explained{ErrReadOnly, err}
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG), errors.Is(err, bolterrors.ErrMaxSizeReached):
		return &explained{ErrFull, err}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrInvalidMapping), errors.Is(err, errPanicked):
		return &explained{ErrDamaged, err}
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen), errors.Is(err, os.ErrClosed):
		return &explained{ErrClosed, err}
	}
	return err
}

// errPanicked is the cause when bbolt, or the kernel under a mapped file, gave up on a page.
var errPanicked = errors.New("reading the file panicked")
