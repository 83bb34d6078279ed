package pgcopy_test

import (
	"bytes"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/pgcopy"
)

// Each value goes through PostgreSQL, which must read what is meant, and write the
// same bytes.
func TestValues(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	uuid := [16]byte{0x01, 0x8b, 0xf1, 0x77, 0xe8, 0xb7, 0x7d, 0x24, 0xf8, 0x3c, 0x01, 0xb1, 0xe4, 0xad, 0x8a, 0x8e}
	inet := func(text string) []byte { return pgcopy.AppendInet(nil, netip.MustParseAddr(text)) }
	at := func(ms int64) []byte { return pgcopy.AppendTimestamp(nil, pgcopy.UnixMilli(ms)) }
	for _, tc := range []struct {
		name, typ string
		field     []byte
		want      string // as PostgreSQL prints it; "NULL" if it is that
	}{
		{"NULL", "text", pgcopy.AppendNull(nil), "NULL"},
		{"uuid", "uuid", pgcopy.AppendUUID(nil, uuid), "018bf177-e8b7-7d24-f83c-01b1e4ad8a8e"},
		{"nil uuid", "uuid", pgcopy.AppendUUID(nil, [16]byte{}), "00000000-0000-0000-0000-000000000000"},
		{"text", "text", pgcopy.AppendText(nil, "Grüße 📱\n\\N\t"), "Grüße 📱\n\\N\t"},
		{"empty text", "text", pgcopy.AppendText(nil, []byte(nil)), ""},
		{"long text", "text", pgcopy.AppendText(nil, strings.Repeat("x", 100_000)), strings.Repeat("x", 100_000)},
		{"true", "boolean", pgcopy.AppendBool(nil, true), "true"},
		{"false", "boolean", pgcopy.AppendBool(nil, false), "false"},
		{"one", "integer", pgcopy.AppendInt4(nil, 1), "1"},
		{"least integer", "integer", pgcopy.AppendInt4(nil, math.MinInt32), "-2147483648"},
		{"IPv4", "inet", inet("203.0.113.1"), "203.0.113.1/32"},
		{"IPv6", "inet", inet("2001:db8::1"), "2001:db8::1/128"},
		{"IPv4 in IPv6", "inet", inet("::ffff:203.0.113.1"), "::ffff:203.0.113.1/128"},
		{"zone", "inet", inet("fe80::1%eth0"), "fe80::1/128"},
		{"no address", "inet", pgcopy.AppendInet(nil, netip.Addr{}), "NULL"},
		{"year 2018", "timestamptz", at(1530393962123), "2018-06-30 21:26:02.123+00"},
		{"year 1970", "timestamptz", at(0), "1970-01-01 00:00:00+00"},
		{"year 1969", "timestamptz", at(-1), "1969-12-31 23:59:59.999+00"},
		{"PostgreSQL's epoch", "timestamptz", at(946684800000), "2000-01-01 00:00:00+00"},
		{"first", "timestamptz", at(math.MinInt64), "0001-01-01 00:00:00+00"},
		{"last", "timestamptz", at(math.MaxInt64), "9999-12-31 23:59:59.999+00"},
		{"seconds", "timestamptz", pgcopy.AppendTimestamp(nil, pgcopy.Unix(1530393962)), "2018-06-30 21:26:02+00"},
		{"first second", "timestamptz", pgcopy.AppendTimestamp(nil, pgcopy.Unix(math.MinInt64)), "0001-01-01 00:00:00+00"},
		{"last second", "timestamptz", pgcopy.AppendTimestamp(nil, pgcopy.Unix(math.MaxInt64)), "9999-12-31 23:59:59+00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stream := pgcopy.AppendTrailer(append(pgcopy.AppendTuple(pgcopy.AppendHeader(nil), 1), tc.field...))
			text, back := through(t, conn, tc.typ, stream)
			require.Equal(t, tc.want, text)
			require.Equal(t, stream, back)
		})
	}
}

// through copies a stream of one tuple of one field into a table, and back.
func through(t *testing.T, conn *pgx.Conn, typ string, stream []byte) (text string, back []byte) {
	t.Helper()
	ctx := t.Context()
	// text() shows the bits of an inet, which ::text leaves out for a host.
	show := "v::text"
	if typ == "inet" {
		show = "text(v)"
	}
	_, err := conn.Exec(ctx, "DROP TABLE IF EXISTS v; CREATE TEMPORARY TABLE v (v "+typ+")")
	require.NoError(t, err)
	_, err = conn.PgConn().CopyFrom(ctx, bytes.NewReader(stream), "COPY v FROM STDIN (FORMAT binary)")
	require.NoError(t, err)
	require.NoError(t, conn.QueryRow(ctx, "SELECT coalesce("+show+", 'NULL') FROM v").Scan(&text))
	var out bytes.Buffer
	_, err = conn.PgConn().CopyTo(ctx, &out, "COPY v TO STDOUT (FORMAT binary)")
	require.NoError(t, err)
	return text, out.Bytes()
}

