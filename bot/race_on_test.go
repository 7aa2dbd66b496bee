//go:build race

package bot_test

// raceDetector makes everything several times slower; campaigns are shorter under it.
const raceDetector = true
