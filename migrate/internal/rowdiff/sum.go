package rowdiff

import (
	"hash/maphash"
	"slices"
	"unicode/utf8"
)

// groups is how many groups the users are put into.
const groups = 256

// group is that of a user, by the two last characters of the localpart: PostgreSQL and
// Go must agree about it, and it must cost next to nothing. Groups of unequal size do no harm.
func group(user []byte) int {
	last, n := utf8.DecodeLastRune(user)
	if n == 0 {
		return 0
	}
	second := last
	if before, m := utf8.DecodeLastRune(user[:len(user)-n]); m > 0 {
		second = before
	}
	return (int(last)*31 + int(second)) % groups
}

// groupSQL is group of an SQL expression.
func groupSQL(user string) string {
	return "((ascii(right(" + user + ", 1)) * 31 + ascii(right(" + user + ", 2))) % 256)"
}

// hasher hashes rows by keys that nobody knows, so that no two different sets of rows
// can be made to have equal sums.
type hasher struct{ a, b maphash.Seed }

func newHasher() hasher { return hasher{maphash.MakeSeed(), maphash.MakeSeed()} }

// sum is the sum of hashes of rows.
type sum struct {
	rows int64
	a, b uint64
}

// sums are those of one side.
type sums struct {
	groups [clusterCount][groups]sum
	// parts counts, by kind. A session with several tokens is in several rows.
	parts [kindCount]int64
	// shared are groups of users whose sessions the sums do not tell apart.
	shared []int
}

func (s *sums) add(h hasher, c cluster, r *row) {
	at := &s.groups[c][group(r.user)]
	at.rows++
	at.a += maphash.Bytes(h.a, r.data)
	at.b += maphash.Bytes(h.b, r.data)
	for i := range r.parts {
		s.parts[r.parts[i].kind]++
	}
}

func (s *sums) merge(other *sums) {
	for c := range s.groups {
		for g := range s.groups[c] {
			to, from := &s.groups[c][g], &other.groups[c][g]
			to.rows, to.a, to.b = to.rows+from.rows, to.a+from.a, to.b+from.b
		}
	}
	for k := range s.parts {
		s.parts[k] += other.parts[k]
	}
}

// different lists the groups of a cluster whose sums are not equal to those of MAS, or
// say too little.
func (s *sums) different(mas *sums, c cluster) []int {
	var found []int
	for g := range s.groups[c] {
		if s.groups[c][g] != mas.groups[c][g] || c == devices && slices.Contains(mas.shared, g) {
			found = append(found, g)
		}
	}
	return found
}
