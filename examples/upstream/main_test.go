package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const id = "01JSHPZHAXC50QBKH67MH33TNF"

// call runs a command line and returns what it printed.
func call(t *testing.T, idp *upstreamtest.IDP, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if idp == nil {
		code = run(t.Context(), args, &out, &errs, nil)
	} else {
		code = run(t.Context(), args, &out, &errs, idp.HTTPClient())
	}
	return code, out.String(), errs.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestOutput(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"list":                    {"list"},
		"guide entra":             {"guide", "entra", "-site", "site.yaml", "-id", id},
		"guide of the sample":     {"guide", "-id", id},
		"guide in JSON":           {"guide", "github", "-id", id, "-json"},
		"explain":                 {"explain"},
		"explain, name is taken":  {"explain", "-exists", "alice", "-exists", "bob"},
		"explain in JSON":         {"-json", "explain"},
		"explain, denied":         {"explain", "-claims", "testdata/outsider.json"},
		"explain userinfo":        {"explain", "-provider", "testdata/github.yaml", "-claims", "testdata/github.json"},
		"explain, null addresses": {"explain", "-claims", "testdata/null.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := call(t, nil, args...)
			require.Equal(t, exitFine, code, stderr)
			require.Empty(t, stderr)
			golden.Require(t, filepath.Join("testdata", strings.NewReplacer(" ", "-", ",", "").Replace(name)+".txt"), stdout)
		})
	}
}

func TestListNamesEveryKind(t *testing.T) {
	t.Parallel()
	_, stdout, _ := call(t, nil, "list", "-json")
	var kinds []string
	require.NoError(t, json.Unmarshal([]byte(stdout), &kinds))
	require.Equal(t, all.Registry().Kinds(), kinds)
}

// Every kind has steps with the exact redirect URI, before anything else is known of it.
func TestGuideOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range all.Registry().Kinds() {
		code, stdout, stderr := call(t, nil, "guide", kind, "-id", id)
		require.Equal(t, exitFine, code, "%s: %s", kind, stderr)
		require.Contains(t, stdout, "https://account.example.com/upstream/callback/"+id, kind)
	}
}

func TestGuideMakesAnIDOnlyOnce(t *testing.T) {
	t.Parallel()
	_, first, _ := call(t, nil, "guide", "okta", "-json")
	var made instructions
	require.NoError(t, json.Unmarshal([]byte(first), &made))
	require.True(t, made.NewID)
	require.NoError(t, made.ID.Validate())
	_, second, _ := call(t, nil, "guide", "okta", "-json", "-id", string(made.ID))
	made.NewID = false
	var kept instructions
	require.NoError(t, json.Unmarshal([]byte(second), &kept))
	require.Equal(t, made, kept)
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	typo := write(t, "typo.yaml", "kind: keycloak\nbase_url: https://sso.example.com\nrelm: staff\nclient_id: matrix\nclient_secret: s3cr3t-value\n")
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"no command":         {nil, exitUsage, []string{"no command", "usage:"}},
		"unknown command":    {[]string{"chek"}, exitUsage, []string{`unknown command "chek"`}},
		"two commands":       {[]string{"list", "check"}, exitUsage, []string{`unexpected argument "check"`}},
		"unknown flag":       {[]string{"list", "-verbose"}, exitUsage, []string{"-verbose"}},
		"flag of another":    {[]string{"list", "-claims", "x"}, exitUsage, []string{"-claims is not for list"}},
		"check of nothing":   {[]string{"check"}, exitUsage, []string{"check needs -provider"}},
		"bad id":             {[]string{"guide", "okta", "-id", "abc"}, exitUsage, []string{"-id"}},
		"id twice":           {[]string{"guide", "okta", "-id", id, "-identity", "x"}, exitUsage, []string{"leave one out"}},
		"kind twice":         {[]string{"guide", "okta", "-provider", "x"}, exitUsage, []string{"leave okta or -provider out"}},
		"no such kind":       {[]string{"guide", "kycloak"}, exitWrong, []string{`did you mean "keycloak"?`}},
		"SAML":               {[]string{"guide", "saml"}, exitWrong, []string{"needs-bridge", "Keycloak"}},
		"no such file":       {[]string{"explain", "-provider", "nowhere.yaml"}, exitWrong, []string{"-provider: open nowhere.yaml"}},
		"no such identity":   {[]string{"guide", "okta", "-identity", "nowhere.yaml"}, exitWrong, []string{"-identity: open nowhere.yaml"}},
		"exists as user id":  {[]string{"explain", "-exists", "@alice:example.com"}, exitUsage, []string{"-exists", "such as alice"}},
		"a directory":        {[]string{"explain", "-claims", "testdata"}, exitWrong, []string{"testdata"}},
		"typo":               {[]string{"explain", "-provider", typo}, exitWrong, []string{typo + ":3", `"realm"`}},
		"claims are a list":  {[]string{"explain", "-claims", write(t, "c.json", "[1]")}, exitWrong, []string{"c.json"}},
		"claims twice":       {[]string{"explain", "-claims", write(t, "c.json", `{"sub":"a","sub":"b"}`)}, exitWrong, []string{"sub"}},
		"claims misspelt":    {[]string{"explain", "-claims", write(t, "c.json", `{"id_token":{"sub":"a"},"userinf":{}}`)}, exitWrong, []string{"userinf", "none of them"}},
		"userinfo is a text": {[]string{"explain", "-claims", write(t, "c.json", `{"userinfo":"a"}`)}, exitWrong, []string{"userinfo is not an object"}},
		"site without site":  {[]string{"guide", "okta", "-site", write(t, "site.yaml", "site: {}")}, exitWrong, []string{"site.server_name", "site.account_url"}},
		"site, no providers": {[]string{"guide", "-site", "site.yaml"}, exitWrong, []string{"no providers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := call(t, nil, c.args...)
			require.Equal(t, c.code, code, stderr)
			require.Empty(t, stdout)
			require.NotContains(t, stderr, "s3cr3t-value")
			for _, text := range c.says {
				require.Contains(t, stderr, text)
			}
		})
	}
}

