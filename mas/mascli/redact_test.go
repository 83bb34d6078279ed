package mascli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
)

const secretive = `
server_name: example.com
public: visible
database: {uri: "postgresql://u:p%2Fa%20ss@host/d?password=query-secret", args: {password: hunter2}}
redirect_uris: ["https://example.com/callback"]
macaroon_secret_key: macaroon-key
client_secret_path: /run/secret
password_config: {enabled: true, pepper: pw, policy: {minimum_length: 15}}
nested: {credentials: {a: deep-one, b: [deep-two]}}
key: |
  -----BEGIN PRIVATE KEY-----
  bm90IGEga2V5
  -----END PRIVATE KEY-----
`

func redact(line string, files ...string) string {
	c := mascli.Command{Files: map[string]maskit.Secret{}, Env: map[string]maskit.Secret{"PGPASSWORD": maskit.NewSecret(`of "env"`)}}
	for i, file := range files {
		c.Files[strings.Repeat("f", i+1)] = maskit.NewSecret(file)
	}
	var got string
	c.Stderr = func(line string) { got = line }
	c.Redacted().Stderr(line)
	return got
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"visible at example.com https://example.com/callback /run/secret 15": "visible at example.com https://example.com/callback /run/secret 15",
		"password hunter2!":                       "password [redacted]!",
		"p%2Fa%20ss and p/a ss":                   "[redacted] and [redacted]",
		"query-secret":                            "[redacted]",
		"xmacaroon-keyx":                          "x[redacted]x",
		"deep-one deep-two":                       "[redacted] [redacted]",
		"bm90IGEga2V5":                            "[redacted]",
		"pw: (pw) pwd upwards pw":                 "[redacted]: ([redacted]) pwd upwards [redacted]",
		`of "env" and "of \"env\"" of+%22env%22`:  `[redacted] and "[redacted]" [redacted]`,
		"true false":                              "true false",
		"uri postgresql://u:p%2Fa%20ss@host/d?x=": "uri postgresql://u:[redacted]@host/d?x=",
	} {
		require.Equal(t, want, redact(line, secretive))
	}
	require.Equal(t, "[redacted]", redact("any line of a key", "not yaml: [\nany line of a key\n"), "a file that is no YAML is secret as a whole")
	require.Nil(t, mascli.Command{}.Redacted().Stdout)
}

func FuzzRedacted(f *testing.F) {
	f.Add("secret: abcdefgh", "x abcdefgh y")
	f.Add("a: &a {password: 'x'}\nb: *a", "x")
	f.Add("uri: 'postgresql://u:p@h'", "p")
	f.Fuzz(func(t *testing.T, file, line string) {
		got := redact(line+" the-secret-of-the-test "+line, file, "password: the-secret-of-the-test")
		require.NotContains(t, got, "the-secret-of-the-test")
	})
}
