package proc

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// HTTPReady is a readiness check for Await: the URL answers 200.
func HTTPReady(url string) func(context.Context) error {
	client := &http.Client{Timeout: 5 * time.Second}
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		if err := response.Body.Close(); err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: status %d", url, response.StatusCode)
		}
		return nil
	}
}

// Listening is a readiness check for Await: somebody accepts TCP connections at
// the address.
func Listening(address string) func(context.Context) error {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return func(ctx context.Context) error {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	}
}
