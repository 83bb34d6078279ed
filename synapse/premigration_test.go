package synapse_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/yamledit"
	"github.com/maskit-dev/maskit/synapse"
)

// TestPreMigrationGolden runs each archive of testdata/premigration: the files
// in/* give the file for syn2mas, the typed values and the problems.
func TestPreMigrationGolden(t *testing.T) {
	t.Parallel()
	golden.Archives(t, "testdata/premigration", preMigrationArchive)
}

func preMigrationArchive(t *testing.T, archive *txtar.Archive) []txtar.File {
	t.Helper()
	var got []txtar.File
	for _, file := range archive.Files {
		if strings.HasPrefix(file.Name, "in/") {
			got = append(got, file)
		}
	}
	legacy, problems := synapse.PreMigration(preMigrationInput(archive))
	if legacy.File.Data != nil {
		values, err := json.MarshalIndent(legacy, "", "  ")
		require.NoError(t, err)
		got = append(got, txtar.File{Name: legacy.File.Name, Data: legacy.File.Data}, txtar.File{Name: "values.json", Data: append(values, '\n')})
	}
	if len(problems) > 0 {
		got = append(got, txtar.File{Name: "problems", Data: []byte(problems.String() + "\n")})
	}
	return got
}

// preMigrationInput is the files in/* of an archive.
func preMigrationInput(archive *txtar.Archive) []synapse.File {
	var files []synapse.File
	for _, file := range archive.Files {
		if name, ok := strings.CutPrefix(file.Name, "in/"); ok {
			files = append(files, synapse.File{Name: name, Data: file.Data})
		}
	}
	return files
}

// base is a configuration that has nothing to report.
const base = "server_name: example.com\ndatabase: {name: psycopg2, args: {user: synapse, host: db}}\n"

