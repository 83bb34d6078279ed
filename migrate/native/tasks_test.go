package native

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestPerformKeepsTheOrder(t *testing.T) {
	t.Parallel()
	var order []string
	add := func(name string, cost float64, after ...*task) *task {
		return &task{name: name, cost: cost, after: after, do: func(context.Context, *pgx.Conn) error {
			order = append(order, name)
			return nil
		}}
	}
	cheap, dear := add("cheap", 1), add("dear", 5)
	key := add("key", 9, cheap, dear)
	require.NoError(t, perform(t.Context(), []*pgx.Conn{nil}, []*task{cheap, key, dear}))
	require.Equal(t, []string{"dear", "cheap", "key"}, order)
}

func TestPerformStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var done atomic.Int32
	failing := &task{name: "failing", cost: 2, do: func(context.Context, *pgx.Conn) error { return broken }}
	waiting := &task{name: "waiting", cost: 3, do: func(ctx context.Context, _ *pgx.Conn) error {
		<-ctx.Done() // an index that is being built is given up
		return ctx.Err()
	}}
	after := &task{name: "after", after: []*task{failing}, do: func(context.Context, *pgx.Conn) error {
		done.Add(1)
		return nil
	}}
	require.ErrorIs(t, perform(t.Context(), []*pgx.Conn{nil, nil, nil}, []*task{failing, waiting, after}), broken)
	require.Zero(t, done.Load())
}

func TestPerformUsesAllSessions(t *testing.T) {
	t.Parallel()
	meet := make(chan struct{})
	both := func(context.Context, *pgx.Conn) error { // can only end if both run at once
		select {
		case meet <- struct{}{}:
		case <-meet:
		}
		return nil
	}
	require.NoError(t, perform(t.Context(), []*pgx.Conn{nil, nil}, []*task{{do: both}, {do: both}}))
}
