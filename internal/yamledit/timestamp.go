package yamledit

import (
	"strconv"
	"strings"
	"time"
)

// resolveTimestamp takes 2001-12-14 and 2001-12-14t21:59:43.10-05:00. A day or
// a time that there is not is invalid: Python refuses it.
func resolveTimestamp(s string) (Scalar, bool) {
	r := digits{rest: s}
	year := r.number(4, 4)
	r.expect("-")
	month := r.number(1, 2)
	r.expect("-")
	day := r.number(1, 2)
	if r.rest == "" {
		return timestamp(s, isDay(year, month, day)), !r.failed && len(s) == len("2001-12-14")
	}
	if !r.skip("T") && !r.skip("t") {
		r.blanks(1)
	}
	hour := r.number(1, 2)
	r.expect(":")
	minute := r.number(2, 2)
	r.expect(":")
	second := r.number(2, 2)
	if r.skip(".") {
		r.rest = strings.TrimLeft(r.rest, "0123456789")
	}
	isZone := r.zone()
	return timestamp(s, isDay(year, month, day) && hour < 24 && minute < 60 && second < 60 && isZone), !r.failed
}

func timestamp(s string, valid bool) Scalar {
	if !valid {
		return Scalar{KindInvalid, s}
	}
	return Scalar{KindTimestamp, s}
}

func isDay(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year > 0 && t.Year() == year && int(t.Month()) == month && t.Day() == day
}

// digits reads a text from its start, until something is not what it must be.
type digits struct {
	rest   string
	failed bool
}

// number takes a number of so many digits.
func (r *digits) number(least, most int) int {
	end := 0
	for end < len(r.rest) && end < most && isDigit(r.rest[end]) {
		end++
	}
	r.failed = r.failed || end < least
	n, _ := strconv.Atoi(r.rest[:end])
	r.rest = r.rest[end:]
	return n
}

func (r *digits) skip(mark string) bool {
	rest, ok := strings.CutPrefix(r.rest, mark)
	r.rest = rest
	return ok
}

func (r *digits) expect(mark string) {
	if !r.skip(mark) {
		r.failed = true
	}
}

// blanks takes blanks, at least so many.
func (r *digits) blanks(least int) {
	rest := strings.TrimLeft(r.rest, " \t")
	r.failed = r.failed || len(r.rest)-len(rest) < least
	r.rest = rest
}

// zone takes what may end a timestamp: nothing, Z, +5 or -05:00. It reports
// whether the zone is less than a day off.
func (r *digits) zone() bool {
	if r.rest == "" {
		return true
	}
	r.blanks(0)
	hours, minutes := 0, 0
	if !r.skip("Z") {
		if !r.skip("+") {
			r.expect("-")
		}
		hours = r.number(1, 2)
		if r.skip(":") {
			minutes = r.number(2, 2)
		}
	}
	r.failed = r.failed || r.rest != ""
	return hours*60+minutes < 24*60
}
