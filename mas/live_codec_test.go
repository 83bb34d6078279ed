package mas

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// written writes rendered files below a directory and returns the -c arguments.
func written(t *testing.T, dir string, out Rendered) []string {
	t.Helper()
	var args []string
	for _, f := range out.Files {
		name := filepath.Join(dir, f.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, f.Data(), 0o600))
	}
	for _, name := range out.ConfigFiles {
		args = append(args, "-c", filepath.Join(dir, name))
	}
	return args
}

// The real MAS reads both layouts as the same configuration, and prints one of which we
// know every key.
func TestMASReadsBothLayouts(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	var read []*Config
	for _, layout := range []Layout{LayoutSingle, LayoutSplit} {
		dir := t.TempDir()
		out, problems := Render(bundle(), RenderOptions{Layout: layout, Mount: dir})
		require.Empty(t, problems)
		files := written(t, dir, out)
		result := cli.Run(t, append([]string{"config", "check"}, files...)...)
		require.Zero(t, result.Code, result.Stderr)
		result = cli.Run(t, append([]string{"config", "dump"}, files...)...)
		require.Zero(t, result.Code, result.Stderr)
		c, problems := parseText(t, result.Stdout)
		require.Empty(t, problems)
		c, problems = c.Inline(os.DirFS("/"))
		require.Empty(t, problems)
		read = append(read, c)
	}
	require.True(t, read[0].Equal(read[1]))
	require.True(t, bundle().Matrix.Secret.Inline.Equal(read[0].Matrix.Secret.Inline))
	require.True(t, bundle().Captcha.SecretKey.Equal(read[1].Captcha.SecretKey))
	require.Len(t, read[1].UpstreamOAuth2.Providers, 2)
}

func TestParseKnowsWhatMASGenerates(t *testing.T) {
	t.Parallel()
	result := live.MASCLI(t).Run(t, "config", "generate")
	require.Zero(t, result.Code, result.Stderr)
	c, problems := parseText(t, result.Stdout)
	require.Empty(t, problems)
	require.Len(t, c.Secrets.Keys, 4)
}

// minimal is the least that MAS loads, with more below it.
func minimal(more string) string {
	return "secrets: {encryption: '" + strings.Repeat("0", 64) + "'}\n" + more + "\n"
}

// masLoads reports whether the real MAS loads a file.
func masLoads(t *testing.T, cli *live.MAS, text string) bool {
	t.Helper()
	return cli.Run(t, "config", "check", "-c", fileOf(t, text)).Code == 0
}

