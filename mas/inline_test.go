package mas

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// What MAS does with white space around the content of a file: see the trim tags.
func TestInlineTrimsAsMAS(t *testing.T) {
	t.Parallel()
	const content = "\t padded \n"
	pem := "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----"
	fsys := files("f", content, "pem", "\n"+pem+"\n\n", "der", "\x30\x82\n ")
	file := SecretValue{File: "/f"}
	c := &Config{
		Matrix: Matrix{Secret: file}, Database: &Database{Password: file, SSLCA: TextValue{File: "pem"}, SSLKey: SecretValue{File: "/der"}}, Email: &Email{Password: file},
		Secrets:        Secrets{Encryption: file, Keys: []SigningKey{{Key: SecretValue{File: "/pem"}, Password: file}}},
		Passwords:      &Passwords{Schemes: []PasswordScheme{{Secret: file}}},
		Clients:        []Client{{ClientSecret: file}},
		UpstreamOAuth2: &UpstreamOAuth2{Providers: []UpstreamProvider{{ClientSecret: file}}},
		HTTP:           &HTTP{Listeners: []Listener{{TLS: &TLS{Password: file}}}},
	}
	before := c.Clone()
	got, problems := c.Inline(fsys)
	require.Empty(t, problems)
	require.True(t, c.Equal(before), "Inline changed its receiver")
	for path, v := range map[string]SecretValue{
		"matrix": got.Matrix.Secret, "database": got.Database.Password, "email": got.Email.Password, "client": got.Clients[0].ClientSecret, "provider": got.UpstreamOAuth2.Providers[0].ClientSecret,
	} {
		require.True(t, v.Inline.Equal(maskit.NewSecret("padded")), path)
		require.Empty(t, v.File, path)
	}
	for path, v := range map[string]SecretValue{
		"encryption": got.Secrets.Encryption, "key password": got.Secrets.Keys[0].Password, "pepper": got.Passwords.Schemes[0].Secret, "tls password": got.HTTP.Listeners[0].TLS.Password,
	} {
		require.True(t, v.Inline.Equal(maskit.NewSecret(content)), path)
	}
	require.True(t, got.Secrets.Keys[0].Key.Inline.Equal(maskit.NewSecret(pem)))
	require.Equal(t, TextValue{Inline: pem}, got.Database.SSLCA)
	require.True(t, got.Database.SSLKey.Inline.Equal(maskit.NewSecret("\x30\x82\n ")), "DER is binary")
}

func TestInlineKeysDir(t *testing.T) {
	t.Parallel()
	fsys := files("etc/keys/b.pem", "key b", "etc/keys/a.pem", "key a", "etc/keys/..data/c.pem", "key c", "k", "own")
	c := &Config{Secrets: Secrets{KeysDir: "/etc/keys/", Keys: []SigningKey{{Key: SecretValue{File: "k"}}}}}
	got, problems := c.Inline(fsys)
	require.Empty(t, problems)
	require.Empty(t, got.Secrets.KeysDir)
	var texts []string
	for _, k := range got.Secrets.Keys {
		texts = append(texts, k.Key.Inline.Reveal())
	}
	require.Equal(t, []string{"key a", "key b", "own"}, texts)
}

func TestInlineProblems(t *testing.T) {
	t.Parallel()
	fsys := files("dir/file", "x", "huge", strings.Repeat("x", 1<<20+1))
	secret := func(file string) *Config { return &Config{Matrix: Matrix{Secret: SecretValue{File: file}}} }
	cases := map[string]struct {
		config *Config
		files  fs.FS
		want   []string
	}{
		"missing":            {secret("/no"), fsys, []string{"file-missing matrix.secret_file"}},
		"a directory":        {secret("/dir"), fsys, []string{"file-is-directory matrix.secret_file"}},
		"both set":           {&Config{Matrix: Matrix{Secret: SecretValue{File: "/dir/file", Inline: maskit.NewSecret("x")}}}, fsys, []string{"both-set matrix.secret"}},
		"too large":          {secret("/huge"), fsys, []string{"file-too-large matrix.secret_file"}},
		"a URI":              {secret("file:///dir/file"), fsys, []string{"file-uri matrix.secret_file"}},
		"no files":           {secret("/dir/file"), nil, []string{"not-checked matrix.secret_file"}},
		"out of the root":    {secret("../../dir/file"), fsys, nil},
		"keys_dir missing":   {&Config{Secrets: Secrets{KeysDir: "/no"}}, fsys, []string{"file-missing secrets.keys_dir"}},
		"keys_dir a file":    {&Config{Secrets: Secrets{KeysDir: "/huge"}}, fsys, []string{"file-unreadable secrets.keys_dir"}},
		"keys_dir, no files": {&Config{Secrets: Secrets{KeysDir: "/dir"}}, nil, []string{"not-checked secrets.keys_dir"}},
		"keys_dir with huge": {&Config{Secrets: Secrets{KeysDir: "/"}}, files("huge", strings.Repeat("x", 1<<20+1)), []string{"file-too-large secrets.keys_dir"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := c.config.Inline(c.files)
			require.Equal(t, c.want, codesAndPaths(problems))
			require.Equal(t, c.want != nil, got.Equal(c.config), "what cannot be read stays a reference")
		})
	}
}

func TestInlineOfNothing(t *testing.T) {
	t.Parallel()
	got, problems := (*Config)(nil).Inline(fstest.MapFS{})
	require.Nil(t, got)
	require.Equal(t, []string{"required "}, codesAndPaths(problems))
}

func TestInlineKnowsWhereAKeyStood(t *testing.T) {
	t.Parallel()
	c, _ := parseText(t, "matrix:\n  secret_file: /no\n")
	_, problems := c.Inline(fstest.MapFS{})
	require.Equal(t, "config.yaml:2:3", problems[0].Pos.String())
}

// Whoever looks at the files from elsewhere has to know which one is meant.
func TestInlineNamesTheFile(t *testing.T) {
	t.Parallel()
	message := func(c *Config, fsys fs.FS) string {
		_, problems := c.Inline(fsys)
		return problems[0].Message
	}
	secret := func(file string) *Config { return &Config{Matrix: Matrix{Secret: SecretValue{File: file}}} }
	require.Equal(t, "/etc/mas/secret does not exist", message(secret("/etc/mas/secret"), files()))
	require.Equal(t, "etc/secret, taken from /, does not exist", message(secret("etc/secret"), files()))
	require.Equal(t, "/a cannot be read: permission denied", message(secret("/a"), deniedFS{files("a", "x")}))
	require.Equal(t, "/no does not exist", message(&Config{Secrets: Secrets{KeysDir: "/no"}}, files()))
}
