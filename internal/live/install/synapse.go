package install

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// The versions of Synapse that the live tests run against.
const (
	SynapseCurrent = "1.163.2"
	// SynapseFloor is the first version with the stable
	// matrix_authentication_service section.
	SynapseFloor = "1.136.0"
)

// FindSynapse returns the Python interpreter of the version's environment.
func FindSynapse(dir cache.Dir, version string) (string, error) {
	env, ok := dir.Find(synapseEntry(version))
	if !ok {
		return "", missing("Synapse "+version, prepareHint+" (Python 3.10 or newer with venv)")
	}
	return filepath.Join(env, "bin", "python"), nil
}

// Synapse installs the version into a virtual environment of its own.
func Synapse(ctx context.Context, dir cache.Dir, version string, log io.Writer) error {
	python, err := findPython(ctx)
	if err != nil {
		return err
	}
	_, err = dir.Install(ctx, synapseEntry(version), func(ctx context.Context, env string) error {
		if err := run(ctx, log, nil, python, "-m", "venv", env); err != nil {
			return err
		}
		// The environment moves afterwards: call modules with -m, never bin/pip.
		pip := []string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}
		return run(ctx, log, nil, filepath.Join(env, "bin", "python"), append(pip, synapseRequirements(version)...)...)
	})
	return err
}

func synapseEntry(version string) cache.Entry {
	return cache.Entry{Name: "synapse/" + version, Recipe: strings.Join(synapseRequirements(version), " ")}
}

// synapseRequirements names the release with what it needs for logins by OpenID
// Connect, JSON web tokens and SAML: without it, Synapse names the missing package
// where a test wants to see what it makes of the settings. They pin what an old
// release cannot do without: 1.136 imports pkg_resources, which setuptools 80
// dropped, and breaks on newer Prometheus clients.
func synapseRequirements(version string) []string {
	requirements := []string{fmt.Sprintf("matrix-synapse[jwt,oidc,saml2]==%s", version), "psycopg2-binary"}
	if version == SynapseFloor {
		requirements = append(requirements, "setuptools<80", "prometheus_client==0.22.1")
	}
	return requirements
}
