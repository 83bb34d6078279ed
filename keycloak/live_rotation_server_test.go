package keycloak_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
	"github.com/maskit-dev/maskit/keycloak"
)

// longOnly skips what takes minutes, unless it is asked for.
func longOnly(t *testing.T) {
	t.Helper()
	if os.Getenv("MASKIT_KEYCLOAK_LONG") != "1" {
		t.Skip("live: skipped, takes long: run with MASKIT_KEYCLOAK_LONG=1")
	}
}

// rotationServer boots a Keycloak of the test's own with the feature
// client-secret-rotation, which needs a build of its own: about two minutes.
func rotationServer(t *testing.T) live.KeycloakServer {
	t.Helper()
	longOnly(t)
	dir, err := cache.Default()
	require.NoError(t, err)
	installed, err := install.FindKeycloak(dir, string(live.KeycloakCurrent))
	if err != nil {
		t.Skip("live: skipped,", err)
	}
	home := filepath.Join(t.TempDir(), "keycloak")
	require.NoError(t, os.CopyFS(home, os.DirFS(installed)))
	script := filepath.Join(home, "bin", "kc.sh")
	build := exec.CommandContext(t.Context(), "sh", script, "build", "--features=client-secret-rotation")
	build.Env = append(os.Environ(), install.KeycloakBuildEnv(install.KeycloakCurrent)...)
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return startServer(t, home, script)
}

func startServer(t *testing.T, home, script string) live.KeycloakServer {
	t.Helper()
	port, management := live.FreePort(t), live.FreePort(t)
	server := live.KeycloakServer{
		Version: live.KeycloakCurrent, URL: fmt.Sprintf("http://127.0.0.1:%d", port), AdminUser: "admin", AdminPassword: newSecret(t).Reveal(),
	}
	process, err := proc.Start(proc.Spec{
		Name: "keycloak", Path: "/bin/sh", Log: filepath.Join(home, "test.log"),
		Args: []string{
			script, "start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1", fmt.Sprintf("--http-port=%d", port),
			fmt.Sprintf("--http-management-port=%d", management), "--hostname-strict=false", "--cache=local", "--log-level=warn",
		},
		Env: []string{"JAVA_OPTS_KC_HEAP=-Xms64m -Xmx768m", "KC_BOOTSTRAP_ADMIN_USERNAME=admin", "KC_BOOTSTRAP_ADMIN_PASSWORD=" + server.AdminPassword},
	})
	require.NoError(t, err)
	t.Cleanup(process.Kill)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	require.NoError(t, process.Await(ctx, proc.HTTPReady(fmt.Sprintf("http://127.0.0.1:%d/health/ready", management))))
	return server
}

// load asks for tokens with the secret that MAS has, until it is stopped.
type load struct {
	secret           atomic.Pointer[maskit.Secret]
	attempts, failed atomic.Int32
	stop             func()
}

func (l liveRealm) startLoad(t *testing.T, secret maskit.Secret) *load {
	t.Helper()
	under := &load{}
	under.secret.Store(&secret)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			under.attempts.Add(1)
			if !l.accepts(context.WithoutCancel(ctx), t, *under.secret.Load()) {
				under.failed.Add(1)
			}
		}
	}()
	under.stop = func() { cancel(); <-done }
	return under
}

func TestLiveTwoSecretRotation(t *testing.T) {
	server := rotationServer(t)
	l := liveServer(t, server.Realm(t, nil))
	spec := small(t, l.Name)
	l.apply(t, spec)
	foreign := map[string]any{"profiles": []any{map[string]any{"name": "foreign", "executors": []any{}}}}
	l.Admin(t, "PUT", "/client-policies/profiles", foreign, nil)
	result := l.rotateThroughStops(t, spec)
	require.True(t, result.TwoSecrets)
	require.Zero(t, result.Window)

	spec.Client.Secret = result.Secret
	mas := l.startLoad(t, result.Secret)
	var stored maskit.Secret
	again, err := l.p.RotateSecret(t.Context(), keycloak.Rotation{
		Realm: l.Name, ClientID: "matrix", Secret: newSecret(t),
		Store: func(_ context.Context, secret maskit.Secret) error { stored = secret; return nil },
		Activate: func(context.Context) error {
			mas.secret.Store(&stored)
			before := mas.attempts.Load()
			for mas.attempts.Load() < before+3 {
				time.Sleep(time.Millisecond) // requests with the old secret under way come to their end
			}
			return nil
		},
	})
	require.NoError(t, err)
	mas.stop()
	require.Zero(t, mas.failed.Load(), "of %d", mas.attempts.Load())
	require.Greater(t, mas.attempts.Load(), int32(3))
	require.False(t, again.Secret.Equal(result.Secret))

	var profiles, policies map[string]any
	l.Admin(t, "GET", "/client-policies/profiles", nil, &profiles)
	l.Admin(t, "GET", "/client-policies/policies", nil, &policies)
	require.Len(t, profiles["profiles"], 1, "what others set up stays")
	require.Empty(t, policies["policies"])
	attributes := l.client(t, "matrix")["attributes"].(map[string]any)
	for name := range attributes {
		require.NotContains(t, name, "expiration")
		require.NotContains(t, name, "rotat")
	}
}
