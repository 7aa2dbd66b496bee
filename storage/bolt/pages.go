package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// bbolt maps its file into memory and follows whatever numbers it finds there. Before it may do so with a file that could be
// damaged, pageCheck reads each page that is in use, through ordinary reads, and sees that the tree is one.

const (
	pageBranch   = 0x01
	pageLeaf     = 0x02
	pageFreelist = 0x10

	elementSize  = 16
	leafIsBucket = 0x01

	maxDepth    = 64
	maxProblems = 100
)

type pageCheck struct {
	file     io.ReaderAt
	shallow  bool
	meta     metaPage
	lastLeaf bool // whether the bucket page that was checked last is a leaf
	used     map[uint64]bool
	problems []string
}

// checkPages checks the newest state of a file. Each problem is a sentence.
func checkPages(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	valid := metas(file)
	if len(valid) == 0 {
		return nil, noMeta(file)
	}
	return checkTree(file, valid[0]), nil
}

// checkBranches checks how the pages hang together and reads no more than that takes, about one page in a hundred. A tree
// that leads back into itself would send bbolt round in circles, from which nothing could bring it back.
func checkBranches(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	valid := metas(file)
	if len(valid) == 0 {
		return nil, noMeta(file)
	}
	c := &pageCheck{file: file, meta: valid[0], shallow: true}
	return c.check(), nil
}

func checkTree(file io.ReaderAt, meta metaPage) []string {
	c := &pageCheck{file: file, meta: meta}
	return c.check()
}

func (c *pageCheck) check() []string {
	c.used = map[uint64]bool{0: true, 1: true}
	meta := c.meta
	c.bucket(meta.root, 0)
	if meta.freelist != noFreelist {
		c.freelist(meta.freelist)
	}
	return c.problems
}

func (c *pageCheck) problem(id uint64, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, fmt.Sprintf("page %d %s: restore the newest backup", id, fmt.Sprintf(format, args...)))
	}
}

// page reads a page with its overflow and marks it as used; nil when it is none.
func (c *pageCheck) page(id uint64, want ...uint16) []byte {
	size := uint64(c.meta.pageSize)
	if id < 2 || id >= c.meta.highWater {
		c.problem(id, "lies outside the file")
		return nil
	}
	header := make([]byte, pageHeaderSize)
	if _, err := c.file.ReadAt(header, int64(id*size)); err != nil {
		c.problem(id, "cannot be read (%v)", err)
		return nil
	}
	flags, overflow := binary.NativeEndian.Uint16(header[8:]), uint64(binary.NativeEndian.Uint32(header[12:]))
	known := false
	for _, flag := range want {
		known = known || flags == flag
	}
	if binary.NativeEndian.Uint64(header) != id || !known || id+overflow >= c.meta.highWater {
		c.problem(id, "is not the page that belongs there")
		return nil
	}
	for part := id; part <= id+overflow; part++ {
		if c.used[part] {
			c.problem(part, "is used twice")
			return nil
		}
		c.used[part] = true
	}
	data := make([]byte, (overflow+1)*size)
	if _, err := c.file.ReadAt(data, int64(id*size)); err != nil && err != io.EOF {
		c.problem(id, "cannot be read (%v)", err)
		return nil
	}
	return data
}

// bucket checks the tree of a bucket from its root page on.
func (c *pageCheck) bucket(root uint64, depth int) {
	if depth > maxDepth {
		c.problem(root, "is nested too deep")
		return
	}
	data := c.page(root, pageBranch, pageLeaf)
	if data == nil {
		return
	}
	branch, leaves := binary.NativeEndian.Uint16(data[8:]) == pageBranch, false
	c.elements(root, data, func(flags uint32, _, value []byte, child uint64) {
		switch {
		case branch && leaves:
			c.leaf(child)
		case branch:
			c.bucket(child, depth+1)
			leaves = c.shallow && c.lastLeaf // all children of a page are at the same depth
		case flags&leafIsBucket != 0:
			c.child(root, value, depth)
		}
	})
	c.lastLeaf = !branch
}

// leaf marks a leaf without reading it.
func (c *pageCheck) leaf(id uint64) {
	if id < 2 || id >= c.meta.highWater || c.used[id] {
		c.problem(id, "is used twice, or lies outside the file")
		return
	}
	c.used[id] = true
}

// child checks a bucket within a bucket: a root page, or 0 and a page of its own within the value.
func (c *pageCheck) child(id uint64, value []byte, depth int) {
	if len(value) < pageHeaderSize {
		c.problem(id, "holds a bucket without a root")
		return
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		c.bucket(root, depth+1)
		return
	}
	inline := value[pageHeaderSize:]
	if len(inline) < pageHeaderSize || binary.NativeEndian.Uint16(inline[8:]) != pageLeaf {
		c.problem(id, "holds a small bucket that is none")
		return
	}
	c.elements(id, inline, func(uint32, []byte, []byte, uint64) {})
}

// elements calls visit with each element of a page, in order, if all of them lie within it and are sorted.
func (c *pageCheck) elements(id uint64, data []byte, visit func(flags uint32, key, value []byte, child uint64)) {
	order := binary.NativeEndian
	branch := order.Uint16(data[8:]) == pageBranch
	count := int(order.Uint16(data[10:]))
	if pageHeaderSize+count*elementSize > len(data) || (branch && count == 0) {
		c.problem(id, "has no room for its %d elements", count)
		return
	}
	var before []byte
	for i := range count {
		at := pageHeaderSize + i*elementSize
		element := data[at : at+elementSize]
		var flags, offset, keySize, valueSize uint32
		var child uint64
		if branch {
			offset, keySize, child = order.Uint32(element), order.Uint32(element[4:]), order.Uint64(element[8:])
		} else {
			flags, offset, keySize, valueSize = order.Uint32(element), order.Uint32(element[4:]), order.Uint32(element[8:]), order.Uint32(element[12:])
		}
		begin := uint64(at) + uint64(offset)
		middle, end := begin+uint64(keySize), begin+uint64(keySize)+uint64(valueSize)
		if end > uint64(len(data)) {
			c.problem(id, "has an element that reaches beyond it")
			return
		}
		key := data[begin:middle]
		if i > 0 && bytes.Compare(before, key) >= 0 {
			c.problem(id, "has keys out of order")
			return
		}
		before = key
		visit(flags, key, data[middle:end], child)
	}
}

// freelist checks that no page is both free and in use, and that none is lost.
func (c *pageCheck) freelist(id uint64) {
	data := c.page(id, pageFreelist)
	if data == nil {
		return
	}
	order := binary.NativeEndian
	count, at := uint64(order.Uint16(data[10:])), uint64(pageHeaderSize)
	if count == 0xffff { // more than the header can say: the first element says it
		count, at = order.Uint64(data[at:]), at+8
	}
	if count > (uint64(len(data))-at)/8 {
		c.problem(id, "has no room for its list of free pages")
		return
	}
	for i := range count {
		free := order.Uint64(data[at+8*i:])
		if free < 2 || free >= c.meta.highWater || c.used[free] {
			c.problem(free, "is said to be free and is not")
			return
		}
		c.used[free] = true
	}
}
