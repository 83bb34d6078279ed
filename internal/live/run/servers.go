package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

// serverNames translates the -start flag to names of the pool.
func serverNames(list string) ([]string, error) {
	var names []string
	for word := range strings.SplitSeq(list, ",") {
		switch word {
		case "":
		case "postgres":
			names = append(names, pool.Postgres)
		case "keycloak":
			names = append(names, pool.Keycloak(install.KeycloakCurrent))
		default:
			return nil, fmt.Errorf("-start: no server is called %q; known are postgres and keycloak", word)
		}
	}
	return names, nil
}

// listen serves the handler on a Unix socket in a private directory: its
// answers hold the password of Keycloak's administrator.
func listen(ctx context.Context, handler http.Handler) (socket string, closeAll func(), err error) {
	dir, err := os.MkdirTemp("", "maskit-run-")
	if err != nil {
		return "", nil, err
	}
	socket = filepath.Join(dir, "sock")
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", socket)
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	return socket, func() {
		_ = server.Close()
		_ = os.RemoveAll(dir)
	}, nil
}