// What PostgreSQL sends for a row is what the decoders read.
func TestDecodeRow(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	result := conn.PgConn().ExecParams(t.Context(), `SELECT 7::smallint, (-8)::integer, 9223372036854775807::bigint, true, false, NULL::text, '',
		'018bf177-e8b7-7d24-f83c-01b1e4ad8a8e'::uuid, '1969-12-31 23:59:59.999999+00'::timestamptz, 'infinity'::timestamptz,
		'10.0.0.0/8'::inet, '2001:db8::/32'::cidr`, nil, nil, nil, []int16{1}).Read()
	require.NoError(t, result.Err)
	row := result.Rows[0]

	for i, want := range []int64{7, -8, math.MaxInt64} {
		v, err := pgcopy.Int(row[i])
		require.NoError(t, err)
		require.Equal(t, want, v)
	}
	for i, want := range map[int]bool{3: true, 4: false} {
		v, err := pgcopy.Bool(row[i])
		require.NoError(t, err)
		require.Equal(t, want, v)
	}
	require.Nil(t, row[5])
	require.Equal(t, []byte{}, row[6])
	id, err := pgcopy.UUID(row[7])
	require.NoError(t, err)
	require.Equal(t, "018bf177e8b77d24f83c01b1e4ad8a8e", fmt.Sprintf("%x", id))
	at, err := pgcopy.Time(row[8])
	require.NoError(t, err)
	require.Equal(t, time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), at.Time())
	require.Equal(t, int64(-1), at.UnixMilli(), "rounded down")
	at, err = pgcopy.Time(row[9])
	require.NoError(t, err)
	require.Equal(t, pgcopy.Timestamp(math.MaxInt64), at)
	for i, want := range map[int]string{10: "10.0.0.0/8", 11: "2001:db8::/32"} {
		v, err := pgcopy.Inet(row[i])
		require.NoError(t, err)
		require.Equal(t, netip.MustParsePrefix(want), v)
	}
}

func TestManyTuples(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	stream := pgcopy.AppendHeader(nil)
	for i := range int32(1000) {
		stream = pgcopy.AppendTuple(stream, 2)
		stream = pgcopy.AppendInt4(stream, i)
		stream = pgcopy.AppendText(stream, fmt.Sprint("row ", i))
	}
	stream = pgcopy.AppendTrailer(stream)
	_, err := conn.Exec(t.Context(), "CREATE TEMPORARY TABLE many (i integer, t text)")
	require.NoError(t, err)
	tag, err := conn.PgConn().CopyFrom(t.Context(), bytes.NewReader(stream), "COPY many FROM STDIN (FORMAT binary)")
	require.NoError(t, err)
	require.EqualValues(t, 1000, tag.RowsAffected())

	rest, err := pgcopy.TrimHeader(stream)
	require.NoError(t, err)
	var fields [][]byte
	for i := range int64(1000) {
		var more bool
		fields, rest, more, err = pgcopy.Next(rest, fields[:0])
		require.NoError(t, err)
		require.True(t, more)
		v, err := pgcopy.Int(fields[0])
		require.NoError(t, err)
		require.Equal(t, i, v)
		require.Equal(t, fmt.Sprint("row ", i), string(fields[1]))
	}
	_, _, more, err := pgcopy.Next(rest, nil)
	require.NoError(t, err)
	require.False(t, more)
}

func TestAppendDoesNotAllocate(t *testing.T) {
	buffer, addr := make([]byte, 0, 1024), netip.MustParseAddr("2001:db8::1")
	text := []byte("text")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		b := pgcopy.AppendTuple(pgcopy.AppendHeader(buffer), 6)
		b = pgcopy.AppendUUID(b, [16]byte{1})
		b = pgcopy.AppendTimestamp(b, pgcopy.UnixMilli(1))
		b = pgcopy.AppendText(b, text)
		b = pgcopy.AppendBool(b, true)
		b = pgcopy.AppendInt4(b, 1)
		b = pgcopy.AppendInet(b, addr)
		buffer = pgcopy.AppendTrailer(pgcopy.AppendNull(b))[:0]
	}))
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), live.Postgres(t).URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.PgConn().Conn().Close() })
	return conn
}
