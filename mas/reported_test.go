package mas

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// found lists "path code" of the errors.
func found(problems maskit.Problems) []string {
	out := []string{}
	for _, p := range problems.Only(maskit.SeverityError) {
		out = append(out, p.Path+" "+p.Code)
	}
	return out
}

// below keeps what stands below a path.
func below(lines []string, path string) []string {
	out := []string{}
	for _, line := range lines {
		if within(strings.Fields(line)[0], path) {
			out = append(out, line)
		}
	}
	return out
}

// What could not be read is not also missing.
func TestValidateDoesNotAskForWhatParseCouldNotRead(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text, path string
		want       []string // of Validate
	}{
		"an item":        {"upstream_oauth2: {providers: [keycloak]}", "upstream_oauth2", []string{}},
		"a section":      {"secrets: [a]", "secrets", []string{}},
		"a list":         {"upstream_oauth2: {providers: x}", "upstream_oauth2", []string{}},
		"a value":        {"secrets: {encryption: [a], keys: []}", "secrets.encryption", []string{}},
		"a file key":     {"secrets: {encryption_file: [a], keys: []}", "secrets.encryption", []string{}},
		"another item":   {"clients: [x, {client_id: 01J00000000000000000000001}]", "clients", []string{"clients[1].client_auth_method required"}},
		"a key too many": {"secrets: {encrypton: x, keys: []}", "secrets.encryption", []string{"secrets.encryption required"}},
		"set twice":      {"matrix: {homeserver: a}\nmatrix: {homeserver: b}", "matrix.secret", []string{"matrix.secret required"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, problems := parseText(t, tc.text)
			require.Error(t, problems.Err())
			require.Equal(t, tc.want, below(found(c.Validate(ValidateOptions{})), tc.path))
		})
	}
}

// What Parse has said is about the value that it has read.
func TestValidateReportsWhatIsWrongAnew(t *testing.T) {
	t.Parallel()
	const text = `matrix: {secret: "${SECRET}", kind: nonsense}
clients: [x]
secrets: {encryption: abc}
http: {trusted_proxies: ["${A}"], public_base: "${B}"}
`
	cases := map[string]struct {
		change func(*Config)
		want   []string
	}{
		"nothing":         {func(*Config) {}, []string{}},
		"another value":   {func(c *Config) { c.Matrix.Secret.Inline = maskit.NewSecret("${OTHER}") }, []string{"matrix.secret placeholder"}},
		"another enum":    {func(c *Config) { c.Matrix.Kind = "rubbish" }, []string{"matrix.kind unknown-value"}},
		"another key":     {func(c *Config) { c.Secrets.Encryption.Inline = maskit.NewSecret("xyz") }, []string{"secrets.encryption"}},
		"another item":    {func(c *Config) { c.HTTP.TrustedProxies[0] = "${C}" }, []string{"http.trusted_proxies[0] placeholder"}},
		"a half item":     {func(c *Config) { c.Clients[0].ClientID = testULID }, []string{"clients[0].client_auth_method required"}},
		"the same value":  {func(c *Config) { c.Matrix.Secret.Inline = maskit.NewSecret("${SECRET}") }, []string{}},
		"in another copy": {func(c *Config) { *c = *c.Clone() }, []string{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, problems := parseText(t, text)
			require.Error(t, problems.Err())
			before := found(c.Validate(ValidateOptions{}))
			tc.change(c)
			after := found(c.Validate(ValidateOptions{}))
			for _, line := range before {
				if i := slices.Index(after, line); i >= 0 {
					after = append(after[:i], after[i+1:]...)
				}
			}
			require.Len(t, after, len(tc.want), after)
			for i, want := range tc.want {
				require.True(t, strings.HasPrefix(after[i], want), after)
			}
		})
	}
}

// A file of one mistake over and over costs no more than it is worth.
func TestValidateIsBoundedByWhatItReports(t *testing.T) {
	t.Parallel()
	c, problems := parseText(t, "upstream_oauth2: {providers: ["+strings.Repeat("1,", 150_000)+"1]}")
	require.LessOrEqual(t, len(problems), 502)
	problems = c.Validate(ValidateOptions{})
	require.LessOrEqual(t, len(problems), 4*500+1)
	require.Len(t, problems.Only(maskit.SeverityError), 501)
	last := problems[len(problems)-1]
	require.Equal(t, "too-many-problems", last.Code)
	require.Contains(t, last.Message, "of severity error")
}

// Notes do not crowd out mistakes.
func TestValidateKeepsErrorsBesideManyNotes(t *testing.T) {
	t.Parallel()
	c := validConfig(t)
	c.Clients = nil
	for i := range 2000 {
		id := maskit.ULID(fmt.Sprintf("01J0000000000000000000%04d", i))
		c.Clients = append(c.Clients, Client{ClientID: id, ClientAuthMethod: AuthClientSecretBasic, ClientSecret: file("/a")})
	}
	c.Experimental = &Experimental{SessionLimit: &SessionLimit{}}
	problems := c.Validate(ValidateOptions{})
	require.Equal(t, []string{"experimental.session_limit.soft_limit required", "experimental.session_limit.hard_limit required"}, found(problems))
	require.Contains(t, problems.String(), "info: more problems, which are not shown: 1500 of severity info [too-many-problems]")
}
