package policy

import "time"

// At is the instant at which clocks in a place show a wall time, of which only the fields from the year to the nanosecond count.
// Where clocks are set back, a wall time that comes twice is the first one; where they are set forward, one that is left out is
// the first instant after the gap.
func At(wall time.Time, place *time.Location) time.Time {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), place)
	shown, wanted := Wall(at), Wall(wall)
	start, end := at.ZoneBounds()
	switch {
	case shown.After(wanted): // it was left out, and Go has moved it past the gap
		return start
	case shown.Before(wanted): // or before the gap
		return end
	case start.IsZero():
		return at
	}
	// The clocks may have shown it before they were set back.
	_, offset := start.Add(-1).Zone()
	earlier := wanted.Add(-time.Duration(offset) * time.Second).In(place)
	if earlier.Before(start) && Wall(earlier).Equal(wanted) {
		return earlier
	}
	return at
}

// Wall is what clocks show at an instant, as a time in UTC, so that it can be reckoned with as if no clock were ever set.
func Wall(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
}
