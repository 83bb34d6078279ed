package keycloak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// rotating lets the stub hold two secrets, as Keycloak with the feature
// client-secret-rotation does while a policy applies to the client.
type rotating struct {
	*bench
	lists   map[string][]any // profiles, policies
	made    int
	writes  int
	killAt  int  // the write at which the process is killed
	carried bool // that write is carried out
	kill    func()
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	r := &rotating{bench: newBench(t), lists: map[string][]any{"profiles": {map[string]any{"name": "foreign"}}, "policies": {}}}
	r.applied(t)
	r.intercept = func(w http.ResponseWriter, request *http.Request) bool {
		_, path, _ := strings.Cut(request.URL.Path, "/admin/realms/staff/")
		if request.Method == http.MethodGet || path == "" {
			return r.answer(w, request, path)
		}
		r.writes++
		if r.writes != r.killAt {
			return r.answer(w, request, path)
		}
		if r.carried {
			r.answer(discard{}, request, path)
		}
		r.kill()
		cut(w)
		return true
	}
	return r
}

func (r *rotating) answer(w http.ResponseWriter, request *http.Request, path string) bool {
	client := r.clients[0]
	attributes := client["attributes"].(map[string]any)
	_, list, _ := strings.Cut(path, "client-policies/")
	switch {
	case list != "" && request.Method == http.MethodGet:
		reply(w, http.StatusOK, map[string]any{list: r.lists[list]})
	case list != "":
		sent := map[string][]any{}
		_ = json.NewDecoder(request.Body).Decode(&sent)
		r.lists[list] = sent[list]
		w.WriteHeader(http.StatusNoContent)
	case strings.HasSuffix(path, "/client-secret"):
		if len(r.lists["policies"]) == 1 && attributes["maskit.secret.rotation"] == "matrix" {
			attributes["client.secret.rotated"], attributes["client.secret.expiration.time"] = client["secret"], "1"
		}
		r.made++
		client["secret"] = fmt.Sprintf("hidden-made-%d", r.made)
		reply(w, http.StatusOK, map[string]any{"value": client["secret"]})
	case strings.HasSuffix(path, "/client-secret/rotated"):
		delete(attributes, "client.secret.rotated")
		w.WriteHeader(http.StatusNoContent)
	case request.Method == http.MethodPut && strings.HasPrefix(path, "clients/"):
		var sent struct{ Attributes map[string]any }
		_ = json.NewDecoder(request.Body).Decode(&sent)
		for name, value := range sent.Attributes {
			if attributes[name] = value; value == "" {
				delete(attributes, name)
			}
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		return false
	}
	return true
}

// Wherever a rotation with two secrets is killed, the next try brings it to its end,
// and nothing of it is left.
func TestRotationIsKilledAnywhere(t *testing.T) {
	t.Parallel()
	total := newRotating(t)
	total.rotate(t, nil)
	require.Equal(t, 8, total.writes, "the policy, the mark and the second secret come and go")
	for at := 1; at <= total.writes; at++ {
		for _, carried := range []bool{false, true} {
			t.Run(fmt.Sprint(at, carried), func(t *testing.T) {
				t.Parallel()
				r := newRotating(t)
				r.killAt, r.carried = at, carried
				old := r.clients[0]["secret"]
				r.rotate(t, func(err error) {
					require.NotContains(t, err.Error(), "hidden")
					secrets := []any{r.clients[0]["secret"], r.clients[0]["attributes"].(map[string]any)["client.secret.rotated"]}
					if at <= 5 {
						require.Contains(t, secrets, old, "MAS may still have it")
					}
				})
			})
		}
	}
}

// rotate rotates until it works, and looks at what is left.
func (r *rotating) rotate(t *testing.T, failed func(error)) {
	t.Helper()
	var stored maskit.Secret
	rotation := keycloak.Rotation{
		Realm: "staff", ClientID: "matrix", Secret: newSecret(t),
		Store:    func(_ context.Context, secret maskit.Secret) error { stored = secret; return nil },
		Activate: func(context.Context) error { return nil },
	}
	for try := 1; ; try++ {
		ctx, cancel := context.WithCancel(t.Context())
		r.kill = cancel
		result, err := r.p.RotateSecret(ctx, rotation)
		cancel()
		require.NotNil(t, result)
		if r.killAt > 0 && try == 1 {
			require.ErrorIs(t, err, context.Canceled)
		}
		if err != nil {
			require.Equal(t, 1, try)
			failed(err)
			continue
		}
		require.True(t, result.TwoSecrets)
		require.Equal(t, r.clients[0]["secret"], result.Secret.Reveal())
		require.True(t, stored.Equal(result.Secret))
		break
	}
	require.Equal(t, []any{map[string]any{"name": "foreign"}}, r.lists["profiles"])
	require.Empty(t, r.lists["policies"])
	for name := range r.clients[0]["attributes"].(map[string]any) {
		require.NotRegexp(t, "rotat|expiration", name)
	}
	require.NotContains(t, r.log.String(), "hidden-made")
}

// A rotation that lacks everything says each thing once.
func TestRotationOfNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, c := range map[string]struct {
		rotation keycloak.Rotation
		want     []string
	}{
		"nothing":   {keycloak.Rotation{Realm: "staff"}, []string{"client.id: required", "client.secret: required", "rotation: required"}},
		"no client": {keycloak.Rotation{Realm: "staff", Secret: newSecret(t)}, []string{"client.id: required", "rotation: required"}},
		"no realm":  {keycloak.Rotation{ClientID: "matrix", Secret: newSecret(t)}, []string{"rotation: required", "realm.name: required"}},
	} {
		_, err := b.p.RotateSecret(t.Context(), c.rotation)
		var problems *maskit.ProblemsError
		require.ErrorAs(t, err, &problems, name)
		require.Equal(t, c.want, found(problems.Problems), name)
	}
}
