package native

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	real "github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// discard is a sink that counts.
type discard struct {
	free        *buffers
	rows, bytes atomic.Int64
}

func (d *discard) write(_ context.Context, _ migrate.Entity, tuples []byte, rows int) error {
	d.rows.Add(int64(rows))
	d.bytes.Add(int64(len(tuples)))
	d.free.put(tuples)
	return nil
}

// BenchmarkTransform is the cost of one user of eight rows, without databases.
func BenchmarkTransform(b *testing.B) {
	transformer, err := newTransformer(testJob(), false)
	require.NoError(b, err)
	u, out := withEverything(), &batch{}
	sink := &discard{free: &buffers{}}
	b.ReportAllocs()
	for b.Loop() {
		transformer.transform(u, out)
		if out.full() {
			require.NoError(b, out.flush(b.Context(), sink, sink.free))
		}
	}
	b.ReportMetric(float64(sink.rows.Load())/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLoad reads a homeserver of 20,000 users and throws the rows away.
func BenchmarkLoad(b *testing.B) {
	config, err := pgx.ParseConfig(real.SynapseDatabase(b, real.SynapseCurrent).URI())
	require.NoError(b, err)
	conn, err := pgx.ConnectConfig(b.Context(), config)
	require.NoError(b, err)
	_, err = migratetest.Generate(b.Context(), conn, migratetest.Spec{Users: 20_000, Seed: 1, ServerName: "example.com"})
	require.NoError(b, err)
	require.NoError(b, conn.Close(b.Context()))
	job := testJob()
	job.Synapse = config
	sink := &discard{}
	for b.Loop() {
		s, err := openSource(b.Context(), job, sourceOptions{Workers: 1})
		require.NoError(b, err)
		sink.free = s.buffers
		_, err = s.load(b.Context(), sink)
		require.NoError(b, err)
		require.NoError(b, s.Close(b.Context()))
	}
	b.SetBytes(sink.bytes.Load() / int64(b.N))
	b.ReportMetric(float64(sink.rows.Load())/b.Elapsed().Seconds(), "rows/s")
}
