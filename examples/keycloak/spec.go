package main

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

//go:embed spec.yaml
var sample []byte

const (
	sampleName        = "spec.yaml"
	defaultSecretFile = "client-secret"
)

// input is a spec that is ready for use.
type input struct {
	keycloak.Spec
	// secretFile holds the secret of the client, or will hold the one that Keycloak makes;
	// empty if the spec has the secret itself, or the client needs none.
	secretFile string
}

// read reads the spec and the secrets that it names files for.
func (s settings) read() (input, error) {
	spec, err := s.parse()
	if err != nil {
		return input{}, err
	}
	in := input{Spec: spec}
	if s.command == "export" {
		return in, nil // which needs no secret
	}
	if wantsSecret(spec.Client) {
		in.secretFile = s.beside(cmp.Or(spec.Client.SecretFile, defaultSecretFile))
		// What cannot be stored must not be made.
		if _, err := os.Stat(filepath.Dir(in.secretFile)); err != nil { //nolint:gosec // the user names it
			return input{}, fmt.Errorf("client.secret_file: %w", err)
		}
	}
	in.Spec, err = spec.ReadSecrets(func(file string) (maskit.Secret, error) {
		secret, err := maskit.SecretFromFile(s.beside(file))
		if errors.Is(err, fs.ErrNotExist) && file == spec.Client.SecretFile {
			return maskit.Secret{}, nil // Keycloak will make it
		}
		return secret, err
	})
	return in, err
}

// parse reads the spec as far as it is text, and adds what a provider of MAS needs.
func (s settings) parse() (keycloak.Spec, error) {
	name, data := sampleName, sample
	switch {
	case s.spec != "":
		text, err := os.ReadFile(s.spec)
		if err != nil {
			return keycloak.Spec{}, fmt.Errorf("-spec: %w", err)
		}
		name, data = s.spec, text
	case s.mas.site != "":
		return s.mas.extend(keycloak.Spec{}, nil)
	}
	spec, problems := keycloak.ParseSpec(name, data)
	if s.mas.site != "" {
		return s.mas.extend(spec, problems)
	}
	return spec, problems.Err()
}

// wantsSecret reports whether the client has a secret that belongs into a file.
func wantsSecret(c keycloak.Client) bool {
	return c.ID != "" && c.Secret.IsZero() && c.Auth != keycloak.ClientJWTAuth && !c.Public.V
}

// beside is the path of a file that the spec names: relative to the spec.
func (s settings) beside(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(s.spec), file)
}
