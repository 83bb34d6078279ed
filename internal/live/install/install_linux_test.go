package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

func TestFindMASCLI(t *testing.T) {
	const missingShare = "the share directory of mas-cli is not installed: set MASKIT_MAS_SHARE to the directory that holds policy.wasm"
	home := t.TempDir()
	binary, share := filepath.Join(home, "mas-cli"), filepath.Join(home, "share")
	program(t, binary)
	require.NoError(t, os.Mkdir(share, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(share, "policy.wasm"), nil, 0o600))
	whole := MASCLI{Binary: binary, Share: share}

	tests := map[string]struct {
		binary, share, path string
		cache               cache.Dir
		want                MASCLI
		err                 string
	}{
		"variables":              {binary: binary, share: share, want: whole},
		"variables before cache": {binary: "/absent", cache: cache.Dir(home), err: "mas-cli is not installed: /absent is no executable file"},
		"share variable missing": {binary: binary, err: missingShare},
		"share without policy":   {binary: binary, share: t.TempDir(), err: missingShare},
		"binary is a directory":  {binary: home, share: share, err: "mas-cli is not installed: " + home + " is no executable file"},
		"cache":                  {cache: cache.Dir(home), want: whole},
		"PATH with share beside": {path: home, want: whole},
		"nowhere":                {err: "mas-cli is not installed: set MASKIT_MAS_CLI and MASKIT_MAS_SHARE, or put mas-cli and share/ of a MAS release into "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv(EnvMASCLI, test.binary)
			t.Setenv(EnvMASShare, test.share)
			t.Setenv("PATH", test.path)
			got, err := FindMASCLI(test.cache)
			require.Equal(t, test.want, got)
			if test.err == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.err)
			var missing *MissingError
			require.ErrorAs(t, err, &missing)
		})
	}
}

func TestNewestDebianPostgres(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	require.Empty(t, newestDebianPostgres(root))
	for _, version := range []string{"9", "15", "17"} {
		program(t, filepath.Join(root, version, "bin", "initdb"))
	}
	program(t, filepath.Join(root, "9", "bin", "postgres"))
	program(t, filepath.Join(root, "15", "bin", "postgres"))
	require.Equal(t, filepath.Join(root, "15", "bin"), newestDebianPostgres(root),
		"17 has no server, and versions compare as numbers")
}

func TestFindInEmptyCache(t *testing.T) {
	t.Parallel()
	dir := cache.Dir(t.TempDir())
	_, err := FindSynapse(dir, SynapseFloor)
	require.EqualError(t, err, "Synapse 1.136.0 is not installed: run `make prepare` (Python 3.10 or newer with venv)")
	_, err = FindKeycloak(dir, KeycloakFloor)
	require.EqualError(t, err,
		"Keycloak 26.0.8 is not installed: run `make prepare` (Java 17 or newer, Maven)")
	_, err = FindKeycloak(dir, KeycloakOld)
	require.EqualError(t, err,
		"Keycloak 24.0.5 is not installed: run `make prepare` with MASKIT_KEYCLOAK_24=1 (Java 17 or newer, Maven)")
}

func TestMissingPackages(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	packages := missingPackages(t.Context())
	require.Subset(t, packages, []string{"python3-venv", "default-jre-headless", "maven"})
	_, ok := aptCommand(t.Context())
	require.False(t, ok, "there is no apt-get on an empty PATH")
	err := System(t.Context(), t.Output())
	require.ErrorContains(t, err, "`apt-get install "+strings.Join(packages, " ")+"` as root")
}

func program(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755))
}
