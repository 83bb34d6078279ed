package install

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// OIDCProviderVersion is the npm package oidc-provider, a certified OpenID provider. The
// lock file pins what it needs, by hashes and without addresses.
const OIDCProviderVersion = "9.13.3"

//go:embed oidcprovider/package.json
var oidcProviderPackage []byte

//go:embed oidcprovider/package-lock.json
var oidcProviderLock []byte

// FindOIDCProvider returns the directory whose node_modules holds oidc-provider.
func FindOIDCProvider(dir cache.Dir) (string, error) {
	home, ok := dir.Find(oidcProviderEntry())
	if !ok {
		return "", missing("oidc-provider "+OIDCProviderVersion, prepareHint+" (Node, npm)")
	}
	if _, err := exec.LookPath("node"); err != nil {
		return "", missing("Node", "`apt-get install nodejs`")
	}
	return home, nil
}

func oidcProviderEntry() cache.Entry {
	return cache.Entry{
		Name:   "oidc-provider/" + OIDCProviderVersion,
		Recipe: fmt.Sprintf("npm oidc-provider %s, lock %x", OIDCProviderVersion, sha256.Sum256(oidcProviderLock)),
	}
}

// OIDCProvider installs oidc-provider by npm.
func OIDCProvider(ctx context.Context, dir cache.Dir, log io.Writer) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return missing("npm", "`apt-get install npm`")
	}
	_, err = dir.Install(ctx, oidcProviderEntry(), func(ctx context.Context, home string) error {
		for name, data := range map[string][]byte{"package.json": oidcProviderPackage, "package-lock.json": oidcProviderLock} {
			if err := os.WriteFile(filepath.Join(home, name), data, 0o644); err != nil {
				return err
			}
		}
		return run(ctx, log, nil, npm, "ci", "--prefix", home, "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
	})
	return err
}
