package install

import (
	"os"
	"os/exec"
	"path/filepath"
)

// FindNGINX returns the path of nginx.
func FindNGINX() (string, error) { return findSystemProgram("nginx") }

// FindHAProxy returns the path of haproxy.
func FindHAProxy() (string, error) { return findSystemProgram("haproxy") }

// FindCaddy returns the path of caddy.
func FindCaddy() (string, error) { return findSystemProgram("caddy") }

// proxies are the programs, which have the names of their Debian packages.
func proxies() []string { return []string{"nginx", "haproxy", "caddy"} }

// findSystemProgram looks where PATH leads and in the directories of system programs,
// which the PATH of a user need not have.
func findSystemProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", missing(name, prepareHint+", or `apt-get install "+name+"` as root")
}
