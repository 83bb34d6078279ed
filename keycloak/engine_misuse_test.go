package keycloak_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// A plan read back from its JSON has nothing to carry out: that must not look like success.
func TestPlanFromJSONIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text, err := json.Marshal(b.plan(t))
	require.NoError(t, err)
	var plan keycloak.Plan
	require.NoError(t, json.Unmarshal(text, &plan))
	_, err = b.p.Apply(t.Context(), &plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "make a new one")
}

func TestDriftSaysWhat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*bench)
		want   string
	}{
		"changed": {func(b *bench) { b.realm["displayName"] = "hidden" }, "apply realm staff: somebody else changed displayName, make a new plan: "},
		"deleted": {func(b *bench) { b.clients = nil }, "apply client matrix: somebody else deleted it, make a new plan: "},
		"secret":  {func(b *bench) { b.clients[0]["secret"] = "hidden-too" }, "apply client matrix: somebody else changed secret, make a new plan: "},
	} {
		b := newBench(t)
		b.applied(t)
		b.realm["displayName"], b.clients[0]["enabled"] = "x", false
		plan := b.plan(t)
		c.change(b)
		_, err := b.p.Apply(t.Context(), plan)
		require.ErrorIs(t, err, maskit.ErrDrift, name)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "hidden", name)
	}
}

// A refusal for want of rights is believed after one new login, and not tried again.
func TestForbiddenIsBelievedAfterOneLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	logins, refusals := 0, 0
	b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/realms/master/protocol/openid-connect/token" {
			logins++
		}
		if r.URL.Path != "/admin/realms/staff/clients" {
			return false
		}
		refusals++
		return status(http.StatusForbidden, `{"error":"HTTP 403 Forbidden"}`)(w, r)
	}
	_, err := b.p.Plan(t.Context(), b.spec)
	require.ErrorIs(t, err, maskit.ErrForbidden)
	require.Equal(t, []int{2, 2}, []int{logins, refusals})
}

// While one caller logs in, another one waits no longer than its own context.
func TestWaitingForALoginEndsWithTheContext(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun, release := make(chan struct{}), make(chan struct{})
	p, err := keycloak.New(keycloak.Config{AdminURL: b.URL, Auth: keycloak.TokenSource(func(context.Context) (maskit.Secret, error) {
		close(begun)
		<-release
		return maskit.NewSecret("t"), nil
	})})
	require.NoError(t, err)
	first := make(chan error, 1)
	go func() {
		_, err := p.Plan(t.Context(), b.spec)
		first <- err
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = p.Plan(ctx, b.spec)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(release)
	require.NoError(t, <-first)
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	t.Parallel()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	for _, auth := range []keycloak.Auth{
		keycloak.SignedJWT{ClientID: "c", Key: key, Algorithm: "EdDSA", Rand: rand.Reader},
		keycloak.ServiceAccount{ClientID: "c", Secret: maskit.NewSecret("hidden")},
		keycloak.AdminPassword{User: "u", Password: maskit.NewSecret("hidden")},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			text := fmt.Sprintf(verb, keycloak.Config{AdminURL: "https://x.example.com", Auth: auth})
			require.NotContains(t, text, "hidden")
			require.NotContains(t, text, fmt.Sprint(key[0], " ", key[1], " ", key[2]))
			require.NotContains(t, text, fmt.Sprintf("0x%x, 0x%x, 0x%x", key[0], key[1], key[2]))
		}
	}
}

func TestBasePathsLikeAdmin(t *testing.T) {
	t.Parallel()
	for address, works := range map[string]bool{
		"https://x.example.com/auth": true, "https://x.example.com/admin-sso": true, "https://x.example.com/auth/admin": false, "https://x.example.com/realms/": false,
	} {
		_, err := keycloak.New(keycloak.Config{AdminURL: address, Auth: keycloak.ServiceAccount{ClientID: "c", Secret: maskit.NewSecret("s")}})
		require.Equal(t, works, err == nil, address)
	}
}

// The client is deleted while the new secret is stored.
func TestRotationOfADeletedClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.applied(t)
	result, err := b.p.RotateSecret(t.Context(), keycloak.Rotation{
		Realm: "staff", ClientID: "matrix", Secret: newSecret(t),
		Store:    func(context.Context, maskit.Secret) error { b.clients = nil; return nil },
		Activate: func(context.Context) error { return nil },
	})
	require.ErrorIs(t, err, maskit.ErrNotFound)
	require.Zero(t, result.Window)
	require.Positive(t, result.Requests)
}

// An account that may not see users still gets a report of all the rest.
func TestVerifyWithoutTheSightOfUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.applied(t)
	b.spec.VerifyAs = "alice"
	b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return r.URL.Path == "/admin/realms/staff/users" && status(http.StatusForbidden, `{"error":"HTTP 403 Forbidden"}`)(w, r)
	}
	report, err := b.p.Verify(t.Context(), b.spec)
	require.NoError(t, err)
	require.Contains(t, codes(report.Problems), "claims-not-checked")
	require.Contains(t, codes(report.Problems), "discovery-unreadable", "the stub has no metadata")
}

func TestExportRefusesAClientOfAnotherProtocol(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.applied(t)
	b.clients[0]["protocol"] = "saml"
	_, err := b.p.Export(t.Context(), "staff", "matrix")
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "client-protocol")
}

// The answer to the creation of a realm does not come in time, and the realm is not to be
// seen at once: it is waited for, and adopted.
func TestRealmThatTakesLongerThanTheTimeout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: b.URL, Timeout: time.Second,
		Auth: keycloak.TokenSource(func(context.Context) (maskit.Secret, error) { return maskit.NewSecret("t"), nil }),
	})
	require.NoError(t, err)
	posts, looks := 0, 0
	b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		switch r.Method + " " + r.URL.Path {
		case "POST /admin/realms":
			posts++
			_, _ = io.Copy(io.Discard, r.Body) // else the end of the connection is not seen
			<-r.Context().Done()
			return true
		case "GET /admin/realms/staff":
			looks++
			return looks <= 3 && status(http.StatusNotFound, `{"error":"Realm not found."}`)(w, r)
		}
		return false
	}
	b.spec.Realm.Create = true
	plan, err := p.Plan(t.Context(), b.spec)
	require.NoError(t, err)
	_, err = p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{posts, len(b.clients) - 1})
	require.Equal(t, "All staff", b.realm["displayName"])
}