func fileOf(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// Every scalar is of the same type and value to us as to the real MAS, which keeps what
// it does not know of policy.data.
func TestScalarsAreWhatMASTakesThemFor(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	scalars := []string{
		"yes", "on", "y", "True", "FALSE", "tRUE", "null", "Null", "~", "", "12", "+12", "-0", "-12", "0123", "-0123", "0x1F", "-0x1F", "0o17", "0b11", "0b2", "1_000", "1e3", "1E3", "1.", ".5", "-.5",
		"1e999", "12:30", "2024-01-01", "00000e12", "'12'", `"true"`, "!!str 12", `!!int "3"`, "!!float 3", "[1]", "{a: 1}", "4294967296", "18446744073709551615", ".", "01.5", "inf", "0x", "1e", "<<", "=",
	}
	var data strings.Builder
	for i, scalar := range scalars {
		fmt.Fprintf(&data, "    s%d: %s\n", i, scalar)
	}
	text := minimal("matrix: {secret: s}\npolicy:\n  data:\n" + data.String())
	ours, problems := parseText(t, text)
	require.Empty(t, problems)
	result := cli.Run(t, "config", "dump", "-c", fileOf(t, text))
	require.Zero(t, result.Code, result.Stderr)
	theirs, problems := parseText(t, result.Stdout)
	require.Empty(t, problems)
	for i, scalar := range scalars {
		key := fmt.Sprint("s", i)
		require.Equal(t, theirs.Policy.Data.Custom[key], ours.Policy.Data.Custom[key], "%q", scalar)
	}
}

// Where MAS refuses the text of a file we report an error. Where we report one and it
// does not refuse, it loses something in silence.
func TestTextsThatMASRefuses(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	matrix := "matrix: {secret: s}\n"
	cases := map[string]struct {
		text string
		mas  bool // loads it
		ours bool // no error
	}{
		"plain":              {minimal(matrix), true, true},
		"byte order mark":    {"\ufeff" + minimal(matrix), false, false},
		"CRLF":               {strings.ReplaceAll(minimal(matrix), "\n", "\r\n"), true, true},
		"alias":              {minimal("matrix: {secret: &s s, homeserver: *s}"), true, true},
		"merge key":          {minimal("x-matrix: &m {homeserver: a}\nmatrix: {secret: s, <<: *m}"), true, false},
		"duplicate key":      {minimal("matrix: {secret: s, secret: t}"), true, false},
		"duplicate section":  {minimal("matrix: {}\n" + matrix), true, false},
		"unknown key":        {minimal("matrix: {secret: s, homserver: a}"), true, false},
		"tab":                {minimal("matrix:\n\tsecret: s"), false, false},
		"two documents":      {minimal(matrix) + "---\na: b\n", false, false},
		"a list":             {"- a\n", false, false},
		"not UTF-8":          {minimal("matrix: {secret: \xff}"), false, false},
		"cycle":              {minimal(matrix + "account: &a {x: *a}"), false, false},
		"custom tag":         {minimal("matrix: {secret: !vault s}"), false, false},
		"null section":       {minimal(matrix + "account:"), false, false},
		"null list":          {minimal(matrix + "clients:"), false, false},
		"null boolean":       {minimal(matrix + "account: {email_change_allowed: }"), false, false},
		"null option":        {minimal(matrix + "branding: {service_name: }"), true, true},
		"null section in":    {minimal(matrix + "experimental: {session_limit: }"), true, true},
		"list for a mapping": {minimal(matrix + "account: []"), true, false},
		"string port":        {minimal(matrix + "http: {public_base: 'http://a/', listeners: [{resources: [{name: human}], binds: [{port: '80'}]}]}"), true, false},
		"lower-case alg":     {minimal(matrix + "upstream_oauth2: {providers: [{id: 01JSHPZHAXC50QBKH67MH33TNF, issuer: a, client_id: a, token_endpoint_auth_method: none, id_token_signed_response_alg: rs256}]}"), true, false},
		"s256":               {minimal(matrix + "upstream_oauth2: {providers: [{id: 01JSHPZHAXC50QBKH67MH33TNF, issuer: a, client_id: a, token_endpoint_auth_method: none, pkce_method: s256}]}"), false, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.mas, masLoads(t, cli, c.text))
			_, problems := parseText(t, c.text)
			require.Equal(t, c.ours, problems.Err() == nil, "%s", problems)
		})
	}
}

// Several files are merged into the configuration that MAS reads from them.
func TestFilesAreMergedAsByMAS(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	base := minimal("matrix: {secret: s, homeserver: a, endpoint: 'http://a/'}\nhttp: {public_base: 'http://a/', trusted_proxies: [10.0.0.1/32]}\nclients: []\npolicy: {data: {x: {a: 1, l: [1]}, y: 1}}")
	over := "matrix: {homeserver: b}\nhttp: {trusted_proxies: [10.0.0.2/32, 10.0.0.1/32]}\npolicy: {data: {x: {b: 2, l: [2]}, y: [3], z: ~}}\n"
	result := cli.Run(t, "config", "dump", "-c", fileOf(t, base), "-c", fileOf(t, over))
	require.Zero(t, result.Code, result.Stderr)
	theirs, problems := parseText(t, result.Stdout)
	require.Empty(t, problems)
	ours, problems, err := Parse(files("base", base, "over", over), "base", "over")
	require.NoError(t, err)
	require.Equal(t, []string{"doubled-list http.trusted_proxies", "doubled-list policy.data.x.l"}, codesAndPaths(problems))
	require.Equal(t, theirs.Matrix.Homeserver, ours.Matrix.Homeserver)
	require.Equal(t, theirs.Matrix.Endpoint, ours.Matrix.Endpoint)
	require.Equal(t, theirs.HTTP.TrustedProxies, ours.HTTP.TrustedProxies)
	require.Equal(t, theirs.Policy.Data, ours.Policy.Data)
}