func TestHugeFilesAreNotReadWhole(t *testing.T) {
	t.Parallel()
	path := write(t, "huge.yaml", "kind: keycloak\n")
	require.NoError(t, os.Truncate(path, 1<<40))
	for _, args := range [][]string{{"explain", "-provider", path}, {"explain", "-claims", path}, {"guide", "-site", path}, {"guide", "okta", "-identity", path}} {
		code, _, stderr := call(t, nil, args...)
		require.Equal(t, exitWrong, code)
		require.Contains(t, stderr, "huge.yaml", args)
	}
}

// Whoever asks what becomes of an outsider has to hear that the gate is not in MAS.
func TestWarningsOfTheProviderAreShown(t *testing.T) {
	t.Parallel()
	keycloak := write(t, "p.yaml", `kind: keycloak
base_url: https://127.0.0.1:1
realm: staff
client_id: matrix
client_secret: s3cr3t-value
claims: {require: {groups: [/matrix-users]}}
`)
	outsider := write(t, "c.json", `{"sub":"m","preferred_username":"mallory"}`)
	code, stdout, _ := call(t, nil, "explain", "-provider", keycloak, "-claims", outsider)
	require.Equal(t, exitFine, code)
	require.Contains(t, stdout, "outcome:      registered")
	require.Contains(t, stdout, "\nwarning: ")
	require.Contains(t, stdout, "at  "+keycloak+":6:")
	_, stdout, _ = call(t, nil, "explain", "-json", "-provider", keycloak, "-claims", outsider)
	require.Contains(t, stdout, `"severity": "warning"`)
	code, stdout, _ = call(t, nil, "check", "-provider", keycloak)
	require.Equal(t, exitWrong, code)
	require.Contains(t, stdout, "\nwarning: ")
	require.Contains(t, stdout, "1 thing is wrong.")
}

// The addresses have the id: that of another provider would send people to the wrong one.
func TestEachProviderOfASiteHasItsOwnID(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile("site.yaml")
	require.NoError(t, err)
	site := write(t, "site.yaml", string(sample)+`providers:
  - {kind: github, client_id: Iv1.0123456789abcdef, client_secret_file: /run/secrets/github}
  - {kind: okta, name: staff, domain: example.okta.com, client_id: 0oa1, client_secret_file: /run/secrets/okta}
`)
	fresh, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	encode := func(ids map[string]maskit.ULID) string {
		fresh.Providers = ids
		text, err := fresh.Encode()
		require.NoError(t, err)
		return write(t, "identity.yaml", text.Reveal())
	}
	other := maskit.ULID("01JSHPZHAXC50QBKH67MH33TNG")
	stored := encode(map[string]maskit.ULID{"github": id, "staff": other})

	code, stdout, stderr := call(t, nil, "guide", "-json", "-site", site, "-identity", stored)
	require.Equal(t, exitFine, code, stderr)
	got := map[string]maskit.ULID{}
	for decoder := json.NewDecoder(strings.NewReader(stdout)); decoder.More(); {
		var one instructions
		require.NoError(t, decoder.Decode(&one))
		got[one.Name] = one.ID
		require.Contains(t, fmt.Sprint(one.Steps), "/upstream/callback/"+string(one.ID))
	}
	require.Equal(t, map[string]maskit.ULID{"github": id, "staff": other}, got)

	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"-id", id}, "several providers (github, staff)"},
		{nil, "several providers (github, staff)"},
		{[]string{"-identity", encode(map[string]maskit.ULID{"okta": other, "github": id})}, "has no id for staff, only for github, okta"},
	} {
		code, stdout, stderr := call(t, nil, append([]string{"guide", "-site", site}, c.args...)...)
		require.Equal(t, exitWrong, code)
		require.Empty(t, stdout)
		require.Contains(t, stderr, c.says)
	}
}

