package install

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// The versions of Keycloak that the live tests run against. The old one is
// optional: it is installed when MASKIT_KEYCLOAK_24=1 asks for it.
const (
	KeycloakCurrent = "26.7.0"
	KeycloakFloor   = "26.0.8"
	KeycloakOld     = "24.0.5"
)

// KeycloakBuildEnv are the build-time options: an in-memory database, so that
// a server writes no files, the health endpoint, and where the run cannot say so yet
// (before Keycloak 25) that there is no cluster.
func KeycloakBuildEnv(version string) []string {
	env := []string{"KC_DB=dev-mem", "KC_HEALTH_ENABLED=true"}
	if version == KeycloakOld {
		env = append(env, "KC_CACHE=local")
	}
	return env
}

// FindKeycloak returns the home directory of the version.
func FindKeycloak(dir cache.Dir, version string) (string, error) {
	home, ok := dir.Find(keycloakEntry(version))
	if !ok {
		return "", missing("Keycloak "+version, prepareHint+keycloakSwitch(version)+" (Java 17 or newer, Maven)")
	}
	if err := findJava(); err != nil {
		return "", err
	}
	return home, nil
}

func keycloakSwitch(version string) string {
	if version == KeycloakOld {
		return " with " + EnvKeycloakOld + "=1"
	}
	return ""
}

func keycloakEntry(version string) cache.Entry {
	return cache.Entry{Name: "keycloak/" + version, Recipe: "quarkus-dist " + version + " dev-mem health"}
}

// Keycloak fetches the distribution from Maven and runs its build step once, so
// that every start skips the half minute that start-dev spends on it.
func Keycloak(ctx context.Context, dir cache.Dir, version string, log io.Writer) error {
	if err := findJava(); err != nil {
		return err
	}
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return missing("Maven", "`apt-get install maven`")
	}
	_, err = dir.Install(ctx, keycloakEntry(version), func(ctx context.Context, home string) error {
		archive, cleanup, err := fetchKeycloak(ctx, mvn, version, log)
		if err != nil {
			return err
		}
		defer cleanup()
		if err := run(ctx, log, nil, "tar", "-xzf", archive, "-C", home, "--strip-components=1", "--no-same-owner"); err != nil {
			return err
		}
		return run(ctx, log, KeycloakBuildEnv(version), filepath.Join(home, "bin", "kc.sh"), "build")
	})
	return err
}

func fetchKeycloak(ctx context.Context, mvn, version string, log io.Writer) (archive string, cleanup func(), err error) {
	scratch, err := os.MkdirTemp("", "maskit-keycloak-")
	if err != nil {
		return "", nil, err
	}
	cleanup = func() { _ = os.RemoveAll(scratch) }
	artifact := "org.keycloak:keycloak-quarkus-dist:" + version + ":tar.gz"
	err = run(ctx, log, nil, mvn, "-q", "-B", "dependency:copy", "-Dartifact="+artifact, "-DoutputDirectory="+scratch)
	if err != nil {
		cleanup()
		return "", nil, err
	}
	return filepath.Join(scratch, "keycloak-quarkus-dist-"+version+".tar.gz"), cleanup, nil
}

func findJava() error {
	if home := os.Getenv("JAVA_HOME"); home != "" && isExecutable(filepath.Join(home, "bin", "java")) {
		return nil
	}
	if _, err := exec.LookPath("java"); err == nil {
		return nil
	}
	return missing("Java 17 or newer", "`apt-get install default-jre-headless`")
}
