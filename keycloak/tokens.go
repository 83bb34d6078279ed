package keycloak

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
)

// tokens keeps the token of a Provisioner.
type tokens struct {
	auth   Auth
	logins turn // held while somebody logs in

	mu      sync.Mutex
	current token
	// stale is when something happened that a token must be newer than.
	stale time.Time
}

// get returns a token with at least a quarter of its life ahead, from a new login if
// there is none.
func (t *tokens) get(ctx context.Context, w *wire) (maskit.Secret, error) {
	if err := t.logins.take(ctx); err != nil {
		return maskit.Secret{}, fmt.Errorf("log in: %w", err)
	}
	defer t.logins.done()
	current, usable := t.now()
	if usable {
		return current.access, nil
	}
	fresh, err := t.auth.obtain(ctx, w, current)
	switch {
	case errors.Is(err, maskit.ErrNotFound):
		// It must not look as if what was asked for did not exist.
		return maskit.Secret{}, fmt.Errorf("log in: is there no base path such as /auth missing in AdminURL, and is the realm of the account right? %v", err) //nolint:errorlint // on purpose
	case err != nil:
		return maskit.Secret{}, fmt.Errorf("log in: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current = fresh
	return fresh.access, nil
}

func (t *tokens) now() (current token, usable bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current, t.usable(time.Now())
}

func (t *tokens) usable(now time.Time) bool {
	c := t.current
	if c.access.IsZero() || c.issued.Before(t.stale) {
		return false
	}
	return c.life == 0 || now.Before(c.issued.Add(c.life*3/4))
}

// refused forgets a token that the server did not accept.
func (t *tokens) refused(access maskit.Secret) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current.access.Equal(access) {
		t.current = token{}
	}
}

// renew makes every token that exists now unusable: the rights of the account
// have changed, and some tokens hold rights.
func (t *tokens) renew() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stale = time.Now()
}
