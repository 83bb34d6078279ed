package rowdiff

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestInet(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.7":        "02200004cb007107",
		"::1":                "0380001000000000000000000000000000000001",
		"2001:DB8::1":        "0380001020010db8000000000000000000000001",
		"::ffff:203.0.113.7": "0380001000000000000000000000ffffcb007107",
		"-":                  "",
		"":                   "",
		"fe80::1%eth0":       "",
		"010.1.1.1":          "",
		"10.1.1":             "",
		"10.1.1.1/32":        "",
		"localhost":          "",
	} {
		require.Equal(t, want, hex.EncodeToString(inet([]byte(text), nil)), text)
	}
	require.Nil(t, inet(nil, nil))
}

func TestIsBcrypt(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("aZ09./", 9)[:53]
	for hash, want := range map[string]bool{
		"$2b$12$" + body: true, "$2a$04$" + body: true, "$2x$12$" + body: true, "$2y$12$" + body: true,
		"": false, "$2b$12$": false, "$2c$12$" + body: false, "$2b$1x$" + body: false, "$2b$12$" + body[1:] + "!": false,
		"$2b$12$" + body + "a": false, "$2b$12$" + body[1:]: false, "$argon2id$v=19$" + body[:45]: false, "$2b$12$" + body[1:] + "[": false,
	} {
		require.Equal(t, want, isBcrypt([]byte(hash)), hash)
	}
}

func TestHasCase(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"": false, "alice_1.-=/": false, "Alice": true, "alicE": true, "alicé": true, "z{@[`": false} {
		require.Equal(t, want, hasCase([]byte(name)), name)
	}
}

func TestLocalpart(t *testing.T) {
	t.Parallel()
	s := newSynapseReader(Options{ServerName: "example.com:8448"}, since{})
	for user, want := range map[string]string{
		"@alice:example.com:8448": "alice", "@:example.com:8448": "", "@alice:example.com": "-", "alice:example.com:8448": "-",
		"@a:b:example.com:8448": "-", "@alice:xexample.com:8448": "-", "@aliceexample.com:8448": "-", "": "-", ":example.com:8448": "-",
	} {
		got, ok := s.localpart([]byte(user))
		if !ok {
			got = []byte("-")
		}
		require.Equal(t, want, string(got), user)
	}
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func TestMoments(t *testing.T) {
	t.Parallel()
	at := time.Date(2023, 11, 14, 22, 13, 20, 123e6, time.UTC)
	m := fromMillis(number(at.UnixMilli()))
	require.Equal(t, at, timeOf(m.micros))
	require.Equal(t, m, fromMAS(number(microsOf(at))))
	require.Equal(t, at.Truncate(time.Second), timeOf(fromSeconds(number(at.Unix())).micros))
	require.Equal(t, moment{state: absent}, fromMillis(nil))
	require.Equal(t, atMigration, fromSeconds(nil).required().state)
	require.Equal(t, m, m.required())
	require.Equal(t, m, m.before(m.micros+1))
	require.Equal(t, moment{state: atMigration}, m.before(m.micros))
	require.Equal(t, moment{state: absent}, m.when(false))
	old := fromSeconds(number(-5))
	require.Equal(t, time.Unix(0, 0).UTC(), timeOf(old.since1970().micros))
	require.Zero(t, old.unixMillis())
}

func TestIDState(t *testing.T) {
	t.Parallel()
	id, err := hex.DecodeString("018bcfe56800" + strings.Repeat("ab", 10))
	require.NoError(t, err)
	created := fromMillis(number(1700000000000))
	require.Equal(t, idRight, idState(id, created))
	created.micros += 999
	require.Equal(t, idRight, idState(id, created), "ids count milliseconds")
	created.micros++
	require.Equal(t, idOtherTime, idState(id, created))
	require.Equal(t, idNil, idState(make([]byte, 16), fromMillis(number(0))))
	require.Equal(t, idNil, idState(nil, created))
	require.Equal(t, idRight, idState(append(make([]byte, 15), 1), fromSeconds(number(-7))), "before 1970 is 1970")
}
