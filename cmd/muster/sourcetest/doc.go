// Package sourcetest reads the program's own source for tests that hold it to rules which no compiler knows: who may import whom,
// who calls what, which constants a list has forgotten. Test support only; it knows nothing of what the program does.
//
// It reads what the go command would build: where GOFLAGS names an overlay (-overlay=FILE), the files in there stand for those on
// disk, so that a test can be shown a program that nobody has written.
package sourcetest
