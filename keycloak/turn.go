package keycloak

import "context"

// turn is a mutex that waits no longer than a context.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take returns nil when it is the caller's turn, who has to call done.
func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) done() { <-t }
