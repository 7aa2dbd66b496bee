// Package bot starts and stops the parts of the program: the doors by which people and machines come in, the clock, and the worker
// with the media by which effects go out. All doors come to one desk, which has the store decide and keep.
//
// Each part runs without the others: while Slack cannot be reached, or refuses the token, reminders fall due and other media are
// served. The package knows which parts there are and what each needs, and decides nothing else.
package bot