func TestTheIdentityHasTheID(t *testing.T) {
	t.Parallel()
	identity := write(t, "identity.yaml", "encryption_key: x\n")
	code, _, stderr := call(t, nil, "guide", "okta", "-identity", identity)
	require.Equal(t, exitWrong, code)
	require.Contains(t, stderr, "encryption_key", "a broken identity is not taken for one without the provider")
}

// providerText is a provider file for the provider of the test.
func providerText(idp *upstreamtest.IDP, secret string) string {
	return "kind: oidc\nissuer: " + idp.Issuer + "\nclient_id: matrix\nclient_secret: " + secret +
		"\ntoken_endpoint_auth_method: client_secret_basic\n"
}

func provider(t *testing.T, idp *upstreamtest.IDP, secret string) string {
	t.Helper()
	return write(t, "provider.yaml", providerText(idp, secret))
}

// registered knows MAS's client, of the site beside this file.
func registered(t *testing.T, quirks ...upstreamtest.Quirk) *upstreamtest.IDP {
	t.Helper()
	idp := upstreamtest.NewIDP(t, quirks...)
	file, problems := all.Registry().Decode("provider.yaml", []byte(providerText(idp, "right")))
	require.NoError(t, problems.Err())
	env := upstream.Env{Site: maskit.Site{AccountURL: "https://account.example.com/"}, ID: id}
	entry, problems := file.Provider.Entry(env)
	require.NoError(t, problems.Err())
	idp.PutClient(upstreamtest.ClientFor(entry, env))
	return idp
}

func TestCheck(t *testing.T) {
	t.Parallel()
	t.Run("healthy", func(t *testing.T) {
		t.Parallel()
		idp := registered(t)
		code, stdout, stderr := call(t, idp, "check", "-provider", provider(t, idp, "right"), "-site", "site.yaml", "-id", id)
		require.Equal(t, exitFine, code, stdout+stderr)
		require.Contains(t, stdout, "Nothing is wrong.")
		require.Contains(t, stdout, "redirect URI:")
	})
	t.Run("without a site the redirect URI is not asked about", func(t *testing.T) {
		t.Parallel()
		idp := registered(t)
		code, stdout, _ := call(t, idp, "check", "-provider", provider(t, idp, "right"))
		require.Equal(t, exitFine, code, stdout)
		require.NotContains(t, stdout, "redirect URI:")
		require.Contains(t, stdout, "fix: give -site, and -id or -identity")
	})
	t.Run("wrong secret", func(t *testing.T) {
		t.Parallel()
		idp := registered(t)
		code, stdout, stderr := call(t, idp, "check", "-provider", provider(t, idp, "wr0ng-s3cret"), "-site", "site.yaml", "-id", id)
		require.Equal(t, exitWrong, code, stdout)
		require.Contains(t, stdout, "1 thing is wrong.")
		require.NotContains(t, stdout+stderr, "wr0ng-s3cret")
	})
	t.Run("in JSON", func(t *testing.T) {
		t.Parallel()
		idp := registered(t, upstreamtest.EdDSAOnly)
		code, stdout, stderr := call(t, idp, "check", "-json", "-provider", provider(t, idp, "right"))
		require.Equal(t, exitWrong, code)
		require.Empty(t, stderr)
		var report upstream.CheckReport
		require.NoError(t, json.Unmarshal([]byte(stdout), &report))
		require.Equal(t, idp.Issuer, report.Issuer)
		require.Error(t, report.Problems.Err())
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		path := write(t, "p.yaml", "kind: oidc\nissuer: https://127.0.0.1:1\nclient_id: matrix\nclient_secret: right\ntoken_endpoint_auth_method: client_secret_post\n")
		code, stdout, _ := call(t, nil, "check", "-provider", path)
		require.Equal(t, exitWrong, code)
		require.Contains(t, stdout, "https://127.0.0.1:1")
		require.Contains(t, stdout, "no issuer seen: 1 request\n")
	})
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		idp := registered(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("interrupt signal received"))
		var stdout, stderr bytes.Buffer
		code := run(ctx, []string{"check", "-provider", provider(t, idp, "right")}, &stdout, &stderr, idp.HTTPClient())
		require.Equal(t, exitWrong, code)
		require.Empty(t, stdout.String())
		require.Equal(t, "the check was not finished: interrupt signal received\n", stderr.String())
	})
}

// What a check would not send the secret to, a flag allows.
func TestSecretHost(t *testing.T) {
	t.Parallel()
	problems := maskit.Problems{{Hint: "if this is your provider, add tokens.example to CheckConfig.SecretHosts, or do not"}}
	tellFlags(problems)
	require.Equal(t, "if this is your provider, add tokens.example by -secret-host, or do not", problems[0].Hint)

	path := write(t, "p.yaml", "kind: okta\ndomain: example.okta.com\nclient_id: matrix\nclient_secret: right\n")
	s, err := parseFlags([]string{"check", "-provider", path, "-secret-host", "a.example", "-secret-host", "b.example"}, io.Discard)
	require.NoError(t, err)
	in, err := s.read()
	require.NoError(t, err)
	require.Equal(t, []string{"a.example", "b.example"}, in.checkConfig(nil).SecretHosts)
}
