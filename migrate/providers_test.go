package migrate_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
)

// counting is a source of bytes that is the same in every run.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.n++
		p[i] = c.n
	}
	return len(p), nil
}

func providersOf(t *testing.T, text string) []synapse.OIDCProvider {
	t.Helper()
	legacy, problems := synapse.PreMigration([]synapse.File{{Name: "homeserver.yaml", Data: []byte(text)}})
	require.NotEmpty(t, legacy.OIDC, problems.String())
	return legacy.OIDC
}

func TestConvertProvidersGolden(t *testing.T) {
	t.Parallel()
	golden.Archives(t, filepath.Join("testdata", "providers"), func(t *testing.T, archive *txtar.Archive) []txtar.File {
		input := archive.Files[0]
		entries, problems := migrate.ConvertProviders(providersOf(t, string(input.Data)), migrate.ProviderOptions{Rand: &counting{}})
		rendered, more := mas.Render(&mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: entries}}, mas.RenderOptions{Layout: mas.LayoutSingle})
		require.NoError(t, more.Err())
		require.Len(t, rendered.Files, 1)
		require.NotContains(t, problems.String(), "the private key")
		require.NotContains(t, problems.String(), "secret\n")
		return []txtar.File{
			input, {Name: "out/mas.yaml", Data: rendered.Files[0].Data()}, {Name: "out/problems", Data: []byte(problems.Sorted().String() + "\n")},
		}
	})
}

const oneProvider = `
server_name: example.com
database: {name: psycopg2, args: {database: synapse}}
oidc_providers:
  - idp_id: corp
    idp_name: Corporate
    issuer: %ISSUER%
    client_id: synapse
    client_secret: secret
    %MORE%
`

func converted(t *testing.T, issuer, more string, o migrate.ProviderOptions) (upstream.Entry, maskit.Problems) {
	t.Helper()
	text := strings.NewReplacer("%ISSUER%", issuer, "%MORE%", more).Replace(oneProvider)
	entries, problems := migrate.ConvertProviders(providersOf(t, text), o)
	require.Len(t, entries, 1)
	return entries[0], problems
}

func TestConvertProvidersKeepsGivenIDs(t *testing.T) {
	t.Parallel()
	const id = "01JQZ3V1Q1GWX4A0JZ6YB2C8HK"
	entry, problems := converted(t, "https://idp.example.com", "", migrate.ProviderOptions{IDs: map[string]maskit.ULID{"oidc-corp": id}})
	require.NoError(t, problems.Err())
	require.Equal(t, maskit.ULID(id), entry.ID)
	require.Equal(t, "oidc-corp", entry.SynapseIDPID)

	_, problems = converted(t, "https://idp.example.com", "", migrate.ProviderOptions{})
	require.ErrorContains(t, problems.Err(), "IDs[oidc-corp]")
	_, problems = converted(t, "https://idp.example.com", "", migrate.ProviderOptions{IDs: map[string]maskit.ULID{"oidc-corp": "x"}})
	require.ErrorContains(t, problems.Err(), "is not a ULID")
}

// The logins of people who are linked already, and of others, as upstream.Explain sees them.
func TestConvertedProvidersLetTheSamePeopleIn(t *testing.T) {
	t.Parallel()
	closed := "enable_registration: false\n    user_mapping_provider: {config: {localpart_template: '{{ user.preferred_username }}'}}"
	grouped := "attribute_requirements: [{attribute: groups, value: matrix}]\n    user_mapping_provider: {config: {subject_claim: uid, localpart_template: '{{ user.name }}'}}"
	tests := map[string]struct {
		more   string
		claims map[string]any
		linked bool
		status int
		want   string
	}{
		"closed, linked":         {closed, map[string]any{"sub": "1", "preferred_username": "alice"}, true, 0, "1"},
		"closed, new":            {closed, map[string]any{"sub": "2", "preferred_username": "bob"}, false, 500, "2"},
		"member":                 {grouped, map[string]any{"sub": "1", "uid": "u1", "name": "Alice", "groups": []any{"matrix"}}, false, 0, "u1"},
		"no member":              {grouped, map[string]any{"sub": "1", "uid": "u1", "name": "Alice", "groups": []any{"x"}}, false, 400, ""},
		"member without subject": {grouped, map[string]any{"sub": "1", "uid": nil, "name": "Alice", "groups": []any{"matrix"}}, false, 400, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry, problems := converted(t, "https://idp.example.com", test.more, migrate.ProviderOptions{Rand: &counting{}})
			require.NoError(t, problems.Err())
			explainer := upstream.Explainer{}
			if test.linked {
				explainer.Accounts = []upstream.Account{{Localpart: "alice", Subjects: []string{test.want}}}
			}
			explained, problems := explainer.Explain(entry, upstream.Claims{IDToken: test.claims})
			require.Equal(t, test.status, explained.Status, "%s\n%s", explained, problems)
			require.Equal(t, test.want, explained.Subject.Value)
		})
	}
}

