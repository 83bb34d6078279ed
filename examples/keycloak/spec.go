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
	// empty if the spec has the secret itself.
	secretFile string
}

// read reads the spec and the secrets that it names files for.
func (s settings) read() (input, error) {
	name, data := sampleName, sample
	if s.spec != "" {
		text, err := os.ReadFile(s.spec)
		if err != nil {
			return input{}, fmt.Errorf("-spec: %w", err)
		}
		name, data = s.spec, text
	}
	spec, problems := keycloak.ParseSpec(name, data)
	if err := problems.Err(); err != nil {
		return input{}, err
	}
	in := input{Spec: spec}
	if spec.Client.Secret.IsZero() {
		in.secretFile = s.beside(cmp.Or(spec.Client.SecretFile, defaultSecretFile))
	}
	if s.command == "export" {
		return in, nil // which needs no secret
	}
	var err error
	in.Spec, err = spec.ReadSecrets(func(file string) (maskit.Secret, error) {
		secret, err := maskit.SecretFromFile(s.beside(file))
		if errors.Is(err, fs.ErrNotExist) && file == spec.Client.SecretFile {
			return maskit.Secret{}, nil // Keycloak will make it
		}
		return secret, err
	})
	return in, err
}

// beside is the path of a file that the spec names: relative to the spec.
func (s settings) beside(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(s.spec), file)
}
