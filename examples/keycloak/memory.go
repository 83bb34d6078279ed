package main

import (
	"context"
	"errors"

	"github.com/maskit-dev/maskit/keycloak"
)

// remember will be a Keycloak in memory.
func remember(context.Context, string) (*keycloak.Provisioner, func() error, error) {
	return nil, nil, errors.New("-url is required")
}
