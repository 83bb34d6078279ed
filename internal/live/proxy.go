package live

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// Proxy is an installed reverse proxy: nginx, HAProxy or Caddy.
type Proxy struct {
	// Name is nginx, haproxy or caddy.
	Name   string
	binary string
	// around puts what a site file says into a whole configuration whose files,
	// if it needs any, stand in dir.
	around func(dir, site string) string
	check  func(dir, config string) []string
	serve  func(dir, config string) []string
}

// NGINX finds nginx. A site is one or more server blocks.
func NGINX(t testing.TB) *Proxy {
	t.Helper()
	binary, err := install.FindNGINX()
	return newProxy(t, err, Proxy{
		Name: "nginx", binary: binary, around: nginxMain,
		check: func(dir, config string) []string { return []string{"-p", dir, "-e", "stderr", "-t", "-c", config} },
		serve: func(dir, config string) []string { return []string{"-p", dir, "-e", "stderr", "-c", config} },
	})
}

// HAProxy finds haproxy. A site is one or more frontends and backends.
func HAProxy(t testing.TB) *Proxy {
	t.Helper()
	binary, err := install.FindHAProxy()
	return newProxy(t, err, Proxy{
		Name: "haproxy", binary: binary,
		around: func(_, site string) string {
			return "global\n    maxconn 200\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n\n" + site
		},
		check: func(_, config string) []string { return []string{"-c", "-f", config} },
		serve: func(_, config string) []string { return []string{"-db", "-f", config} },
	})
}

// Caddy finds caddy. A site is one or more site blocks of a Caddyfile.
func Caddy(t testing.TB) *Proxy {
	t.Helper()
	binary, err := install.FindCaddy()
	return newProxy(t, err, Proxy{
		Name: "caddy", binary: binary,
		around: func(dir, site string) string {
			return fmt.Sprintf("{\n\tadmin off\n\tauto_https off\n\tstorage file_system %s\n}\n\n%s", dir, site)
		},
		check: func(_, config string) []string {
			return []string{"validate", "--adapter", "caddyfile", "--config", config}
		},
		serve: func(_, config string) []string { return []string{"run", "--adapter", "caddyfile", "--config", config} },
	})
}

func newProxy(t testing.TB, err error, proxy Proxy) *Proxy {
	t.Helper()
	enter(t)
	check(t, mandatory, err)
	return &proxy
}

// nginxMain keeps every file that nginx writes in dir. As root, the workers stay
// root, because nobody else may enter the directory of a test.
func nginxMain(dir, site string) string {
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;\n"
	}
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("    %s_temp_path %s;\n", kind, filepath.Join(dir, kind))
	}
	return user + "daemon off;\nworker_processes 1;\nerror_log stderr;\npid " + filepath.Join(dir, "nginx.pid") +
		";\nevents {}\nhttp {\n    access_log off;\n" + temp + site + "\n}\n"
}

// Check lets the proxy judge what a site file says, without serving it. The
// output says why it was refused.
func (p *Proxy) Check(t testing.TB, site string) (output string, err error) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), p.binary, p.check(dir, p.write(t, dir, site))...)
	cmd.Env = p.environ(dir)
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// Start serves what a site file says until the test ends. The file names the
// port (take it from FreePort); address is its host and port, without TLS unless
// the caller's client knows better.
func (p *Proxy) Start(t testing.TB, site, address string) *Server {
	t.Helper()
	dir := t.TempDir()
	return startWhenReady(t, proc.Spec{
		Name: p.Name, Path: p.binary, Dir: dir, Args: p.serve(dir, p.write(t, dir, site)), Environ: p.environ(dir),
	}, "http://"+address, proc.Listening(address))
}

func (p *Proxy) write(t testing.TB, dir, site string) string {
	t.Helper()
	path := filepath.Join(dir, p.Name+".conf")
	if err := os.WriteFile(path, []byte(p.around(dir, site)), 0o600); err != nil {
		t.Fatal("live:", err)
	}
	return path
}

// environ keeps Caddy, which writes below the home directory, in dir.
func (p *Proxy) environ(dir string) []string {
	return append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir)
}
