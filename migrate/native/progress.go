package native

import (
	"context"
	"sync"
	"time"

	"github.com/maskit-dev/maskit/migrate"
)

// progress is a sink in front of another: it counts, tells and throttles.
type progress struct {
	next   sink
	run    *run
	begun  time.Time
	mu     sync.Mutex
	rows   map[migrate.Entity]int64
	told   time.Time
	passed time.Time // when the throttle lets the next rows pass
}

func newProgress(r *run, next sink) *progress {
	now := time.Now()
	return &progress{next: next, run: r, begun: now, rows: map[migrate.Entity]int64{}, told: now, passed: now}
}

func (p *progress) write(ctx context.Context, entity migrate.Entity, tuples []byte, rows int) error {
	if err := p.throttle(ctx, rows); err != nil {
		return err
	}
	if err := p.next.write(ctx, entity, tuples, rows); err != nil {
		return err
	}
	p.count(entity, rows)
	return nil
}

// throttle waits as long as the bound on rows per second demands.
func (p *progress) throttle(ctx context.Context, rows int) error {
	limit := p.run.engine.MaxRowsPerSecond
	if limit <= 0 {
		return nil
	}
	p.mu.Lock()
	now := time.Now()
	if p.passed.Before(now) {
		p.passed = now
	}
	pause := p.passed.Sub(now)
	p.passed = p.passed.Add(time.Duration(rows) * time.Second / time.Duration(limit))
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(pause):
		return nil
	}
}

// count tells of all entities, twice a second.
func (p *progress) count(entity migrate.Entity, rows int) {
	const interval = 500 * time.Millisecond
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows[entity] += int64(rows)
	if time.Since(p.told) < interval {
		return
	}
	p.told = time.Now()
	p.tell(false)
}

// finish tells the last numbers.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell(true)
	p.run.done(migrate.StageLoad)
}

func (p *progress) tell(done bool) {
	seconds := time.Since(p.begun).Seconds()
	for _, entity := range migrate.Entities() {
		rows, total := p.rows[entity], p.run.total(entity)
		if rows == 0 && !done {
			continue
		}
		event := migrate.Event{Stage: migrate.StageLoad, Entity: entity, Rows: rows, Total: total, Rate: float64(rows) / seconds, Done: done}
		if !done && rows > 0 && total > rows {
			event.Remaining = time.Duration(float64(total-rows) / event.Rate * float64(time.Second))
		}
		p.run.job.Events(event)
	}
}
