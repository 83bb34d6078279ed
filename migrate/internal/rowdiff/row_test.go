package rowdiff

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestRowTellsApart: rows whose values differ are different bytes, wherever a value
// ends and whether it is NULL.
func TestRowTellsApart(t *testing.T) {
	t.Parallel()
	values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []byte {
		if rapid.Bool().Draw(t, "null") {
			return nil
		}
		return append([]byte{}, rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "value")...)
	}), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		drawn := values.Draw(t, "values")
		var r row
		r.begin([]byte("alice")).part(emails, nil)
		for _, v := range drawn {
			r.bytes(v)
		}
		r.part(links, nil).bytes([]byte("next"))
		got := split(string(r.values(0)))
		require.Len(t, got, len(drawn))
		for i, v := range drawn {
			if v == nil {
				require.Nil(t, got[i])
				continue
			}
			require.Equal(t, string(v), *got[i])
		}
		require.Equal(t, "next", *split(string(r.values(1)))[0])
	})
}

func TestSums(t *testing.T) {
	t.Parallel()
	h := newHasher()
	sumOf := func(rows ...string) *sums {
		s := new(sums)
		var r row
		for _, text := range rows {
			s.add(h, upstream, r.begin([]byte("u"+text)).part(links, nil).bytes([]byte(text)))
		}
		return s
	}
	require.Empty(t, sumOf("a", "b", "c").different(sumOf("c", "a", "b"), upstream), "in any order")
	for name, other := range map[string]*sums{
		"missing": sumOf("a", "b"), "extra": sumOf("a", "b", "c", "d"), "changed": sumOf("a", "b", "x"), "twice": sumOf("a", "b", "b"), "two for one": sumOf("a", "b", "c", "c", "c"),
	} {
		require.NotEmpty(t, sumOf("a", "b", "c").different(other, upstream), name)
	}
	whole := sumOf("a")
	whole.merge(sumOf("b", "c"))
	require.Equal(t, sumOf("a", "b", "c"), whole)
}

func TestRowOfAnotherUserDiffers(t *testing.T) {
	t.Parallel()
	h := newHasher()
	alice, bob := new(sums), new(sums)
	// Users of one group, so that nothing but the hash tells them apart.
	require.Equal(t, group([]byte("alice")), group([]byte("malice")))
	alice.add(h, upstream, new(row).begin([]byte("alice")).part(links, nil).null())
	bob.add(h, upstream, new(row).begin([]byte("malice")).part(links, nil).null())
	require.NotEmpty(t, alice.different(bob, upstream))
}
