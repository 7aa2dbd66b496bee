// Package clock does what is due. The store's due index says what that is and when; a timer stands at its earliest moment, and when
// that comes the desk reminds of everything that is due by then. What recurs by the clock, such as a list that is read anew each
// night, is run by cron.
//
// The package decides nothing: what is due, whom it is for and whether it is due still, package incident does. It knows no medium.
package clock
