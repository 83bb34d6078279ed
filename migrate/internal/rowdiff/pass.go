package rowdiff

import (
	"context"
	"fmt"
	"sync"
)

// reportEvery is after how many rows progress is told.
const reportEvery = 1 << 18

// sum reads both sides once.
func (c *comparison) sum(ctx context.Context) (expected, found *sums, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	expected, found = new(sums), new(sums)
	var work sync.WaitGroup
	work.Go(func() {
		var err error
		if found.shared, err = c.shared(ctx); err != nil {
			cancel(err)
		}
	})
	for _, part := range []struct {
		of  *side
		sum *sums
	}{{c.synapse, expected}, {c.mas, found}} {
		scans := make(chan *scan, len(part.of.scans))
		for i := range part.of.scans {
			scans <- &part.of.scans[i]
		}
		close(scans)
		var lock sync.Mutex
		for range min(c.options.Connections, len(part.of.scans)) {
			work.Go(func() {
				own := new(sums)
				if err := c.sumScans(ctx, part.of, scans, own); err != nil {
					cancel(err)
				}
				lock.Lock()
				defer lock.Unlock()
				part.sum.merge(own)
			})
		}
	}
	work.Wait()
	return expected, found, context.Cause(ctx)
}

// sumScans takes scans until there are none left.
func (c *comparison) sumScans(ctx context.Context, of *side, scans <-chan *scan, to *sums) error {
	conn, err := of.connect(ctx)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)
	for s := range scans {
		var rows int64
		err := s.run(ctx, conn, func(r *row) {
			to.add(c.hasher, s.cluster, r)
			if rows++; of == c.mas && rows%reportEvery == 0 {
				c.options.Progress(Progress{Table: s.table, Rows: rows})
			}
		})
		if err != nil {
			return fmt.Errorf("%s: %w", of.name, err)
		}
		if of == c.mas {
			c.options.Progress(Progress{Table: s.table, Rows: rows, Done: true})
		}
	}
	return nil
}
