package install

import (
	"context"
	"io"
	"os/exec"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// MinijinjaVersion is the npm package minijinja-js that the tests render templates
// with: the engine that MAS uses, compiled for JavaScript.
const MinijinjaVersion = "2.11.0"

// FindMinijinja returns the directory whose node_modules holds minijinja-js.
func FindMinijinja(dir cache.Dir) (string, error) {
	home, ok := dir.Find(minijinjaEntry())
	if !ok {
		return "", missing("minijinja-js "+MinijinjaVersion, prepareHint+" (Node, npm)")
	}
	if _, err := exec.LookPath("node"); err != nil {
		return "", missing("Node", "`apt-get install nodejs`")
	}
	return home, nil
}

func minijinjaEntry() cache.Entry {
	return cache.Entry{Name: "minijinja/" + MinijinjaVersion, Recipe: "npm minijinja-js " + MinijinjaVersion}
}

// Minijinja installs minijinja-js by npm.
func Minijinja(ctx context.Context, dir cache.Dir, log io.Writer) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return missing("npm", "`apt-get install npm`")
	}
	_, err = dir.Install(ctx, minijinjaEntry(), func(ctx context.Context, home string) error {
		return run(ctx, log, nil, npm, "install", "--prefix", home, "--silent", "--no-audit", "--no-fund",
			"--ignore-scripts", "minijinja-js@"+MinijinjaVersion)
	})
	return err
}