func TestPreMigrationReports(t *testing.T) {
	t.Parallel()
	const provider = "oidc_providers:\n- {idp_id: a, idp_name: A, issuer: 'https://a.example', client_id: a"
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"nothing":                         {"", nil},
		"guests":                          {"allow_guest_access: true", []string{"error guest-access allow_guest_access"}},
		"addresses":                       {"enable_3pid_changes: yes", []string{"error 3pid-changes enable_3pid_changes"}},
		"login tokens":                    {"login_via_existing_session: {enabled: true}", []string{"error login-via-existing-session login_via_existing_session.enabled"}},
		"registration":                    {"enable_registration: true", []string{"warning registration enable_registration"}},
		"the older switch":                {"enable_registration: false\ndisable_registration: no", []string{"warning registration disable_registration"}},
		"the older switch wins":           {"enable_registration: true\ndisable_registration: yes", nil},
		"no switch":                       {"enable_registration: perhaps", []string{"error wrong-type enable_registration"}},
		"a number that is no switch":      {"enable_registration: 1.0", []string{"error wrong-type enable_registration"}},
		"rounds":                          {"bcrypt_rounds: \"12\"", []string{"error wrong-type bcrypt_rounds", "info adapted bcrypt_rounds"}},
		"pepper":                          {"password_config: {pepper: 12345}", []string{"error wrong-type password_config.pepper", "info adapted password_config.pepper"}},
		"section that is none":            {"password_config: [x]", []string{"error wrong-type password_config"}},
		"SAML":                            {"saml2_config: {sp_config: {x: y}}", []string{"warning saml saml2_config"}},
		"SAML with nothing in it":         {"saml2_config: {enabled: true}", nil},
		"SAML switched off":               {"saml2_config: {enabled: false, sp_config: {x: y}}", nil},
		"CAS":                             {"cas_config: {server_url: x}", []string{"warning cas cas_config"}},
		"CAS switched off":                {"cas_config: {server_url: x, enabled: false}", nil},
		"JWT":                             {"jwt_config: {enabled: true}", []string{"warning jwt jwt_config"}},
		"JWT switched off":                {"jwt_config: {secret: x}", nil},
		"LDAP":                            {"ldap_config: {enabled: true}", []string{"warning password-provider ldap_config"}},
		"password providers":              {"password_providers: [{module: x}]", []string{"warning password-provider password_providers"}},
		"delegated":                       {"matrix_authentication_service: {enabled: true}", []string{"warning already-delegated matrix_authentication_service"}},
		"delegated before 1.157":          {"experimental_features: {msc3861: {enabled: true}}", []string{"warning already-delegated experimental_features.msc3861"}},
		"not delegated yet":               {"matrix_authentication_service: {enabled: false}", nil},
		"SQLite":                          {"database: {name: sqlite3, args: {database: /x.db}}", []string{"error database-sqlite database"}},
		"SQLite of old":                   {"database:\ndatabase_path: /x.db", []string{"error database-sqlite database_path", "info adapted database"}},
		"no database":                     {"database:", []string{"error required database", "info adapted database"}},
		"an unknown database":             {"database: {name: mysql}", []string{"error database-engine database"}},
		"several databases":               {"database: {}\ndatabases: {a: {name: psycopg2, args: {user: x}}}", []string{"info databases databases"}},
		"several databases, none of main": {"database: {}\ndatabases: {a: {name: psycopg2, data_stores: [state]}}", []string{"error database-main databases"}},
		"two names of the database":       {"database: {name: psycopg2, args: {dbname: a, database: b}}", []string{"error exclusive database.args.database"}},
		"a password file":                 {"database: {name: psycopg2, args: {passfile: /x, cp_max: 5}}", []string{"warning database-argument database.args.passfile"}},
		"several hosts":                   {"database: {name: psycopg2, args: {host: 'a,b'}}", []string{"error database-hosts database.args.host"}},
		"several ports":                   {"database: {name: psycopg2, args: {port: '1,2'}}", []string{"error wrong-type database.args.port"}},
		"no server name":                  {"server_name:", []string{"error required server_name"}},
		"no address":                      {"public_baseurl: matrix.example.com", []string{"error wrong-type public_baseurl"}},
		"both captcha keys":               {"enable_registration_captcha: true\nrecaptcha_private_key: k\nrecaptcha_private_key_path: /k", []string{"error exclusive recaptcha_private_key_path", "warning captcha enable_registration_captcha"}},
		"a provider":                      {provider + "}", nil},
		"no issuer":                       {"oidc_providers: [{idp_id: a, client_id: c}]", []string{"error required oidc_providers[0].issuer"}},
		"both secrets":                    {provider + ", client_secret: s, client_secret_path: /s}", []string{"error exclusive oidc_providers[0].client_secret_path"}},
		"no secret":                       {provider + ", client_auth_method: client_secret_post}", []string{"error secret-missing oidc_providers[0].client_auth_method"}},
		"a number for a secret":           {provider + ", client_secret: 12345}", []string{"error wrong-type oidc_providers[0].client_secret", "info adapted oidc_providers[0].client_secret"}},
		"the same id twice":               {provider + "}\n- {idp_id: a, issuer: 'https://b.example', client_id: b}", []string{"error duplicate-idp-id oidc_providers[1]"}},
		"no endpoints":                    {provider + ", discover: false}", []string{"error endpoints-missing oidc_providers[0].discover"}},
		"an endpoint that is none":        {provider + ", token_endpoint: /token}", []string{"error wrong-type oidc_providers[0].token_endpoint"}},
		"lax checks":                      {provider + ", skip_verification: true}", []string{"warning skip-verification oidc_providers[0].skip_verification"}},
		"a picture":                       {provider + ", user_mapping_provider: {config: {picture_claim: p}}}", []string{"info picture oidc_providers[0].user_mapping_provider.config.picture_claim"}},
		"a module":                        {provider + ", user_mapping_provider: {module: x.Y}}", []string{"warning mapping-module oidc_providers[0].user_mapping_provider.module"}},
		"the older name of the module":    {provider + ", user_mapping_provider: {module: synapse.handlers.oidc_handler.JinjaOidcMappingProvider}}", nil},
		"a provider that is off":          {"oidc_config: {enabled: false, issuer: 'https://a.example', client_id: a}", []string{"info oidc-disabled oidc_config"}},
		"deep":                            {"x: " + strings.Repeat("[", 120) + strings.Repeat("]", 120), []string{"error too-deep x" + strings.Repeat("[0]", 100)}},
		"a bomb":                          {bomb(), []string{"error too-large "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []synapse.File{{Name: "homeserver.yaml", Data: []byte(base)}, {Name: "more.yaml", Data: []byte(tc.text + "\n")}}
			legacy, problems := synapse.PreMigration(files)
			require.Equal(t, tc.want, findings(problems))
			for _, p := range problems {
				require.True(t, p.Hint != "" || p.Severity == maskit.SeverityInfo, "no fix: %s", p)
			}
			if legacy.File.Data != nil {
				again, _ := synapse.PreMigration([]synapse.File{legacy.File})
				require.Equal(t, string(legacy.File.Data), string(again.File.Data), "the file of the file is the same")
			}
		})
	}
}

