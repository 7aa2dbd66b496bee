package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"muster/storage"
)

// explained is an error with the sentence that says what to do, and its cause behind it.
type explained struct{ kind, cause error }

func (e *explained) Error() string   { return fmt.Sprintf("%v (%v)", e.kind, e.cause) }
func (e *explained) Unwrap() []error { return []error{e.kind, e.cause} }

// explain puts the sentence in front of an error of the file system or of bbolt; others come back as they are.
func explain(err error) error {
	for _, kind := range []error{storage.ErrLocked, storage.ErrReadOnly, storage.ErrFull, storage.ErrDamaged, storage.ErrForeign, storage.ErrNewer,
		storage.ErrBroken, storage.ErrClosed} {
		if err == nil || errors.Is(err, kind) {
			return err
		}
	}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return &explained{storage.ErrLocked, err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return &explained{storage.ErrReadOnly, err}
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG), errors.Is(err, bolterrors.ErrMaxSizeReached):
		return &explained{storage.ErrFull, err}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrInvalidMapping), errors.Is(err, errPanicked):
		return &explained{storage.ErrDamaged, err}
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen), errors.Is(err, os.ErrClosed):
		return &explained{storage.ErrClosed, err}
	}
	return err
}

// errPanicked is the cause when bbolt, or the kernel under a mapped file, gave up on a page.
var errPanicked = errors.New("reading the file panicked")
