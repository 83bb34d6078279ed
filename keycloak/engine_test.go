package keycloak_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/keycloak"
)

// bench is a stub with a Provisioner for it.
type bench struct {
	*stub
	p    *keycloak.Provisioner
	log  *bytes.Buffer
	spec keycloak.Spec
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{stub: newStub(), log: &bytes.Buffer{}}
	t.Cleanup(b.Close)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: b.URL + "/", Auth: keycloak.AdminPassword{User: "admin", Password: maskit.NewSecret("hidden-password")},
		Logger: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	b.p = p
	b.spec = small(t, "staff")
	b.spec.Client.Secret = maskit.NewSecret("hidden-secret-of-the-client")
	b.spec.Realm.DisplayName = "All staff"
	b.spec.Client.Mappers = nil // the stub keeps none
	return b
}

func (b *bench) plan(t *testing.T) *keycloak.Plan {
	t.Helper()
	plan, err := b.p.Plan(t.Context(), b.spec)
	require.NoError(t, err)
	return plan
}

func (b *bench) applied(t *testing.T) *keycloak.Result {
	t.Helper()
	result, err := b.p.Apply(t.Context(), b.plan(t))
	require.NoError(t, err)
	return result
}

// once lets f answer the first request that is the given one.
func (b *bench) once(line string, f func(w http.ResponseWriter, r *http.Request) bool) *int {
	hits := 0
	b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method+" "+r.URL.Path != line {
			return false
		}
		hits++
		return hits == 1 && f(w, r)
	}
	return &hits
}

func status(code int, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func TestPlanText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.spec.Client.Mappers = []keycloak.Mapper{{Name: "groups", Groups: true}}
	plan := b.plan(t)
	golden.Require(t, "testdata/plan.txt", plan.String()+"\n")
	require.Equal(t, []string{
		"GET /admin/realms/staff", "GET /admin/realms/staff/clients", "GET /admin/realms/staff/group-by-path/matrix-users",
	}, b.stub.log, "nothing is read twice, nothing is listed, nothing is written")
	require.Equal(t, 4, plan.Requests)

	text := jsonText(t, plan)
	require.Contains(t, text, `"deletions":[]`)
	require.NotContains(t, text+plan.String(), "hidden")
	first := plan.Objects[0].Fingerprint
	require.Len(t, first, 24)
	require.Equal(t, first, b.plan(t).Objects[0].Fingerprint)
	b.realm["displayName"] = "x"
	require.NotEqual(t, first, b.plan(t).Objects[0].Fingerprint)
	b.realm["unmanaged"] = "x"
	require.Equal(t, b.plan(t).Objects[0], b.plan(t).Objects[0])
}

func TestApplyWritesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	require.Equal(t, 3, b.applied(t).Writes)
	require.Equal(t, []string{"PUT /admin/realms/staff", "POST /admin/realms/staff/clients", "POST /admin/realms/staff/groups"}, b.writes())
	require.Equal(t, "All staff", b.realm["displayName"])
	require.Equal(t, map[string]any{"foreign": "stays"}, b.realm["attributes"])
	require.True(t, b.plan(t).Empty())
	require.Zero(t, b.applied(t).Writes)

	b.clients[0]["unknown"] = map[string]any{"deep": []any{"1", 2.0}}
	b.clients[0]["enabled"] = false
	require.Equal(t, 1, b.applied(t).Writes)
	require.Equal(t, map[string]any{"deep": []any{"1", 2.0}}, b.clients[0]["unknown"])
	require.Equal(t, true, b.clients[0]["enabled"])
}

// A mask is no value: it differs from nothing, and is never sent.
func TestMaskedSecretIsUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.applied(t)
	b.clients[0]["secret"] = "**********"
	require.True(t, b.plan(t).Empty())
	b.clients[0]["enabled"] = false
	b.intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			require.NotContains(t, string(body), `"secret"`)
			require.NotContains(t, string(body), "protocolMappers")
			require.NotContains(t, string(body), "**")
			require.Contains(t, string(body), `"webOrigins":[]`)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		return false
	}
	require.Equal(t, 1, b.applied(t).Writes)
}

func TestDriftIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*bench)
		drift  bool
	}{
		"managed field, third value": {func(b *bench) { b.realm["displayName"] = "Somebody's" }, true},
		"managed field, as wanted":   {func(b *bench) { b.realm["displayName"] = "All staff" }, false},
		"field that is not managed":  {func(b *bench) { b.realm["loginTheme"] = "x" }, false},
		"somebody made the client": {func(b *bench) {
			b.clients = []map[string]any{{"id": "x", "clientId": "matrix", "defaultClientScopes": []any{"basic", "profile", "email"}, "protocolMappers": []any{map[string]any{"name": "groups", "protocol": "openid-connect"}}}}
		}, true},
		"somebody made another one":    {func(b *bench) { b.clients = []map[string]any{{"id": "x", "clientId": "Matrix"}} }, false},
		"somebody made the same group": {func(b *bench) { b.groups = []map[string]any{{"id": "x", "name": "matrix-users"}} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			plan := b.plan(t)
			c.change(b)
			result, err := b.p.Apply(t.Context(), plan)
			if !c.drift {
				require.NoError(t, err)
				require.True(t, b.plan(t).Empty())
				return
			}
			require.ErrorIs(t, err, maskit.ErrDrift)
			require.NotNil(t, result.Failed)
			require.Len(t, append(result.Done, result.Pending...), len(plan.Changes)-1)
			b.applied(t)
			require.True(t, b.plan(t).Empty(), "a new plan goes on from there")
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	const clients, groups, realm = "POST /admin/realms/staff/clients", "POST /admin/realms/staff/groups", "PUT /admin/realms/staff"
	for name, c := range map[string]struct {
		line  string
		fault func(b *bench) func(http.ResponseWriter, *http.Request) bool
		fails string // empty: it goes through
	}{
		"401 in the middle": {clients, func(*bench) func(http.ResponseWriter, *http.Request) bool { return status(401, `{}`) }, ""},
		"403, as before a new login": {clients, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return status(403, `{"error":"HTTP 403 Forbidden"}`)
		}, ""},
		"500 on POST": {clients, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return status(500, `{"error":"unknown_error"}`)
		}, "unknown_error"},
		"500 on PUT": {realm, func(*bench) func(http.ResponseWriter, *http.Request) bool { return status(500, `x`) }, "500 Internal Server Error"},
		"409 on the realm": {realm, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return status(409, `{"errorMessage":"Realm with same name exists"}`)
		}, ""},
		"503 on PUT": {realm, func(*bench) func(http.ResponseWriter, *http.Request) bool { return status(503, `{}`) }, ""},
		"a validation error": {groups, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return status(400, `{"errors":[{"field":"name","errorMessage":"error-invalid-length"},{"field":"path","errorMessage":"bad"}]}`)
		}, "name: error-invalid-length; path: bad"},
		"HTML with 200": {groups, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, _ *http.Request) bool {
				_, _ = io.WriteString(w, "<html>hidden-page</html>")
				return true
			}
		}, "is this the address of Keycloak?"},
		"redirect": {groups, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				http.Redirect(w, r, "https://x.example.com/?hidden", http.StatusFound)
				return true
			}
		}, "the server sends elsewhere"},
		"a huge error": {groups, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return status(400, `{"error":"`+strings.Repeat("x", 1<<20)+`"}`)
		}, "400 Bad Request"},
		"cut before": {clients, func(*bench) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, _ *http.Request) bool { cut(w); return true }
		}, "EOF"},
		"cut after": {clients, func(b *bench) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				b.create(&b.clients, "clientId", discard{}, r)
				cut(w)
				return true
			}
		}, ""},
		"409 race": {clients, func(b *bench) func(http.ResponseWriter, *http.Request) bool {
			return func(http.ResponseWriter, *http.Request) bool {
				b.clients = append(b.clients, map[string]any{"id": "other", "clientId": "matrix", "defaultClientScopes": []any{"basic", "profile", "email"}})
				return false
			}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			plan := b.plan(t)
			hits := b.once(c.line, c.fault(b))
			result, err := b.p.Apply(t.Context(), plan)
			require.Positive(t, *hits)
			if c.fails == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.fails)
				require.NotContains(t, err.Error(), "hidden")
				require.NotNil(t, result.Failed)
				require.Equal(t, plan.Changes, append(append(append(maskit.Changes{}, result.Done...), *result.Failed), result.Pending...))
			}
			b.intercept = nil
			b.applied(t)
			require.True(t, b.plan(t).Empty(), "%s", b.plan(t))
			require.Len(t, b.clients, 1)
			require.Len(t, b.groups, 1)
			require.NotContains(t, b.log.String(), "hidden")
		})
	}
}

