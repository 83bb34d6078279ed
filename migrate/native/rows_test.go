package native

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
)

const (
	testKey      = "0123456789abcdef0123456789abcdef"
	testProvider = maskit.ULID("01HFRQFT5QFMJFGF01P7JAV2ME")
)

// started is the time of what has none: 2025-06-01 12:00.
func started() time.Time { return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC) }

func testJob() *migrate.Job {
	return &migrate.Job{
		Started: started(), Key: maskit.NewSecret(testKey),
		Legacy: synapse.Legacy{ServerName: "example.com", OIDC: []synapse.OIDCProvider{
			{SynapseIDPID: "oidc-corp"}, {SynapseIDPID: "oidc-old", Issuer: "https://old.example/"},
		}},
		Providers: map[string]maskit.ULID{"oidc-corp": testProvider},
	}
}

// collected is the rows that a sink was given, as maps from column to text.
type collected map[migrate.Entity][]map[string]string

// collector is a sink that reads what it is given.
type collector struct {
	t         testing.TB
	confirmed bool
	free      *buffers
	before    func() // the first write; may be nil
	mutex     sync.Mutex
	rows      collected
	writes    []migrate.Entity
}

func (c *collector) write(ctx context.Context, entity migrate.Entity, tuples []byte, rows int) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.before != nil {
		c.before()
		c.before = nil
	}
	read := decodeRows(c.t, columnsOf(entity, c.confirmed), tuples)
	require.Len(c.t, read, rows)
	if c.rows == nil {
		c.rows = collected{}
	}
	c.rows[entity] = append(c.rows[entity], read...)
	c.writes = append(c.writes, entity)
	if c.free != nil {
		c.free.put(tuples)
	}
	return ctx.Err()
}

// columnsOf are those of a MAS that has, or has not, the optional ones.
func columnsOf(entity migrate.Entity, optional bool) []column {
	return slices.DeleteFunc(columns(entity), func(c column) bool { return c.optional && !optional })
}

func decodeRows(t testing.TB, columns []column, tuples []byte) []map[string]string {
	t.Helper()
	var rows []map[string]string
	for {
		fields, rest, more, err := pgcopy.Next(tuples, nil)
		require.NoError(t, err)
		if !more {
			return rows
		}
		require.Len(t, fields, len(columns))
		row := map[string]string{}
		for i, c := range columns {
			row[c.name] = fieldText(t, c, fields[i])
		}
		rows, tuples = append(rows, row), rest
	}
}

// fieldText is a value as text; NULL is "-".
func fieldText(t testing.TB, c column, value []byte) string {
	t.Helper()
	if value == nil {
		require.True(t, c.nullable, c.name)
		return "-"
	}
	var text string
	var err error
	switch c.typ {
	case "uuid":
		text = hex.EncodeToString(value)
		require.Len(t, value, 16)
	case timestamp:
		var at pgcopy.Timestamp
		at, err = pgcopy.Time(value)
		text = at.Time().Format(time.RFC3339Nano)
	case "boolean":
		var v bool
		v, err = pgcopy.Bool(value)
		text = strconv.FormatBool(v)
	case "integer":
		var v int64
		require.Len(t, value, 4)
		v, err = pgcopy.Int(value)
		text = strconv.FormatInt(v, 10)
	case "inet":
		prefix, failed := pgcopy.Inet(value)
		text, err = prefix.String(), failed
	default:
		text = string(value)
	}
	require.NoError(t, err)
	return text
}

// id is what the ids of rows are said to be.
func id(kind string, at time.Time, key ...string) string {
	mac := hmac.New(sha256.New, []byte(testKey))
	mac.Write([]byte(kind + "\x00" + strings.Join(key, "\x00")))
	ms := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))[2:]
	return hex.EncodeToString(append(ms, mac.Sum(nil)[:10]...))
}

// moved transforms one user.
func moved(t testing.TB, job *migrate.Job, u *user) (collected, *tally) {
	t.Helper()
	transformer, err := newTransformer(job, false)
	require.NoError(t, err)
	out, sink := &batch{}, &collector{t: t}
	transformer.transform(u, out)
	require.NoError(t, out.flush(t.Context(), sink, &buffers{}))
	return sink.rows, &out.tally
}

// skips lists what was left out: "compat_sessions guest 2".
func (t *tally) skips() []string {
	var list []string
	for of, entity := range migrate.Entities() {
		for reason, rows := range t.skipped[of] {
			list = append(list, fmt.Sprintf("%s %s %d", entity, reason, rows))
		}
	}
	slices.Sort(list)
	return list
}

// notes lists the anomalies: "orphan-rows devices 1 [@a:example.com DEV]".
func (t *tally) notes() []string {
	var list []string
	for key, found := range t.anomalies {
		text := fmt.Sprintf("%s %s %d %v", key.code, key.path, found.count, found.samples)
		if key.provider != "" {
			text += " " + key.provider
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}
