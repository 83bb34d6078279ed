package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

// outcome is what a run printed and returned.
type outcome struct {
	code           int
	stdout, stderr string
}

func delegate(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(args, &stdout, &stderr)
	got := outcome{code, stdout.String(), stderr.String()}
	require.NotContains(t, got.stdout+got.stderr, "hidden", "a secret is shown")
	return got
}

// text is a whole outcome, with the directory of the test named DIR.
func (o outcome) text(dir string) string {
	text := o.stdout
	if o.stderr != "" {
		text += "--- stderr\n" + o.stderr
	}
	if dir != "" {
		text = strings.ReplaceAll(text, dir, "DIR")
	}
	return text + "--- exit " + string(rune('0'+o.code)) + "\n"
}

// to are the flags that every mode takes.
func to(args ...string) []string {
	return append([]string{"-mas-endpoint", "http://mas.matrix-auth.svc:8080/", "-secret-path", "/run/secrets/mas"}, args...)
}

// homeserver writes testdata/full.yaml into a directory, private to a group.
func homeserverYAML(t *testing.T) (dir, path string) {
	t.Helper()
	data, err := os.ReadFile("testdata/full.yaml")
	require.NoError(t, err)
	return place(t, string(data))
}

func place(t *testing.T, text string) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, os.Chmod(path, 0o640))
	return dir, path
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// TestGolden shows whole runs that write nothing.
func TestGolden(t *testing.T) {
	t.Parallel()
	dir, full := homeserverYAML(t)
	before := content(t, full)
	conf := filepath.Join(dir, "conf.d")
	require.NoError(t, os.Mkdir(conf, 0o700))
	for name, args := range map[string][]string{
		"sample":         nil,
		"patch":          to("-config", full),
		"lint":           to("-config", full, "-mode", "lint"),
		"lint-1.156":     to("-config", full, "-mode", "lint", "-synapse-version", "1.156.0", "-mas-version", "1.8.0"),
		"overlay":        to("-config", full, "-config", conf, "-mode", "overlay"),
		"twice":          to("-config", full, "-config", dir),
		"overlay-file":   to("-config", full, "-mode", "overlay"),
		"convert":        {"-config", full, "-mode", "convert", "-secret-path", "/run/secrets/mas"},
		"convert-bare":   {"-config", full, "-mode", "convert"},
		"convert-sample": {"-mode", "convert"},
		"no-flags":       {"-config", full},
		"bad-flags":      {"-config", full, "-mas-endpoint", "mas:8080", "-secret-path", "secret", "-synapse-version", "1.100.0"},
		"missing-file":   to("-config", filepath.Join(dir, "none.yaml")),
		"routes-flags":   to("-config", full, "-routes", "nginx"),
		"revert-none":    {"-config", full, "-mode", "revert"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.Require(t, "testdata/"+name+".txt", delegate(t, args...).text(filepath.ToSlash(dir)))
			require.Equal(t, before, content(t, full))
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"an argument":          {[]string{"x"}, `unexpected argument "x"`},
		"an unknown mode":      {[]string{"-mode", "x"}, "-mode: is not one of patch"},
		"an unknown proxy":     {[]string{"-routes", "x"}, "-routes: is not one of nginx"},
		"a flag for -routes":   {[]string{"-account-url", "https://x/"}, "are for -routes"},
		"a gateway":            {[]string{"-routes", "httproute", "-gateway", "x"}, "-gateway: is not namespace/name"},
		"a nameless namespace": {[]string{"-routes", "httproute", "-gateway", "/x"}, "-gateway: is not namespace/name"},
		"no Service for MAS": {
			[]string{"-routes", "ingress", "-mas-endpoint", "http://mas:8080/", "-synapse-url", "http://synapse.matrix.svc:8008/", "-account-url", "https://account.example.com/"},
			"error: -mas-endpoint: names no Service of Kubernetes [no-service] (fix: such as http://name.namespace.svc:8080/)\n",
		},
		"write the sample":      {[]string{"-w"}, "-w: name the files by -config"},
		"write nothing":         {[]string{"-w", "-mode", "lint", "-config", "x"}, "-w: -mode lint writes nothing"},
		"revert the sample":     {[]string{"-mode", "revert"}, "-mode revert: name the files"},
		"an empty name":         {[]string{"-config", ""}, "the name is empty"},
		"a version that is not": {[]string{"-synapse-version", "x"}, "synapse-version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := delegate(t, tc.args...)
			require.Equal(t, 2, got.code)
			require.Contains(t, got.stderr, tc.want)
			require.Empty(t, got.stdout)
		})
	}
	require.Equal(t, 0, delegate(t, "-h").code)
}

// TestRoutes: every kind renders what package routes makes of the same addresses.
func TestRoutes(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"nginx": "proxy_pass", "haproxy": "use_backend", "caddy": "reverse_proxy", "traefik": "PathRegexp", "ingress": "kind: Ingress", "httproute": "kind: HTTPRoute",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			args := []string{"-routes", kind, "-account-url", "https://account.example.com/", "-synapse-url", "http://synapse.matrix.svc:8008/", "-certificate", "/etc/tls/all.pem"}
			if kind == "httproute" {
				args = append(args, "-gateway", "edge/public")
			}
			got := delegate(t, args...)
			require.Equal(t, 0, got.code, got.stdout+got.stderr)
			_, rendered, ok := strings.Cut(got.stdout, "\nRoutes for "+kind+":\n\n")
			require.True(t, ok, got.stdout)
			require.Contains(t, rendered, want)
			for _, host := range []string{"matrix.example.com", "account.example.com"} {
				require.Contains(t, rendered, host)
			}
		})
	}
}

// TestProgram runs the program as people do.
func TestProgram(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "delegate")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(output))
	dir, full := homeserverYAML(t)
	for _, step := range []struct {
		args []string
		want int
	}{
		{nil, 0},
		{to("-config", full, "-mode", "lint"), 1},
		{to("-config", full+".none"), 1},
		{[]string{"-mode", "x"}, 2},
		{to("-config", "homeserver.yaml", "-w"), 0},
		{to("-config", "homeserver.yaml", "-mode", "lint"), 0},
		{[]string{"-config", "homeserver.yaml", "-mode", "revert", "-w"}, 0},
		{[]string{"-config", "homeserver.yaml", "-mode", "revert", "-w"}, 1},
		{to("-config", ".", "-w"), 0},
		{to("-config", ".", "-mode", "lint"), 0},
		{[]string{"-config", ".", "-mode", "revert", "-w"}, 0},
	} {
		cmd := exec.CommandContext(t.Context(), program, step.args...)
		cmd.Dir = dir
		output, _ := cmd.CombinedOutput()
		require.Equal(t, step.want, cmd.ProcessState.ExitCode(), "%v: %s", step.args, output)
	}
	data, err := os.ReadFile("testdata/full.yaml")
	require.NoError(t, err)
	require.Equal(t, string(data), content(t, full))
}
