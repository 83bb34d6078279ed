package install

import (
	"os"
	"os/exec"
	"path/filepath"

	"github.com/maskit-dev/maskit/internal/live/cache"
)

// The variables that name a mas-cli and its data outside the cache.
const (
	EnvMASCLI   = "MASKIT_MAS_CLI"
	EnvMASShare = "MASKIT_MAS_SHARE"
)

// MASCLI is the program and the directory with policy.wasm, templates,
// translations, manifest.json and assets.
type MASCLI struct {
	Binary string
	Share  string
}

// FindMASCLI looks at the two variables, then at mas-cli and share in the
// cache, then at PATH with share beside the program.
func FindMASCLI(dir cache.Dir) (MASCLI, error) {
	if binary := os.Getenv(EnvMASCLI); binary != "" {
		return completeMASCLI(binary, os.Getenv(EnvMASShare))
	}
	if cached := filepath.Join(string(dir), "mas-cli"); isExecutable(cached) {
		return completeMASCLI(cached, filepath.Join(string(dir), "share"))
	}
	if binary, err := exec.LookPath("mas-cli"); err == nil {
		return completeMASCLI(binary, filepath.Join(filepath.Dir(binary), "share"))
	}
	return MASCLI{}, missing("mas-cli",
		"set "+EnvMASCLI+" and "+EnvMASShare+", or put mas-cli and share/ of a MAS release into "+string(dir))
}

func completeMASCLI(binary, share string) (MASCLI, error) {
	if !isExecutable(binary) {
		return MASCLI{}, missing("mas-cli", binary+" is no executable file")
	}
	if _, err := os.Stat(filepath.Join(share, "policy.wasm")); err != nil {
		return MASCLI{}, missing("the share directory of mas-cli", "set "+EnvMASShare+" to the directory that holds policy.wasm")
	}
	return MASCLI{Binary: binary, Share: share}, nil
}

// isExecutable reports whether path is a file that somebody may run.
func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
