package native

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	m := newIDs(maskit.NewSecret(testKey))
	at := time.UnixMilli(1530393962123)
	made := func(k kind, ms int64, key, more string) string {
		id := m.make(k, ms, []byte(key), nil)
		if more != "" {
			id = m.make(k, ms, []byte(key), []byte(more))
		}
		return hex.EncodeToString(id[:])
	}
	// It is pinned: a resumed migration must make the ids that an earlier release made.
	require.Equal(t, "01645296a68bcb3672212cc144136a33", made(kindUser, at.UnixMilli(), "alice", ""))
	require.Equal(t, id("user", at, "alice"), made(kindUser, at.UnixMilli(), "alice", ""))
	require.Equal(t, id("session", at, "alice", "DEV"), made(kindSession, at.UnixMilli(), "alice", "DEV"))
	require.Equal(t, id("user", at, "bob"), made(kindUser, at.UnixMilli(), "bob", ""), "nothing is left of the one before")

	raw := m.make(kindUser, at.UnixMilli(), []byte("alice"), nil)
	require.Equal(t, at.UnixMilli(), ulid.Time(ulid.ULID(raw).Time()).UnixMilli())
}

func TestIDsDiffer(t *testing.T) {
	t.Parallel()
	one, other := newIDs(maskit.NewSecret(testKey)), newIDs(maskit.NewSecret("another"))
	a, b, ab, empty := []byte("a"), []byte("b"), []byte("ab"), []byte{}
	seen := map[[16]byte]string{}
	for name, id := range map[string][16]byte{
		"key":             one.make(kindSession, 1, a, b),
		"another key":     other.make(kindSession, 1, a, b),
		"another kind":    one.make(kindEmail, 1, a, b),
		"another time":    one.make(kindSession, 2, a, b),
		"another part":    one.make(kindSession, 1, b, a),
		"one part":        one.make(kindSession, 1, ab, nil),
		"an empty part":   one.make(kindSession, 1, ab, empty),
		"a part before":   one.make(kindSession, 1, empty, ab),
		"kinds of tokens": one.make(kindAccess, 1, ab, nil),
	} {
		require.Empty(t, seen[id], name)
		seen[id] = name
	}
}

func TestIDsOfTimesThatAULIDCannotHold(t *testing.T) {
	t.Parallel()
	m := newIDs(maskit.NewSecret(testKey))
	early, late := m.make(kindUser, -1, nil, nil), m.make(kindUser, 1<<60, nil, nil)
	require.Equal(t, []byte{0, 0, 0, 0, 0, 0}, early[:6])
	require.Equal(t, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, late[:6])
}
