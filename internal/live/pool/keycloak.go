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
	kc := keycloak{version: version, home: home, dir: dir, address: Address{User: keycloakAdmin, Password: rand.Text(), Log: filepath.Join(dir, "log"), Authority: dir}}
	if err := makeAuthority(dir); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	process, err := kc.run(ctx)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return &server{process: process, dir: dir, address: kc.address}, nil
}

// keycloak is a server of a version.
type keycloak struct {
	version, home, dir string
	address            Address
}

// run boots it, and completes the address.
func (k *keycloak) run(ctx context.Context) (*proc.Process, error) {
	port, err := ports.Free(ctx)
	if err != nil {
		return nil, err
	}
	health := port // Before Keycloak 25 there is no other.
	args := append(keycloakArgs(port), "--truststore-paths="+filepath.Join(k.dir, AuthorityCertificate))
	if k.version != install.KeycloakOld {
		if health, err = ports.Free(ctx); err != nil {
			return nil, err
		}
		args = append(args, fmt.Sprintf("--http-management-port=%d", health), "--cache=local")
	}
	process, err := proc.Start(proc.Spec{
		Name: "keycloak", Path: filepath.Join(k.home, "bin", "kc.sh"), Scratch: k.dir, Log: k.address.Log, Grace: 15 * time.Second,
		Args: args, Env: append(keycloakEnv(), k.administrator()...),
	})
	if err != nil {
		return nil, err
	}
	if err := process.Await(ctx, proc.HTTPReady(fmt.Sprintf("http://127.0.0.1:%d/health/ready", health))); err != nil {
		process.Kill()
		return nil, err
	}
	k.address.URL = fmt.Sprintf("http://127.0.0.1:%d", port)
	return process, nil
}

func keycloakArgs(port int) []string {
	return []string{
		"start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1", fmt.Sprintf("--http-port=%d", port), "--hostname-strict=false", "--log-level=warn",
	}
}

// administrator is the environment that makes the first one, whose names changed in
// Keycloak 26.
func (k *keycloak) administrator() []string {
	user, password := "KC_BOOTSTRAP_ADMIN_USERNAME=", "KC_BOOTSTRAP_ADMIN_PASSWORD="
	if k.version == install.KeycloakOld {
		user, password = "KEYCLOAK_ADMIN=", "KEYCLOAK_ADMIN_PASSWORD="
	}
	return []string{user + k.address.User, password + k.address.Password}
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
