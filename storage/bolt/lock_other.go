//go:build !unix

package bolt

import (
	"errors"
	"fmt"
	"os"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"muster/storage"
)

// lockStore makes sure that no program has the file open; a damaged file is nobody's.
func lockStore(path string) (release func() error, err error) {
	release = func() error { return nil }
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return release, nil
	}
	err = catchPanic(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
		if err != nil {
			return err
		}
		return db.Close()
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: %w", storage.ErrLocked, err)
	}
	return release, nil
}

// unlock is left to the closing of the file.
func unlock(*os.File) error { return nil }
