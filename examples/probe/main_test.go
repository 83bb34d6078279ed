package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
)

const secret = "correct-horse-battery-staple"

// result is what a run of the program leaves behind.
type result struct {
	code           int
	stdout, stderr string
}

func execute(t *testing.T, client *http.Client, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, &stdout, &stderr, client)
	require.NotContains(t, stdout.String()+stderr.String(), secret)
	return result{code, stdout.String(), stderr.String()}
}

// deployment runs a deployment in which one request is answered differently.
// The arguments are those that look at it from outside.
func deployment(t *testing.T, faults map[string]reply) (client *http.Client, inside []string) {
	t.Helper()
	edge := httptest.NewUnstartedServer(edgeStub(faults))
	edge.StartTLS()
	t.Cleanup(edge.Close)
	client = edge.Client()
	transport, ok := client.Transport.(*http.Transport)
	require.True(t, ok)
	transport.TLSClientConfig.InsecureSkipVerify = true // the stub has a certificate for other names
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(address, "example.com:443") {
			address = edge.Listener.Addr().String()
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	synapse, mas := httptest.NewServer(stub(synapseReplies(), faults)), httptest.NewServer(stub(masReplies(), faults))
	t.Cleanup(synapse.Close)
	t.Cleanup(mas.Close)
	file := filepath.Join(t.TempDir(), "shared-secret")
	require.NoError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	return client, []string{"-synapse", synapse.URL, "-mas-internal", mas.URL, "-secret-file", file}
}

func outside() []string {
	return []string{"-server-name", "example.com", "-client-api", "https://matrix.example.com/", "-mas", "https://account.example.com/"}
}

func TestWholeOutput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults map[string]reply
		json   bool
		inside bool
		code   int
	}{
		"good":         {inside: true},
		"good-outside": {},
		"good-json":    {inside: true, json: true},
		"faults": {
			inside: true, code: 1,
			faults: map[string]reply{
				"POST /_matrix/client/v3/refresh":          unrecognized(),
				"POST /_matrix/client/r0/refresh":          unrecognized(),
				"POST /_matrix/client/unstable/refresh":    unrecognized(),
				"GET /_synapse/mas/is_localpart_available": {bySynapse, 403, `{"errcode":"M_UNKNOWN","error":"This endpoint must only be called by MAS"}`},
				"GET /_matrix/client/v3/account/whoami":    unable(),
				"GET /.well-known/matrix/server":           {byNobody, 404, ""},
			},
		},
		"mas-down": {
			code:   1,
			faults: masDown(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, inside := deployment(t, test.faults)
			args := outside()
			if test.inside {
				args = append(args, inside...)
			}
			if test.json {
				args = append(args, "-json")
			}
			got := execute(t, client, args...)
			require.Equal(t, test.code, got.code, got.stdout)
			require.Empty(t, got.stderr)
			text := regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(got.stdout, "127.0.0.1:PORT")
			text = regexp.MustCompile(`"duration_ns": \d+`).ReplaceAllString(text, `"duration_ns": 1`)
			golden.Require(t, "testdata/"+name+".txt", text)
		})
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"help":               {[]string{"-h"}, 0, "Usage of probe:"},
		"nothing":            {nil, 2, "-server-name is required\n-client-api is required\n-mas is required\nUsage of probe:"},
		"no client API":      {[]string{"-server-name", "example.com"}, 2, "-client-api is required"},
		"no MAS":             {[]string{"-server-name", "example.com", "-client-api", "https://matrix.example.com/"}, 2, "-mas is required"},
		"unknown flag":       {[]string{"-secret", secret}, 2, "flag provided but not defined: -secret"},
		"argument":           {append(outside(), "x"), 2, `unexpected argument "x"`},
		"secret for nobody":  {append(outside(), "-secret-file", empty), 2, "-secret-file is of no use without -synapse or -mas-internal"},
		"no secret file":     {append(outside(), "-synapse", "http://synapse:8008", "-secret-file", empty+"x"), 2, "-secret-file: maskit: read secret: open "},
		"empty secret file":  {append(outside(), "-synapse", "http://synapse:8008", "-secret-file", empty), 2, "file is empty"},
		"address without //": {append(outside(), "-synapse", "synapse:8008"), 2, "error: -synapse: is not an absolute URL [url-invalid]"},
		"password in it":     {append(outside(), "-mas-internal", "http://u:"+secret+"@mas:8080"), 2, "error: -mas-internal: contains a user name or password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := execute(t, nil, test.args...)
			require.Equal(t, test.code, got.code)
			require.Contains(t, got.stderr, test.stderr)
			require.Empty(t, got.stdout)
		})
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	client, _ := deployment(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, 1, run(ctx, outside(), &stdout, &stderr, client))
	require.Equal(t, "probe: run: context canceled\n", stderr.String())
	require.Empty(t, stdout.String())
}
