package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// subjects are the small spec and the full one, which a file has.
func subjects(file string) ([]subject, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	full, problems := keycloak.ParseSpec(file, text)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	full.Client.SecretFile = "" // Keycloak makes it
	full, err = full.ReadSecrets(func(name string) (maskit.Secret, error) {
		return maskit.SecretFromFile(filepath.Join(filepath.Dir(file), name))
	})
	if err != nil {
		return nil, err
	}
	secret, err := keycloak.NewSecret(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	small := keycloak.Spec{
		Client: keycloak.Client{
			ID: "small", Site: full.Client.Site, Provider: full.Client.Provider, Secret: secret,
			Mappers: []keycloak.Mapper{{Name: "groups", Groups: true}},
		},
		Groups: []keycloak.Group{{Path: "/small"}},
	}
	return []subject{
		{name: "small", spec: small, requests: 10, aim: 300 * time.Millisecond},
		{name: "full", spec: full, requests: 25},
	}, nil
}
