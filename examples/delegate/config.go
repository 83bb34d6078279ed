package main

import (
	_ "embed"
	"fmt"
	"io/fs"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/homeserver"
	"github.com/maskit-dev/maskit/synapse"
)

//go:embed homeserver.yaml
var sample []byte

// Where MAS and the secret are for the sample.
const (
	sampleName     = "homeserver.yaml"
	sampleEndpoint = "http://mas.matrix-auth.svc.cluster.local:8080/"
	sampleSecret   = "/run/secrets/mas/shared-secret" //nolint:gosec // a path, not a secret
)

// config is what Synapse loads.
type config struct {
	files    []synapse.File // named as the user named them
	problems maskit.Problems
}

// read reads the files of all -config flags, in their order.
func (s *settings) read() (config, error) {
	if len(s.configs) == 0 {
		s.useSample()
		return config{files: []synapse.File{{Name: sampleName, Data: sample}}}, nil
	}
	var c config
	for _, name := range s.configs {
		if err := c.add(name); err != nil {
			return config{}, err
		}
	}
	return c, nil
}

func (s *settings) useSample() {
	if s.masEndpoint == "" {
		s.masEndpoint = sampleEndpoint
	}
	if s.secretPath == "" {
		s.secretPath = sampleSecret
	}
}

// add reads what one -config names.
func (c *config) add(name string) error {
	files, problems, err := homeserver.Read(name)
	if err != nil {
		return fmt.Errorf("-config %w", err)
	}
	c.files, c.problems = append(c.files, files...), append(c.problems, problems...)
	return nil
}

// cause is an error without the path, which the message has already.
func cause(err error) error {
	if pathErr, ok := err.(*fs.PathError); ok { //nolint:errorlint // as os.Stat returns it
		return pathErr.Err
	}
	return err
}
