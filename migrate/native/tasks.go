package native

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// task is a piece of work for one session.
type task struct {
	name string
	// cost decides the order: the most expensive first, so that none is left over for the end.
	cost float64
	// after are the tasks that have to be done before.
	after []*task
	do    func(context.Context, *pgx.Conn) error

	begun, done bool
}

func (t *task) ready() bool {
	for _, before := range t.after {
		if !before.done {
			return false
		}
	}
	return !t.begun
}

// tasks shares work among sessions.
type tasks struct {
	mu    sync.Mutex
	moved sync.Cond
	all   []*task
	err   error
}

// perform does all tasks with these sessions, and returns the first error. None is
// begun after that.
func perform(ctx context.Context, conns []*pgx.Conn, all []*task) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := &tasks{all: all}
	work.moved.L = &work.mu
	var sessions sync.WaitGroup
	for _, conn := range conns {
		sessions.Go(func() {
			for next := work.take(); next != nil; next = work.take() {
				err := next.do(ctx, conn)
				if err != nil {
					cancel()
				}
				work.finish(next, err)
			}
		})
	}
	sessions.Wait()
	return work.err
}

// take waits for a task that can be begun. It returns nil when there will be none.
func (w *tasks) take() *task {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.err == nil {
		var best *task
		open := false
		for _, t := range w.all {
			open = open || !t.begun
			if t.ready() && (best == nil || t.cost > best.cost) {
				best = t
			}
		}
		if best != nil {
			best.begun = true
			return best
		}
		if !open {
			return nil
		}
		w.moved.Wait()
	}
	return nil
}

func (w *tasks) finish(t *task, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.done = true
	if w.err == nil {
		w.err = err
	}
	w.moved.Broadcast()
}
