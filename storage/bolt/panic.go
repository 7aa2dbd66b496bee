package bolt

import (
	"fmt"
	"runtime/debug"
)

// catchPanic runs fn and answers its panic as an error. A damaged page makes bbolt panic, and a page beyond the end of the
// file makes the kernel raise a fault: neither may take the program down, or leave a caller without an answer.
func catchPanic(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v", errPanicked, cause)
		}
	}()
	return fn()
}
