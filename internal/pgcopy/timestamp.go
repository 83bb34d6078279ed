package pgcopy

import "time"

// Timestamp is a timestamp with time zone as PostgreSQL has it: microseconds since
// 2000-01-01 00:00 UTC.
type Timestamp int64

// epoch is 2000-01-01 in Unix milliseconds.
const epoch = 946_684_800_000

// The first and the last millisecond of the years 1 to 9999, in Unix time.
// PostgreSQL's own range is wider, that of most of its clients is not.
const (
	first = -62_135_596_800_000
	last  = 253_402_300_799_999
)

// UnixMilli returns the time of so many milliseconds since 1970. What is outside of
// the years 1 to 9999 becomes the first or the last millisecond of them; infinity is
// never made.
func UnixMilli(ms int64) Timestamp {
	return Timestamp((min(max(ms, first), last) - epoch) * 1000)
}

// Unix returns the time of so many seconds since 1970, in the range of [UnixMilli].
func Unix(seconds int64) Timestamp {
	return UnixMilli(min(max(seconds, first/1000), last/1000) * 1000)
}

// UnixMilli returns the milliseconds since 1970, rounded down.
func (t Timestamp) UnixMilli() int64 {
	ms := int64(t) / 1000
	if int64(t)%1000 < 0 {
		ms--
	}
	return ms + epoch
}

// Time returns t in UTC.
func (t Timestamp) Time() time.Time {
	ms := t.UnixMilli()
	return time.UnixMilli(ms).Add(time.Duration(int64(t)-(ms-epoch)*1000) * time.Microsecond).UTC()
}
