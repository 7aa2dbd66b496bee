package bolt

import (
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

// Buckets of the file.
const (
	bucketMeta       = "meta"           // schema, program, last numbers
	bucketIncidents  = "incidents"      // number -> snapshot
	bucketTimeline   = "timeline"       // number, seq -> entry
	bucketJobs       = "jobs"           // job -> record
	bucketSeen       = "seen"           // key -> expiry, number
	bucketSeenExpiry = "seen_expiry"    // expiry, key
	bucketDue        = "due"            // time, number
	bucketDueOf      = "due_of"         // number -> time
	bucketCounts     = "counts"         // status, severity, private -> how many
	bucketQueue      = "index_queue"    // rank
	bucketStatus     = "index_status"   // status, rank
	bucketSeverity   = "index_severity" // severity, rank
	bucketPerson     = "index_person"   // person, rank
	bucketChannel    = "index_channel"  // channel -> number
	bucketWatched    = "index_watched"  // number, of each that may have a reminder
)

// Keys of the bucket meta.
const (
	metaProgram      = "program"
	metaSchema       = "schema"
	metaLastIncident = "last_incident"
	metaLastJob      = "last_job"

	programName = "muster"
)

// migration makes the next schema version of the one before. All that are missing run in one transaction.
type migration struct {
	what string
	run  func(tx *bbolt.Tx) error
}

// migrations lists every one from the empty file on; the schema's version is how many have run. They are never changed,
// only added to.
func migrations() []migration {
	return []migration{{"first layout", firstLayout}}
}

func firstLayout(tx *bbolt.Tx) error {
	for _, name := range []string{bucketMeta, bucketIncidents, bucketTimeline, bucketJobs, bucketSeen, bucketSeenExpiry, bucketDue,
		bucketDueOf, bucketCounts, bucketQueue, bucketStatus, bucketSeverity, bucketPerson, bucketChannel, bucketWatched} {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return tx.Bucket([]byte(bucketMeta)).Put([]byte(metaProgram), []byte(programName))
}

// schemaVersion reads the version of a file; 0 is an empty one.
func schemaVersion(tx *bbolt.Tx) (uint64, error) {
	meta := tx.Bucket([]byte(bucketMeta))
	if meta == nil {
		if first, _ := tx.Cursor().First(); first != nil {
			return 0, ErrForeign
		}
		return 0, nil
	}
	version, ok := readNumber(meta.Get([]byte(metaSchema)))
	if !ok || string(meta.Get([]byte(metaProgram))) != programName {
		return 0, ErrForeign
	}
	return version, nil
}

// migrate brings the file to the newest version, or leaves it untouched. A file that held data is copied beside itself
// first, since an older program cannot read what this one writes from now on.
func migrate(db *bbolt.DB, path string, list []migration) error {
	var version uint64
	err := db.View(func(tx *bbolt.Tx) (err error) {
		version, err = schemaVersion(tx)
		return err
	})
	if err != nil {
		return err
	}
	if version > uint64(len(list)) {
		return fmt.Errorf("%w (its schema is %d, this version knows up to %d)", ErrNewer, version, len(list))
	}
	if version == uint64(len(list)) {
		return nil
	}
	if version > 0 {
		if err := keepOld(db, fmt.Sprintf("%s.schema%d", path, version)); err != nil {
			return fmt.Errorf("copy the database before its migration: %w", err)
		}
	}
	return db.Update(func(tx *bbolt.Tx) error {
		for _, step := range list[version:] {
			if err := step.run(tx); err != nil {
				return fmt.Errorf("migrate the database (%s): %w", step.what, err)
			}
		}
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), numberKey(uint64(len(list))))
	})
}

// keepOld copies the file. The copy has its name only once it is whole and on the disk.
func keepOld(db *bbolt.DB, to string) error {
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		return err // it is there, of a migration that was interrupted
	}
	partial := to + ".partial"
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		_, err := tx.WriteTo(file)
		return err
	})
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(partial, to); err != nil {
		return err
	}
	return syncFolder(to)
}