// bomb is a short text that stands for 10^9 values.
func bomb() string {
	text := "a0: &a0 [x]\n"
	for i := range 9 {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return text
}

func TestPreMigrationTellsDefaultsApart(t *testing.T) {
	t.Parallel()
	text := base + "oidc_providers:\n- {idp_id: a, issuer: 'https://a.example', client_id: a, client_secret: s, scopes: [openid], user_mapping_provider: {config: {localpart_template: x}}}\n"
	legacy, problems := synapse.PreMigration(homeserver(text))
	require.Empty(t, problems)
	require.Len(t, legacy.OIDC, 1)
	p := legacy.OIDC[0]
	require.Equal(t, "https://example.com/", legacy.PublicBaseURL)
	require.Equal(t, 12, legacy.BcryptRounds)
	require.Equal(t, synapse.PasswordsForLogin, legacy.Passwords)
	require.True(t, legacy.Pepper.IsZero())
	for key, isDefault := range map[string]bool{
		"scopes": false, "idp_name": true, "pkce_method": true, "client_auth_method": true, "issuer": false, "discover": true,
		"user_mapping_provider.module": true, "user_mapping_provider.config.localpart_template": false, "user_mapping_provider.config.subject_template": true,
	} {
		require.Equal(t, isDefault, p.IsDefault(key), key)
	}
	require.Equal(t, []any{"client_secret_basic", "auto", true, "OIDC"}, []any{p.AuthMethod, p.PKCE, p.Discover, p.Name})
	require.Equal(t, synapse.Template{Text: "x"}, p.Mapping.Localpart)
}

// TestPreMigrationShowsNoSecret prints everything in every way but the file itself.
func TestPreMigrationShowsNoSecret(t *testing.T) {
	t.Parallel()
	text := `server_name: example.com
database: {name: psycopg2, args: {password: hidden1, dsn: "host=x password=hidden2", port: hidden3, sslpassword: hidden4}}
password_config: {pepper: hidden5, enabled: hidden6}
oidc_providers: [{issuer: x, client_id: c, client_secret: hidden7, discover: hidden8, client_secret_jwt_key: {key: hidden9}}]
recaptcha_private_key: hidden10
enable_registration_captcha: true
enable_registration: hidden11
bcrypt_rounds: hidden12
x: !!int hidden13
`
	for _, text := range []string{text, strings.Replace(text, "x: !!int", "x:", 1)} {
		legacy, problems := synapse.PreMigration(homeserver(text))
		values, err := json.Marshal(legacy)
		require.NoError(t, err)
		shown, err := json.Marshal(problems)
		require.NoError(t, err)
		for _, out := range []string{string(values), string(shown), problems.String(), fmt.Sprintf("%v %+v %#v", legacy, legacy, legacy)} {
			require.NotContains(t, out, "hidden")
		}
	}
}

// FuzzPreMigration: nothing panics; the file says the same when it is read again,
// by YAML 1.1 and by YAML 1.2.
func FuzzPreMigration(f *testing.F) {
	for _, text := range oddities() {
		f.Add([]byte(base + text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		legacy, problems := synapse.PreMigration(homeserver(string(data)))
		if legacy.File.Data == nil {
			require.Error(t, problems.Err())
			return
		}
		again, problems := synapse.PreMigration([]synapse.File{legacy.File})
		require.NotNil(t, again.File.Data, "%s", problems)
		require.Equal(t, string(legacy.File.Data), string(again.File.Data))
		var modern yaml.Node
		require.NoError(t, yaml.Unmarshal(legacy.File.Data, &modern))
		requireSameByBoth(t, &modern)
	})
}

// requireSameByBoth looks at every scalar: YAML 1.1 and YAML 1.2 agree on its type.
func requireSameByBoth(t *testing.T, n *yaml.Node) {
	t.Helper()
	if n.Kind == yaml.ScalarNode {
		kinds := map[string]yamledit.Kind{
			"!!null": yamledit.KindNull, "!!bool": yamledit.KindBool, "!!int": yamledit.KindInt, "!!float": yamledit.KindFloat, "!!str": yamledit.KindString,
		}
		kind := yamledit.Resolve(n).Kind
		isLarge := kind == yamledit.KindInt && len(n.Value) > 18 // yaml.v3 makes floats of them
		require.True(t, isLarge || kinds[n.ShortTag()] == kind, "%q", n.Value)
	}
	for _, child := range n.Content {
		requireSameByBoth(t, child)
	}
}
