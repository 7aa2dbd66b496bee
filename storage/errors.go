package storage

import "errors"

// What can be wrong with a store. Each text says what to do; errors.Is tells them apart.
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

// Why a person cannot have a job changed now.
var (
	ErrUnreadable = errors.New("this version of muster cannot read the job: run the version that wrote it")
	ErrRunning    = errors.New("the job is running: wait until it has ended, then try again")
)
