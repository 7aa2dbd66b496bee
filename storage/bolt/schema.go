package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// Buckets of the file, beside one for each kind of aggregate.
const (
	bucketMeta       = "meta"        // schema, program, last numbers
	bucketJobs       = "jobs"        // job -> record
	bucketSeen       = "seen"        // key -> expiry, aggregate
	bucketSeenExpiry = "seen_expiry" // expiry, key
	bucketDue        = "due"         // time, aggregate
	bucketDueOf      = "due_of"      // aggregate -> time
	bucketShelves    = "shelves"     // a bucket a shelf
)

// Keys of the bucket meta.
const (
	metaProgram = "program"
	metaSchema  = "schema"
	metaLastJob = "last_job"

	programName = "muster"
)

// lastOf is the key in meta of the last number that was given out of a kind.
func lastOf(name ledger.Aggregate) string { return "last_" + string(name) }

// migration makes the next schema version of the one before. All that are missing run in one transaction.
type migration struct {
	what string
	run  func(tx *bbolt.Tx) error
}

// migrations lists every one from the empty file on; the schema's version is how many have run. They are never changed,
// only added to.
func migrations() []migration {
	return []migration{{"first layout", firstLayout}, {"several kinds of aggregates", severalKinds}}
}

func firstLayout(tx *bbolt.Tx) error {
	for _, name := range append(incidentBuckets(), bucketMeta, bucketJobs, bucketSeen, bucketSeenExpiry, bucketDue, bucketDueOf) {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	return tx.Bucket([]byte(bucketMeta)).Put([]byte(metaProgram), []byte(programName))
}

// incidentBuckets are those that belonged to incidents when there was no other kind.
func incidentBuckets() []string {
	return []string{"incidents", "timeline", "counts", "index_queue", "index_status", "index_severity", "index_person", "index_channel", "index_watched"}
}

// severalKinds gives incidents a bucket of their own, and says whose everything is.
func severalKinds(tx *bbolt.Tx) error {
	incidents, err := tx.CreateBucket([]byte("incident"))
	if err != nil {
		return err
	}
	for _, name := range incidentBuckets() {
		if err := tx.MoveBucket([]byte(name), nil, incidents); err != nil {
			return fmt.Errorf("move bucket %s: %w", name, err)
		}
	}
	if _, err := tx.CreateBucket([]byte(bucketShelves)); err != nil {
		return err
	}
	first := layout{Version: 1, Indexes: []string{"queue", "status", "severity", "person", "channel", "watched"}}
	if err := first.write(incidents); err != nil {
		return err
	}
	owner := keys.AppendText(nil, "incident")
	return errors.Join(
		replaceAll(tx.Bucket([]byte(bucketDue)), func(key, value []byte) ([]byte, []byte) {
			if len(key) < keys.TimeSize {
				return nil, nil // it can be read by nobody, and is derived anew
			}
			return join(key[:keys.TimeSize], owner, key[keys.TimeSize:]), value
		}),
		replaceAll(tx.Bucket([]byte(bucketDueOf)), func(key, value []byte) ([]byte, []byte) { return join(owner, key), value }),
		replaceAll(tx.Bucket([]byte(bucketSeen)), func(key, value []byte) ([]byte, []byte) {
			if number, ok := keys.ReadNumber(value[min(len(value), keys.TimeSize):]); ok && number > 0 {
				return key, join(value[:keys.TimeSize], owner, value[keys.TimeSize:])
			}
			return key, value[:min(len(value), keys.TimeSize)]
		}),
		replaceAll(tx.Bucket([]byte(bucketJobs)), func(key, value []byte) ([]byte, []byte) { return key, withOwner(value) }),
	)
}

// withOwner writes into a job's record whose it is; a record that cannot be read stays as it is.
func withOwner(record []byte) []byte {
	var fields map[string]json.RawMessage
	var effect struct {
		Effect struct {
			Of string `json:"of"`
		} `json:"effect"`
	}
	if json.Unmarshal(record, &fields) != nil || json.Unmarshal(fields["effect"], &effect) != nil || effect.Effect.Of == "" {
		return record
	}
	of, err := json.Marshal(ledger.Ref{Aggregate: "incident", ID: effect.Effect.Of})
	if err != nil {
		return record
	}
	fields["of"] = of
	owned, err := json.Marshal(fields)
	if err != nil {
		return record
	}
	return owned
}

// replaceAll writes all of a bucket anew; a nil key leaves one out.
func replaceAll(bucket *bbolt.Bucket, replace func(key, value []byte) (newKey, newValue []byte)) error {
	type pair struct{ key, value []byte }
	var kept []pair
	var old [][]byte
	err := bucket.ForEach(func(key, value []byte) error {
		old = append(old, join(key))
		if key, value = replace(key, value); key != nil {
			kept = append(kept, pair{join(key), join(value)})
		}
		return nil
	})
	for _, key := range old {
		err = errors.Join(err, bucket.Delete(key))
	}
	for _, one := range kept {
		err = errors.Join(err, bucket.Put(one.key, one.value))
	}
	return err
}

// schemaVersion reads the version of a file; 0 is an empty one.
func schemaVersion(tx *bbolt.Tx) (uint64, error) {
	meta := tx.Bucket([]byte(bucketMeta))
	if meta == nil {
		if first, _ := tx.Cursor().First(); first != nil {
			return 0, storage.ErrForeign
		}
		return 0, nil
	}
	version, ok := keys.ReadNumber(meta.Get([]byte(metaSchema)))
	if !ok || string(meta.Get([]byte(metaProgram))) != programName {
		return 0, storage.ErrForeign
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
		return fmt.Errorf("%w (its schema is %d, this version knows up to %d)", storage.ErrNewer, version, len(list))
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
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), keys.Number(uint64(len(list))))
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

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
