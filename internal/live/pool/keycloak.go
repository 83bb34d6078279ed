package pool

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/ports"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

const keycloakAdmin = "admin"

// startKeycloak boots a server with an in-memory database and a fresh
// bootstrap administrator on loopback.
func startKeycloak(ctx context.Context, from cache.Dir, version string) (*server, error) {
	home, err := install.FindKeycloak(from, version)
	if err != nil {
		return nil, err
	}
	dir, err := scratchDir("kc", "")
	if err != nil {
		return nil, err
	}
	address := Address{User: keycloakAdmin, Password: rand.Text(), Log: filepath.Join(dir, "log")}
	process, url, err := runKeycloak(ctx, home, dir, address)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	address.URL = url
	return &server{process: process, dir: dir, address: address}, nil
}

func runKeycloak(ctx context.Context, home, dir string, address Address) (*proc.Process, string, error) {
	port, err := ports.Free(ctx)
	if err != nil {
		return nil, "", err
	}
	management, err := ports.Free(ctx)
	if err != nil {
		return nil, "", err
	}
	process, err := proc.Start(proc.Spec{
		Name: "keycloak", Path: filepath.Join(home, "bin", "kc.sh"), Scratch: dir, Log: address.Log, Grace: 15 * time.Second,
		Args: keycloakArgs(port, management),
		Env:  append(keycloakEnv(), "KC_BOOTSTRAP_ADMIN_USERNAME="+address.User, "KC_BOOTSTRAP_ADMIN_PASSWORD="+address.Password),
	})
	if err != nil {
		return nil, "", err
	}
	if err := process.Await(ctx, proc.HTTPReady(fmt.Sprintf("http://127.0.0.1:%d/health/ready", management))); err != nil {
		process.Kill()
		return nil, "", err
	}
	return process, fmt.Sprintf("http://127.0.0.1:%d", port), nil
}

func keycloakArgs(port, management int) []string {
	return []string{
		"start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1", fmt.Sprintf("--http-port=%d", port),
		fmt.Sprintf("--http-management-port=%d", management), "--hostname-strict=false", "--cache=local", "--log-level=warn",
	}
}

// keycloakEnv keeps the heap small and stops at the first compiler tier, which
// takes a third off the boot time.
func keycloakEnv() []string {
	return []string{
		"JAVA_OPTS_KC_HEAP=-Xms64m -Xmx768m", "JAVA_OPTS_APPEND=-XX:TieredStopAtLevel=1",
		// A database in memory is gone with its last connection.
		"KC_DB_POOL_INITIAL_SIZE=1", "KC_DB_POOL_MIN_SIZE=1",
	}
}
