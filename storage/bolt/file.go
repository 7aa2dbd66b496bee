package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"

	"muster/storage"
)

// bbolt's file format, as far as it must be read before the file may be mapped into memory.
const (
	boltMagic      = 0xED0CDAED
	boltVersion    = 2
	pageHeaderSize = 16
	metaSize       = 64
	noFreelist     = ^uint64(0)
)

// metaPage is what one of bbolt's two meta pages says.
type metaPage struct {
	pageSize  int64
	root      uint64
	freelist  uint64
	highWater uint64 // the first page that is not in use
	txid      uint64
}

// readMeta reads the meta page at an offset; false when it is none, or torn.
func readMeta(file io.ReaderAt, offset int64) (metaPage, bool) {
	buf := make([]byte, metaSize)
	if _, err := file.ReadAt(buf, offset+pageHeaderSize); err != nil {
		return metaPage{}, false
	}
	order := binary.NativeEndian
	sum := fnv.New64a()
	sum.Write(buf[:56])
	if order.Uint32(buf) != boltMagic || order.Uint32(buf[4:]) != boltVersion || order.Uint64(buf[56:]) != sum.Sum64() {
		return metaPage{}, false
	}
	return metaPage{pageSize: int64(order.Uint32(buf[8:])), root: order.Uint64(buf[16:]), freelist: order.Uint64(buf[32:]), highWater: order.Uint64(buf[40:]), txid: order.Uint64(buf[48:])}, true
}

// metas reads the valid meta pages, the newest first.
func metas(file io.ReaderAt) []metaPage {
	var found []metaPage
	first, ok := readMeta(file, 0)
	if ok {
		found = append(found, first)
	}
	for size := int64(1024); size <= 1<<24; size *= 2 {
		if ok && size != first.pageSize {
			continue
		}
		if second, valid := readMeta(file, size); valid && second.pageSize == size {
			found = append(found, second)
			break
		}
	}
	if len(found) == 2 && found[1].txid > found[0].txid {
		found[0], found[1] = found[1], found[0]
	}
	return found
}

// inspect looks at a file before bbolt maps it: a file that is no database, or is cut off, must neither be written to nor
// crash the program. A missing or empty file is fine. A torn last meta page is too: the commit before it then counts.
func inspect(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%w (it is a folder)", storage.ErrForeign)
	}
	if info.Size() == 0 {
		return nil
	}
	valid := metas(file)
	if len(valid) == 0 {
		return noMeta(file)
	}
	if need := int64(valid[0].highWater) * valid[0].pageSize; need > info.Size() {
		return fmt.Errorf("%w (it is cut off: %d bytes of %d)", storage.ErrDamaged, info.Size(), need)
	}
	return nil
}

// noMeta tells a damaged database from a file that never was one.
func noMeta(file io.ReaderAt) error {
	magic := make([]byte, 4)
	for _, offset := range []int64{0, 4096, 16384, 65536} {
		if _, err := file.ReadAt(magic, offset+pageHeaderSize); err == nil && binary.NativeEndian.Uint32(magic) == boltMagic {
			return fmt.Errorf("%w (both of its meta pages are broken)", storage.ErrDamaged)
		}
	}
	return storage.ErrForeign
}

// syncFolder makes a file's creation or renaming durable.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