func TestDiscoverIssuers(t *testing.T) {
	t.Parallel()
	answers := map[string]string{"/slash": `{"issuer": "ISSUER/slash/"}`, "/other": `{"issuer": "https://other.example.com"}`, "/none": `{}`}
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, known := answers[strings.TrimSuffix(r.URL.Path, "/.well-known/openid-configuration")]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(answer, "ISSUER", server.URL)))
	}))
	t.Cleanup(server.Close)
	tests := map[string]struct{ path, more, want, code string }{
		"a slash more":     {path: "/slash", want: server.URL + "/slash/"},
		"another issuer":   {path: "/other", want: "https://other.example.com", code: "issuer-differs"},
		"no metadata":      {path: "/none", code: "issuer-unchecked"},
		"not found":        {path: "/missing", code: "issuer-unchecked"},
		"without metadata": {path: "/missing", more: "discover: false\n    authorization_endpoint: https://a.example.com\n    token_endpoint: https://a.example.com\n    jwks_uri: https://a.example.com"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.NewReplacer("%ISSUER%", server.URL+test.path, "%MORE%", test.more).Replace(oneProvider)
			issuers, problems := migrate.DiscoverIssuers(t.Context(), providersOf(t, text), server.Client())
			require.Equal(t, test.want, issuers["oidc-corp"], problems.String())
			require.NoError(t, problems.Err())
			if test.code == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			require.Equal(t, test.code, problems[0].Code)
		})
	}
	entry, problems := converted(t, server.URL+"/slash", "", migrate.ProviderOptions{Rand: &counting{}, Issuers: map[string]string{"oidc-corp": server.URL + "/slash/"}})
	require.NoError(t, problems.Err())
	require.Equal(t, server.URL+"/slash/", entry.Issuer)
}

// The real MAS takes the entries, and the differences to its own conversion are those
// that are meant.
func TestLiveConvertedProvidersAgainstMAS(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	archive, err := txtar.ParseFile(filepath.Join("testdata", "providers", "vendors.txtar"))
	require.NoError(t, err)
	legacy, _ := synapse.PreMigration([]synapse.File{{Name: "homeserver.yaml", Data: archive.Files[0].Data}})
	dir := t.TempDir()
	merged, official := filepath.Join(dir, "synapse.yaml"), filepath.Join(dir, "official.yaml")
	require.NoError(t, os.WriteFile(merged, legacy.File.Data, 0o600))
	result := cli.Run(t, "config", "generate", "--synapse-config", merged, "--output", official)
	require.Equal(t, 0, result.Code, result.Stderr)

	theirs, _, err := mas.Parse(os.DirFS(dir), "official.yaml")
	require.NoError(t, err)
	ours, problems := migrate.ConvertProviders(legacy.OIDC, migrate.ProviderOptions{Rand: &counting{}})
	require.NoError(t, problems.Err())
	require.Equal(t, len(theirs.UpstreamOAuth2.Providers), len(ours))
	byName := map[string]mas.UpstreamProvider{}
	for _, p := range theirs.UpstreamOAuth2.Providers {
		byName[p.SynapseIDPID] = p
	}
	for i, p := range ours {
		official := byName[p.SynapseIDPID]
		require.Equal(t, official.Issuer, p.Issuer)
		require.Equal(t, cmp.Or(official.DiscoveryMode, mas.DiscoveryOIDC), p.DiscoveryMode)
		if legacy.OIDC[i].UserProfileMethod == "auto" {
			require.NotEqual(t, official.FetchUserinfo, p.FetchUserinfo, "%s: MAS 1.22 takes Synapse's auto for its opposite", p.SynapseIDPID)
		}
		require.NotEqual(t, cmp.Or(official.OnBackchannelLogout, mas.LogoutDoNothing), p.OnBackchannelLogout, "%s: MAS 1.22 mistakes back-channel logout", p.SynapseIDPID)
	}

	theirs.UpstreamOAuth2.Providers = ours
	rendered, problems := mas.Render(theirs, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(dir, "ours.yaml")
	data := strings.ReplaceAll(string(rendered.Files[0].Data()), "/run/secrets/github", path)
	data = strings.ReplaceAll(data, "/run/secrets/apple.p8", path)
	require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
	checked := cli.Run(t, "config", "check", "-c", path)
	require.Equal(t, 0, checked.Code, checked.Stderr)
}

func TestConvertedProvidersShowNoSecret(t *testing.T) {
	t.Parallel()
	entry, problems := converted(t, "https://idp.example.com", "", migrate.ProviderOptions{Rand: &counting{}})
	require.Equal(t, "secret", entry.ClientSecret.Inline.Reveal())
	data, err := json.Marshal(problems)
	require.NoError(t, err)
	require.NotContains(t, string(data)+problems.String(), "secret\"")
}
