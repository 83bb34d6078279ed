// Package tokenbucket is the arithmetic of MAS's rate limits, which several packages
// need: their bounds, and what each of several replicas gets of a common limit. MAS
// 1.22 counts in memory, each replica for itself.
package tokenbucket

import "math"

// Bounds of the rate limiter of MAS 1.22. It refuses rates above the first. It counts in
// nanoseconds of 64 bits: a pause between two events that does not fit makes it panic
// at start, and a bucket that takes longer to fill makes it count wrongly.
const (
	MaxPerSecond   = 1e9
	MaxFillSeconds = math.MaxUint64 / 1e9
)

// Bucket allows Burst events at once, and PerSecond events per second in the long run.
type Bucket struct {
	Burst     uint32
	PerSecond float64
}

// Refills reports whether MAS can count until the bucket is full again.
func (b Bucket) Refills() bool {
	return float64(max(b.Burst, 1))/b.PerSecond <= MaxFillSeconds
}

// Share is the part of one of n replicas, at least one. A burst is a whole number, rounded
// down, and at least 1; what is no limit, a burst of 0, stays none.
func (b Bucket) Share(n int) Bucket {
	if b.Burst > 0 {
		b.Burst = max(1, b.Burst/uint32(min(n, math.MaxInt32))) //nolint:gosec // n is positive and bounded
	}
	b.PerSecond /= float64(n)
	return b
}

// Together is the burst that n replicas allow when each has the bucket.
func (b Bucket) Together(n int) uint64 {
	return uint64(b.Burst) * uint64(n) //nolint:gosec // n is positive
}
