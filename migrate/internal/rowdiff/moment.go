package rowdiff

import (
	"encoding/binary"
	"math"
	"time"
)

// moment is a time as MAS stores it, or the word that it is that of the migration:
// where Synapse knows no time, engines write their own.
type moment struct {
	state momentState
	// micros is since 2000, as in PostgreSQL.
	micros int64
}

type momentState byte

const (
	known momentState = iota
	absent
	atMigration
)

// postgresEpoch is 2000-01-01 in Unix time.
const postgresEpoch = 946684800

// firstMicros and lastMicros bound the years 1 to 9999. What Synapse has beyond them, such
// as a token that is valid until the last millisecond that 64 bits can count, is never:
// engines write the time itself as far as PostgreSQL can, or the bound.
const (
	firstMicros = -63082281600 * 1e6
	lastMicros  = 252455615999999 * 1e3
)

// fromMillis reads a time of Synapse in milliseconds since 1970; NULL is absent.
func fromMillis(value []byte) moment { return fromUnix(value, 1e3) }

// fromSeconds is fromMillis for users.creation_ts, which is in seconds.
func fromSeconds(value []byte) moment { return fromUnix(value, 1) }

// fromUnix reads a time of which so many make a second.
func fromUnix(value []byte, perSecond int64) moment {
	if value == nil {
		return moment{state: absent}
	}
	micros := 1e6 / perSecond
	epoch := postgresEpoch * perSecond
	at := min(max(int64At(value), firstMicros/micros+epoch), lastMicros/micros+1+epoch) // it does not overflow
	return moment{micros: (at - epoch) * micros}
}

// fromMAS reads a time of MAS.
func fromMAS(value []byte) moment {
	if value == nil {
		return moment{state: absent}
	}
	return moment{micros: int64At(value)}
}

// required makes of NULL the time of the migration.
func (m moment) required() moment {
	if m.state == absent {
		m.state = atMigration
	}
	return m
}

// before says that a time from the limit on is that of the migration.
func (m moment) before(limit int64) moment {
	if m.state == known && m.micros >= limit {
		return moment{state: atMigration}
	}
	return m
}

// when returns the moment if set, else none: locked_at and deactivated_at.
func (m moment) when(set bool) moment {
	if !set {
		return moment{state: absent}
	}
	return m
}

// bounded makes times beyond the bounds equal, but for the infinity of PostgreSQL, which
// MAS cannot read.
func (m moment) bounded() moment {
	if m.micros != math.MaxInt64 && m.micros != math.MinInt64 {
		m.micros = min(max(m.micros, firstMicros), lastMicros)
	}
	return m
}

// since1970 is how the time of a ULID bounds a time.
func (m moment) since1970() moment {
	if m.state == known {
		m.micros = max(m.micros, -postgresEpoch*1e6)
	}
	return m
}

// unixMillis is rounded down, and zero before 1970.
func (m moment) unixMillis() int64 {
	return max((m.micros+postgresEpoch*1e6)/1e3, 0)
}

// microsOf is the time as moments count.
func microsOf(t time.Time) int64 { return t.UnixMicro() - postgresEpoch*1e6 }

// timeOf is the opposite of microsOf.
func timeOf(micros int64) time.Time { return time.UnixMicro(micros + postgresEpoch*1e6).UTC() }

func int64At(value []byte) int64 {
	return int64(binary.BigEndian.Uint64(value)) //nolint:gosec // the same bits
}

// The states of an id.
const (
	idRight byte = iota + 1
	idNil
	idOtherTime
)

// idBits is how many bits of a ULID are its time.
const idBits = 48

// idState says whether an id is a ULID that was made at created. Its time is in its first bits.
func idState(id []byte, created moment) byte {
	if len(id) != 16 || [16]byte(id) == ([16]byte{}) {
		return idNil
	}
	millis := int64(binary.BigEndian.Uint64(id[:8]) >> (64 - idBits))
	if millis != created.unixMillis()&(1<<idBits-1) {
		return idOtherTime
	}
	return idRight
}
