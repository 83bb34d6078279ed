package keycloaktest_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// accepted reports whether the token endpoint takes the secret of the client.
func (s subject) accepted(t *testing.T, secret maskit.Secret) bool {
	t.Helper()
	_, answer := s.form(t, tokenPath, url.Values{"grant_type": {"authorization_code"}, "code": {"none"}, "client_id": {"matrix"}, "client_secret": {secret.Reveal()}})
	return answer["error"] == "invalid_grant"
}

// A secret is rotated while every write fails once, in both ways: MAS always has one that
// works where the server can hold two, and in the end the new one is the only one.
func TestRotationWithFaults(t *testing.T) {
	t.Parallel()
	for name, twoSecrets := range map[string]bool{"one secret": false, "two secrets": true} {
		for fault, f := range map[string]keycloaktest.Fault{"before": {Cut: keycloaktest.CutBefore}, "after": {Cut: keycloaktest.CutAfter}, "500": {Status: http.StatusInternalServerError}} {
			t.Run(name+" "+fault, func(t *testing.T) {
				t.Parallel()
				for nth := 1; ; nth++ {
					s := newFake(t, keycloaktest.Options{SecretRotation: twoSecrets})
					p := s.provisioner(t)
					spec := small(s.realm)
					spec.Realm.Create = true
					persist(t, p, spec)
					s.fake.Forget()
					f.Match, f.Nth = isWrite, nth
					s.fake.Inject(f)
					result := s.rotate(t, p, spec, twoSecrets)
					require.Equal(t, twoSecrets, result.TwoSecrets)
					require.True(t, s.accepted(t, result.Secret))
					require.False(t, s.accepted(t, spec.Client.Secret))
					require.Empty(t, s.fake.Unknown())
					spec.Client.Secret = result.Secret
					s.fake.Heal()
					settled(t, p, spec)
					if writes(s) < nth {
						require.Greater(t, nth, 1)
						return
					}
				}
			})
		}
	}
}

func writes(s subject) int {
	n := 0
	for _, r := range s.fake.Requests() {
		if r.IsWrite() {
			n++
		}
	}
	return n
}

// rotate tries until it works. MAS uses what was activated last.
func (s subject) rotate(t *testing.T, p *keycloak.Provisioner, spec keycloak.Spec, twoSecrets bool) *keycloak.RotationResult {
	t.Helper()
	var stored maskit.Secret
	used := spec.Client.Secret
	activate := func() {
		require.True(t, s.accepted(t, used) || !twoSecrets, "until now MAS had one that works")
		used = stored
		require.True(t, s.accepted(t, used))
	}
	rotation := keycloak.Rotation{
		Realm: s.realm, ClientID: "matrix", Secret: maskit.NewSecret("hidden-client-secret-that-comes-next"),
		Store:    func(_ context.Context, secret maskit.Secret) error { stored = secret; return nil },
		Activate: func(context.Context) error { activate(); return nil },
	}
	for range 5 {
		result, err := p.RotateSecret(t.Context(), rotation)
		if err == nil {
			return result
		}
		requireNoSecret(t, err.Error())
		require.True(t, s.accepted(t, used) || !twoSecrets)
	}
	require.Fail(t, "no progress")
	return nil
}

// The rotated secret lives as long as its policy says, and the new one too.
func TestTwoSecrets(t *testing.T) {
	t.Parallel()
	s := seeded(t, keycloaktest.Options{SecretRotation: true})
	client := s.findClient(t, "app")["id"].(string)
	rule := func(longest, rotated int) map[string]any {
		return map[string]any{"profiles": []any{map[string]any{"name": "rotation", "executors": []any{map[string]any{
			"executor": "secret-rotation", "configuration": map[string]any{"expiration-period": longest, "rotated-expiration-period": rotated, "remaining-rotation-period": 10},
		}}}}}
	}
	var refused *maskit.StatusError
	require.True(t, errors.As(s.fake.Admin(t.Context(), "PUT", "/realms/t-fake/client-policies/profiles", rule(50, 100), nil), &refused))
	require.Equal(t, http.StatusBadRequest, refused.Status)
	s.admin(t, "PUT", "/client-policies/profiles", rule(1000, 100), nil)
	s.admin(t, "PUT", "/client-policies/policies", map[string]any{"policies": []any{map[string]any{
		"name": "rotation", "enabled": true, "profiles": []any{"rotation"},
		"conditions": []any{map[string]any{"condition": "client-access-type", "configuration": map[string]any{"type": []any{"confidential"}}}},
	}}}, nil)
	works := func(secret string) bool {
		status, _ := s.form(t, tokenPath, url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {secret}})
		return status == http.StatusOK
	}
	var made, rotated map[string]any
	s.admin(t, "POST", "/clients/"+client+"/client-secret", nil, &made)
	next := made["value"].(string)
	require.True(t, works(next))
	require.True(t, works("app-secret"))
	s.admin(t, "GET", "/clients/"+client+"/client-secret/rotated", nil, &rotated)
	require.Equal(t, "app-secret", rotated["value"])
	s.admin(t, "PUT", "/clients/"+client, map[string]any{"name": "x"}, nil)
	require.True(t, works("app-secret"), "a write keeps it while the policy is there")
	s.admin(t, "PUT", "/client-policies/policies", map[string]any{"policies": []any{}}, nil)
	require.True(t, works("app-secret"))
	s.admin(t, "PUT", "/clients/"+client, map[string]any{"name": "y"}, nil)
	require.False(t, works("app-secret"), "and ends it when there is none")
	require.True(t, works(next))
}
