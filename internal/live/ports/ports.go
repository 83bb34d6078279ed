// Package ports picks free TCP ports on loopback for servers that cannot pick
// their own.
package ports

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The range lies below the ports that Linux gives to outgoing connections
// (32768 and up), so that nobody takes a port between the check and its use.
const (
	lowest  = 20000
	highest = 32000
)

// Free returns a port of 127.0.0.1 that nobody listens on right now.
func Free(ctx context.Context) (int, error) {
	var last error
	for range 100 {
		port := lowest + rand.IntN(highest-lowest)
		if last = check(ctx, port); last == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("ports: find a free port between %d and %d: %w", lowest, highest, last)
}

// check binds all addresses: a server may listen wider than on loopback.
func check(ctx context.Context, port int) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return listener.Close()
}