// discard takes an answer that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line string
		body func(w http.ResponseWriter)
		want string
	}{
		"login is a page":      {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>hidden</html>") }, "the answer is not JSON: is this the address of Keycloak?"},
		"login has no token":   {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) { reply(w, 200, map[string]any{"x": "hidden"}) }, "log in: the server gave no token"},
		"login is broken JSON": {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) { status(200, `{"access_token":"hidden`)(w, nil) }, "log in: the answer cannot be read"},
		"wrong password": {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) {
			status(401, `{"error":"invalid_grant","error_description":"Invalid user credentials"}`)(w, nil)
		}, "401 Unauthorized: invalid_grant"},
		"no base path":            {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) { reply(w, 404, map[string]any{"error": "x"}) }, "log in: is there no base path such as /auth missing in AdminURL"},
		"admin API is blocked":    {"GET /admin/realms/staff", func(w http.ResponseWriter) { http.Error(w, "nothing here", http.StatusNotFound) }, "is the admin API reachable at AdminURL?"},
		"login is redirected":     {"POST /realms/master/protocol/openid-connect/token", func(w http.ResponseWriter) { w.Header().Set("Location", "/x"); w.WriteHeader(http.StatusFound) }, "log in: "},
		"truncated JSON":          {"GET /admin/realms/staff/clients", func(w http.ResponseWriter) { status(200, `[{"clientId":"hidden`)(w, nil) }, "the answer is not the expected JSON"},
		"two documents":           {"GET /admin/realms/staff/clients", func(w http.ResponseWriter) { status(200, `[] "hidden"`)(w, nil) }, "the answer is not the expected JSON"},
		"a page":                  {"GET /admin/realms/staff", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>hidden</html>") }, "the answer is not JSON: is this the address of Keycloak?"},
		"an account without eyes": {"GET /admin/realms/staff", func(w http.ResponseWriter) { reply(w, 200, map[string]any{"realm": "staff"}) }, "needs the role view-realm"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method+" "+r.URL.Path != c.line {
					return false
				}
				c.body(w)
				return true
			}
			_, err := b.p.Plan(t.Context(), b.spec)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error()+b.log.String(), "hidden")
		})
	}
}

func TestHangingServerIsLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: b.URL, Timeout: 50 * time.Millisecond,
		Auth: keycloak.TokenSource(func(context.Context) (maskit.Secret, error) { return maskit.NewSecret("t"), nil }),
	})
	require.NoError(t, err)
	b.once("POST /admin/realms/staff/clients", func(_ http.ResponseWriter, r *http.Request) bool {
		b.create(&b.clients, "clientId", discard{}, r)
		<-r.Context().Done()
		return true
	})
	plan, err := p.Plan(t.Context(), b.spec)
	require.NoError(t, err)
	_, err = p.Apply(t.Context(), plan)
	require.NoError(t, err, "the client was made although the answer never came")
	require.Len(t, b.clients, 1)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Plan(ctx, b.spec)
	require.ErrorIs(t, err, context.Canceled)
}

func TestProblemsStopAnApplication(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	delete(b.realm, "maxSecondaryAuthFailures")
	require.Equal(t, []string{"logout-tells-one-session"}, codes(b.plan(t).Problems), "a warning")
	b.spec.Client.LogoutScope = keycloak.LogoutUser
	require.Empty(t, b.plan(t).Problems)

	delete(b.realm, "maxTemporaryLockouts")
	plan := b.plan(t)
	require.Equal(t, []string{"logout-token-without-exp"}, codes(plan.Problems))
	result, err := b.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Len(t, result.Pending, len(plan.Changes))
	require.Empty(t, b.writes())
	b.spec.Acknowledge = []maskit.Ack{{Code: "logout-token-without-exp"}}
	_, err = b.p.Apply(t.Context(), b.plan(t))
	require.NoError(t, err)

	b.spec.Acknowledge = append(b.spec.Acknowledge, maskit.Ack{Code: "no-such-thing"})
	require.Contains(t, codes(b.plan(t).Problems), "ack-unused")
	_, err = b.p.Apply(t.Context(), nil)
	require.ErrorIs(t, err, maskit.ErrInvalid)
}
