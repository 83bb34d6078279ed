package pgcopy_test

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/pgcopy"
)

func TestWrongBytes(t *testing.T) {
	t.Parallel()
	header := pgcopy.AppendHeader(nil)
	flags, long := bytes.Clone(header), bytes.Clone(header)
	flags[11], long[18] = 1, 1
	first := func(_ any, err error) error { return err }
	next := func(stream ...byte) error {
		_, _, _, err := pgcopy.Next(stream, nil)
		return err
	}
	for name, err := range map[string]error{
		"integer of 3 bytes":       first(pgcopy.Int([]byte{1, 2, 3})),
		"integer of NULL":          first(pgcopy.Int(nil)),
		"boolean of 2":             first(pgcopy.Bool([]byte{2})),
		"boolean of NULL":          first(pgcopy.Bool(nil)),
		"short uuid":               first(pgcopy.UUID(make([]byte, 15))),
		"short timestamp":          first(pgcopy.Time(make([]byte, 4))),
		"empty inet":               first(pgcopy.Inet(nil)),
		"inet that is cut off":     first(pgcopy.Inet([]byte{2, 32, 0, 4, 1, 2, 3})),
		"inet of too many bits":    first(pgcopy.Inet([]byte{2, 33, 0, 4, 1, 2, 3, 4})),
		"inet of the wrong family": first(pgcopy.Inet([]byte{3, 32, 0, 4, 1, 2, 3, 4})),
		"inet of three bytes":      first(pgcopy.Inet([]byte{2, 24, 0, 3, 1, 2, 3})),
		"no header":                first(pgcopy.TrimHeader(nil)),
		"another header":           first(pgcopy.TrimHeader(bytes.Repeat([]byte{1}, 40))),
		"unknown flags":            first(pgcopy.TrimHeader(flags)),
		"extension that is cut":    first(pgcopy.TrimHeader(long)),
		"half a number of fields":  next(0),
		"negative fields":          next(0xff, 0xfe),
		"bytes after the trailer":  next(0xff, 0xff, 0),
		"no field":                 next(0, 1),
		"half a length":            next(0, 1, 0, 0),
		"negative length":          next(0, 1, 0xff, 0xff, 0xff, 0xfe),
		"short field":              next(0, 1, 0, 0, 0, 2, 7),
	} {
		require.ErrorIs(t, err, pgcopy.ErrFormat, name)
	}
}

func TestHeaderWithAnExtension(t *testing.T) {
	t.Parallel()
	stream := append(pgcopy.AppendHeader(nil), "abrest"...)
	stream[18] = 2
	rest, err := pgcopy.TrimHeader(stream)
	require.NoError(t, err)
	require.Equal(t, "rest", string(rest))
}

// What is appended is what is read.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(-62_135_596_800_000, 253_402_300_799_999).Draw(t, "ms")
		addr, _ := netip.AddrFromSlice(rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 4, 4), rapid.SliceOfN(rapid.Byte(), 16, 16)).Draw(t, "addr"))
		text := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		stream := pgcopy.AppendTuple(nil, 4)
		stream = pgcopy.AppendTimestamp(stream, pgcopy.UnixMilli(ms))
		stream = pgcopy.AppendInet(stream, addr)
		stream = pgcopy.AppendText(stream, text)
		stream = pgcopy.AppendNull(stream)
		fields, rest, more, err := pgcopy.Next(stream, nil)
		require.NoError(t, err)
		require.True(t, more)
		require.Empty(t, rest)
		at, err := pgcopy.Time(fields[0])
		require.NoError(t, err)
		require.Equal(t, ms, at.UnixMilli())
		require.Equal(t, ms, at.Time().UnixMilli())
		prefix, err := pgcopy.Inet(fields[1])
		require.NoError(t, err)
		require.Equal(t, netip.PrefixFrom(addr, addr.BitLen()), prefix)
		require.Equal(t, text, fields[2])
		require.Nil(t, fields[3])
	})
}

// FuzzNext reads any bytes as tuples and as values: no panic, and no more memory than
// there are bytes.
func FuzzNext(f *testing.F) {
	stream := pgcopy.AppendTuple(pgcopy.AppendHeader(nil), 3)
	stream = pgcopy.AppendInet(stream, netip.MustParseAddr("203.0.113.1"))
	stream = pgcopy.AppendNull(pgcopy.AppendUUID(stream, [16]byte{1}))
	f.Add(pgcopy.AppendTrailer(stream))
	f.Add([]byte{0x7f, 0xff, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		rest := data
		if trimmed, err := pgcopy.TrimHeader(data); err == nil {
			rest = trimmed
		}
		for more := true; more; {
			before := len(rest)
			var fields [][]byte
			var err error
			fields, rest, more, err = pgcopy.Next(rest, nil)
			if err != nil {
				require.ErrorIs(t, err, pgcopy.ErrFormat)
				return
			}
			require.True(t, !more || len(rest) < before)
			for _, value := range fields {
				decodeAll(value)
			}
		}
	})
}

func decodeAll(value []byte) {
	_, _ = pgcopy.Int(value)
	_, _ = pgcopy.Bool(value)
	_, _ = pgcopy.UUID(value)
	if at, err := pgcopy.Time(value); err == nil {
		_ = at.Time().String()
	}
	_, _ = pgcopy.Inet(value)
}
