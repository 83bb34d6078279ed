package native

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/maskit-dev/maskit"
)

// kind is what an id is of. With the natural key it decides the id, so the names of
// kinds never change.
//
//	kind                 natural key
//	user                 localpart
//	password             localpart
//	email                localpart, address
//	link                 ULID of the provider in MAS, subject
//	session              localpart, device id
//	deviceless-session   access token
//	access-token         access token
//	refresh-token        refresh token
//
// The parts of a key are separated by a zero byte, which no text in PostgreSQL has.
type kind string

const (
	kindUser       kind = "user"
	kindPassword   kind = "password"
	kindEmail      kind = "email"
	kindLink       kind = "link"
	kindSession    kind = "session"
	kindDeviceless kind = "deviceless-session"
	kindAccess     kind = "access-token"
	kindRefresh    kind = "refresh-token"
)

// ids makes the ids of MAS's rows. The same key, kind, natural key and time give the
// same id. It is for one goroutine.
type ids struct {
	mac   hash.Hash
	input []byte
	sum   []byte
}

func newIDs(key maskit.Secret) *ids {
	return &ids{mac: hmac.New(sha256.New, []byte(key.Reveal()))}
}

// make returns a ULID as a uuid: 48 bits of Unix time in milliseconds, and the first
// 80 bits of HMAC-SHA-256(key, kind ‖ 0 ‖ natural key). A time that a ULID cannot hold
// becomes the nearest that it can.
func (m *ids) make(k kind, ms int64, key, more []byte) [16]byte {
	m.input = append(append(append(m.input[:0], k...), 0), key...)
	if more != nil {
		m.input = append(append(m.input, 0), more...)
	}
	m.mac.Reset()
	_, _ = m.mac.Write(m.input) // never fails
	m.sum = m.mac.Sum(m.sum[:0])

	const latest = 1<<48 - 1
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(min(max(ms, 0), latest))<<16)
	copy(id[6:], m.sum)
	return id
}
