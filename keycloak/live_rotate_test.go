package keycloak_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// accepts reports whether the token endpoint takes the secret of the client.
func (l liveRealm) accepts(ctx context.Context, t *testing.T, secret maskit.Secret) bool {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"none"}, "redirect_uri": {"https://x.example.com/"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.Issuer+"/protocol/openid-connect/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth("matrix", url.QueryEscape(secret.Reveal()))
	client := &http.Client{}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return strings.Contains(string(body), "invalid_grant")
}

var errStop = errors.New("stopped here")

// rotateThroughStops rotates, and fails at each callback once.
func (l liveRealm) rotateThroughStops(t *testing.T, spec keycloak.Spec) *keycloak.RotationResult {
	t.Helper()
	var stored maskit.Secret
	stops := map[string]bool{}
	stop := func(name string) error {
		if stops[name] {
			return nil
		}
		stops[name] = true
		return errStop
	}
	rotation := keycloak.Rotation{
		Realm: l.Name, ClientID: "matrix", Secret: newSecret(t),
		Store: func(ctx context.Context, secret maskit.Secret) error {
			stored = secret
			require.True(t, l.accepts(ctx, t, spec.Client.Secret) || l.accepts(ctx, t, secret))
			return stop("store")
		},
		Activate: func(context.Context) error { return stop("activate") },
	}
	for range 2 {
		_, err := l.p.RotateSecret(t.Context(), rotation)
		require.ErrorIs(t, err, errStop)
	}
	result, err := l.p.RotateSecret(t.Context(), rotation)
	require.NoError(t, err)
	require.True(t, result.Resumed)
	require.True(t, stored.Equal(result.Secret))
	require.True(t, l.accepts(t.Context(), t, result.Secret))
	require.False(t, l.accepts(t.Context(), t, spec.Client.Secret))
	require.NotContains(t, l.log.String(), result.Secret.Reveal())

	spec.Client.Secret = result.Secret
	l.settled(t, spec)
	return result
}

func TestLiveStagedRotation(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	l.apply(t, spec)
	result := l.rotateThroughStops(t, spec)
	require.False(t, result.TwoSecrets)

	spec.Client.Secret = result.Secret
	result, err := l.p.RotateSecret(t.Context(), keycloak.Rotation{
		Realm: l.Name, ClientID: "matrix", Secret: newSecret(t),
		Store: func(ctx context.Context, _ maskit.Secret) error {
			require.True(t, l.accepts(ctx, t, spec.Client.Secret))
			return nil
		},
		Activate: func(context.Context) error { return nil },
	})
	require.NoError(t, err)
	require.Positive(t, result.Window)
	require.False(t, result.Resumed)
}
