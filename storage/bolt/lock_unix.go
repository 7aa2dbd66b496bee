//go:build unix

package bolt

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"muster/storage"
)

// lockStore takes the lock that bbolt takes, so that no program opens the file meanwhile. A missing file needs none.
func lockStore(path string) (release func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("%w: %w", storage.ErrLocked, err)
		}
		return nil, errors.Join(err, file.Close())
	}
	return file.Close, nil
}

// unlock lets go of a lock that bbolt could not let go of.
func unlock(file *os.File) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err // it is closed, and so is the lock
	}
	var unlocked error
	err = connection.Control(func(fd uintptr) { unlocked = syscall.Flock(int(fd), syscall.LOCK_UN) })
	return errors.Join(err, unlocked)
}
