package synapse_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// section is what Patch appends.
const section = `
# written by maskit: Synapse delegates authentication to MAS
matrix_authentication_service:
  enabled: true
  endpoint: "http://mas.matrix-auth.svc.cluster.local:8080/"
  secret_path: "/run/secrets/mas/shared-secret"
`

// realistic is the input and the output of the golden case of that name.
func realistic(t testing.TB) (in, out string) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/patch/realistic.txtar")
	require.NoError(t, err)
	for _, file := range archive.Files {
		switch file.Name {
		case "in/homeserver.yaml":
			in = string(file.Data)
		case "out/homeserver.yaml":
			out = string(file.Data)
		}
	}
	require.NotEmpty(t, in)
	require.NotEmpty(t, out)
	return in, out
}

func homeserver(text string) []synapse.File {
	return []synapse.File{{Name: "homeserver.yaml", Data: []byte(text)}}
}

func patch(t testing.TB, text string) synapse.Patched {
	t.Helper()
	patched, problems := delegate().Patch(homeserver(text))
	require.NoError(t, problems.Err())
	return patched
}

func TestPatchKeepsTheShapeOfTheFile(t *testing.T) {
	t.Parallel()
	in, out := realistic(t)
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for _, tc := range []struct{ name, in, want string }{
		{"CR LF", crlf(in), crlf(out)},
		{"BOM", "\ufeff" + in, "\ufeff" + out},
		{"no final newline", strings.TrimSuffix(in, "\n"), out},
		{"document markers", "---\n" + in + "...\n", "---\n" + out + "...\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, string(patch(t, tc.in).Files[0].Data))
		})
	}
}

func TestFilesThatNeedNoChangeAreReturnedAsTheyAre(t *testing.T) {
	t.Parallel()
	first := patch(t, "server_name: example.com\n")
	again, problems := delegate().Patch(first.Files)
	require.Empty(t, problems)
	require.Same(t, &first.Files[0].Data[0], &again.Files[0].Data[0])
	require.True(t, again.Changes.Empty())
}

func TestPatchIsTruthyAsPythonIs(t *testing.T) {
	t.Parallel()
	for value, conflicts := range map[string]bool{
		"true": true, "on": true, "Yes": true, "1": true, "0x10": true, `"false"`: true, "only_for_reauth": true, "[x]": true, "1:30": true,
		"false": false, "off": false, "No": false, "0": false, "0.0": false, "~": false, `""`: false, "[]": false, "{}": false, "": false,
	} {
		patched := patch(t, "password_config:\n  enabled: "+value+"\n  pepper: x\nserver_name: example.com\n")
		kept := strings.Contains(string(patched.Files[0].Data), "\n  enabled: "+value+"\n  pepper")
		require.Equal(t, conflicts, !kept, value)
	}
}

func TestRegistrationIsReadAsSynapseReadsIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text     string
		open     bool // Synapse would let people register
		unusable bool // Synapse would not start, whatever else there is
	}{
		{text: "enable_registration: true", open: true},
		{text: "enable_registration: 'T'", open: true},
		{text: "enable_registration: 1", open: true},
		{text: "enable_registration: \"on\"", open: true},
		{text: "enable_registration: off"},
		{text: "enable_registration: \"n\""},
		{text: "enable_registration: maybe", unusable: true},
		{text: "enable_registration: null", unusable: true},
		{text: "enable_registration: 2", unusable: true},
		{text: "disable_registration: false", open: true},
		{text: "disable_registration: \"no\"", open: true},
		{text: "disable_registration: true\nenable_registration: true"},
		{text: "disable_registration: false\nenable_registration: true", open: true},
		{text: "disable_registration: false\nenable_registration: false", open: true},
	} {
		patched, problems := delegate().Patch(homeserver("server_name: example.com\n" + tc.text + "\n"))
		require.NoError(t, problems.Err())
		require.Equal(t, !tc.open && !tc.unusable, len(patched.Changes) == 1, tc.text)
		require.Equal(t, tc.unusable, slices.ContainsFunc(delegate().Lint(homeserver("server_name: example.com\n"+tc.text+"\n")), func(p maskit.Problem) bool {
			return p.Code == "wrong-type"
		}), tc.text)
	}
}

func TestPatchRefuses(t *testing.T) {
	t.Parallel()
	good := homeserver("server_name: example.com\n")
	for _, tc := range []struct {
		name  string
		edit  func(*synapse.Delegate)
		files []synapse.File
		code  string
	}{
		{"no files", func(*synapse.Delegate) {}, nil, "no-files"},
		{"two files of one name", func(*synapse.Delegate) {}, append(good, good...), "duplicate-file"},
		{"no address of MAS", func(d *synapse.Delegate) { d.Site.MASURL = "" }, good, "required"},
		{"no path", func(d *synapse.Delegate) { d.SecretPath = "" }, good, "required"},
		{"relative path", func(d *synapse.Delegate) { d.SecretPath = "secret" }, good, "path-not-absolute"},
		{"line break in the path", func(d *synapse.Delegate) { d.SecretPath = "/a\nb" }, good, "path-invalid"},
		{"directory as the path", func(d *synapse.Delegate) { d.SecretPath = "/run/secrets/" }, good, "path-invalid"},
		{"old Synapse", func(d *synapse.Delegate) { d.SynapseVersion = maskit.Version{Major: 1, Minor: 135} }, good, "synapse-too-old"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := delegate()
			tc.edit(&d)
			patched, problems := d.Patch(tc.files)
			require.Empty(t, patched.Files)
			require.Len(t, problems, 1)
			require.Equal(t, tc.code, problems[0].Code)
		})
	}
}

// TestPatchReachesEarlierFiles: what a removed setting brings into force is removed too.
func TestPatchReachesEarlierFiles(t *testing.T) {
	t.Parallel()
	const text = "disable_registration: false\nenable_registration: true\n"
	files := []synapse.File{
		{Name: "a.yaml", Data: []byte("server_name: example.com\n" + text)},
		{Name: "b.yaml", Data: []byte(text)},
		{Name: "c.yaml", Data: []byte(text)},
	}
	d := delegate()
	d.Removal = synapse.RemovalDelete
	patched, problems := d.Patch(files)
	require.Empty(t, problems)
	require.Equal(t, "server_name: example.com\n"+section, string(patched.Files[0].Data))
	require.Empty(t, string(patched.Files[1].Data))
	require.Empty(t, string(patched.Files[2].Data))
	requireSecondPatchIsEmpty(t, d, patched, problems)
}

func TestServerNameMustBeThere(t *testing.T) {
	t.Parallel()
	patched, problems := delegate().Patch(homeserver("report_stats: false\n"))
	require.Len(t, problems, 1)
	require.Equal(t, "required", problems[0].Code)
	require.Equal(t, "report_stats: false\n"+section, string(patched.Files[0].Data))
}

func TestSecretsOfTheFileAreNeverShown(t *testing.T) {
	t.Parallel()
	text := `server_name: example.com
matrix_authentication_service: {enabled: false, secret: hunter2, secret_path: hunter2, endpoint: "http://mas/?token=hunter2", hunter: 2}
experimental_features: {msc3861: {client_secret: hunter2, admin_token: hunter2}}
oidc_config: {enabled: true, client_secret: hunter2}
user_consent: hunter2
session_lifetime: hunter2
jwt_config: {enabled: hunter2}
password_config: {enabled: true, pepper: hunter2}
`
	patched, problems := delegate().Patch(homeserver(text))
	require.NotEmpty(t, patched.Changes)
	requireHidden(t, patched.Changes)
	requireHidden(t, patched.Found)
	requireHidden(t, problems)
	withUser, problems := delegate().Patch(homeserver(strings.ReplaceAll(text, "http://mas/?token=hunter2", "http://u:hunter2@mas/")))
	requireHidden(t, withUser.Changes)
	requireHidden(t, problems)
	requireHidden(t, patched.Undo)
	requireHidden(t, struct{ U *synapse.Undo }{&patched.Undo})
	requireHidden(t, struct{ u synapse.Undo }{patched.Undo})
	require.NotContains(t, string(patched.Files[0].Data), " secret: hunter2")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		require.Equal(t, "homeserver.yaml (9 bytes)", fmt.Sprintf(verb, synapse.File{Name: "homeserver.yaml", Data: []byte("x: hunter")}))
	}
}

// requireHidden prints a value in every way; "hunter2" must not come out.
func requireHidden(t *testing.T, v any) {
	t.Helper()
	asJSON, err := json.Marshal(v)
	require.NoError(t, err)
	asYAML, err := yaml.Marshal(v)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	all := fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v) + string(asJSON) + string(asYAML) + log.String()
	require.NotContains(t, all, "hunter2")
	require.NotContains(t, all, "aHVudGVyM") // hunter2 in base 64
}

func TestSecretsNeverStayAsComments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"experimental_features:\n  msc3861:\n    admin_token: hunter2\n",
		"experimental_features:\n  msc3861: hunter2\n",
		"matrix_authentication_service:\n  secret: hunter2\n",
		"matrix_authentication_service:\n  secret: hunter2\n  secret: hunter2\n",
		"experimental_features:\n  msc3861:\n    admin_token: hunter2\n  msc3861:\n    enabled: true\n",
		"experimental_features:\n  msc3861:\n    admin_token: hunter2\n    admin_token:\n",
		"jwt_config:\n  enabled: true\n  secret: hunter2\n",
		"saml2_config:\n  sp_config:\n    key_file: /key\n    remote: \"https://u:hunter2@idp.example.com/\"\n",
		"user_consent: hunter2\n", "session_lifetime: hunter2\n", "password_config:\n  enabled: hunter2\n  pepper: p\n",
		"modules:\n- module: ldap_auth_provider.LdapAuthProviderModule\n  config:\n    bind_password: hunter2\n- module: a.B\n",
		"password_providers:\n- module: a.B\n  config: {db_dsn: \"user=a hunter2\"}\n",
		"experimental_features: {msc3861: {admin_token: hunter2}}\nexperimental_features: {msc3861: {enabled: true}}\n",
	} {
		patched := patch(t, "server_name: example.com\n"+text)
		require.NotContains(t, string(patched.Files[0].Data), "hunter2")
	}
}

func TestRevert(t *testing.T) {
	t.Parallel()
	files := []synapse.File{
		{Name: "a.yaml", Data: []byte("server_name: example.com\nenable_registration: yes")},
		{Name: "b.yaml", Data: []byte("report_stats: no\n")},
	}
	patched, problems := delegate().Patch(files)
	require.Empty(t, problems)
	stored := patched.Undo.Reveal()

	t.Run("restores every byte", func(t *testing.T) {
		t.Parallel()
		reverted, err := synapse.Revert(patched.Files, synapse.Undo{Secret: maskit.NewSecret(stored)})
		require.NoError(t, err)
		require.Equal(t, files, reverted)
	})
	t.Run("leaves files alone that the patch left alone", func(t *testing.T) {
		t.Parallel()
		changed := []synapse.File{patched.Files[0], {Name: "b.yaml", Data: []byte("report_stats: yes\n")}}
		reverted, err := synapse.Revert(changed, patched.Undo)
		require.NoError(t, err)
		require.Equal(t, []synapse.File{files[0], changed[1]}, reverted)
	})
	t.Run("takes back a patch that was written in part", func(t *testing.T) {
		t.Parallel()
		patched, problems := delegate().Patch([]synapse.File{files[0], {Name: "b.yaml", Data: []byte("enable_3pid_changes: yes\n")}})
		require.Empty(t, problems)
		originals := []synapse.File{files[0], {Name: "b.yaml", Data: []byte("enable_3pid_changes: yes\n")}}
		for _, written := range [][]synapse.File{{patched.Files[0], originals[1]}, {originals[0], patched.Files[1]}, originals} {
			reverted, err := synapse.Revert(written, patched.Undo)
			require.NoError(t, err)
			require.Equal(t, originals, reverted)
		}
	})
	t.Run("refuses a file that was changed since", func(t *testing.T) {
		t.Parallel()
		changed := []synapse.File{{Name: "a.yaml", Data: append([]byte("# mine\n"), patched.Files[0].Data...)}, patched.Files[1]}
		_, err := synapse.Revert(changed, patched.Undo)
		require.ErrorIs(t, err, maskit.ErrDrift)
	})
	t.Run("refuses without the file", func(t *testing.T) {
		t.Parallel()
		_, err := synapse.Revert(patched.Files[1:], patched.Undo)
		require.ErrorIs(t, err, maskit.ErrDrift)
	})
	t.Run("refuses what is no undo, without quoting it", func(t *testing.T) {
		t.Parallel()
		for _, stored := range []string{"hunter2", "[]", "null", `{"version":1,"files":[]}`, `{"version":2,"files":[{"name":"hunter2"}]}`} {
			_, err := synapse.Revert(patched.Files, synapse.Undo{Secret: maskit.NewSecret(stored)})
			require.ErrorIs(t, err, maskit.ErrInvalid, stored)
			require.NotContains(t, err.Error(), "hunter2")
		}
	})
	t.Run("does nothing by the zero value", func(t *testing.T) {
		t.Parallel()
		reverted, err := synapse.Revert(files, synapse.Undo{})
		require.NoError(t, err)
		require.Equal(t, files, reverted)
	})
}

// fragment is a piece of homeserver.yaml, and what Patch makes of it.
type fragment struct{ in, out string }

func fragments() []fragment {
	same := func(text string) fragment { return fragment{text, text} }
	return []fragment{
		same("# a comment: with [signs\n"), same("\n"), same("#\tä\n"), same("x-list:\n- 1\n- {a: b}\n"), same("x-text: |\n  enabled: true\n\n  more\n"),
		same("x-quoted: \"one\n  two\"   # three\n"), same("x-flow: {a: [1, 2],\n  b: c}\n"), same("x-anchor: &x {a: 1}\nx-alias: {<<: *x, b: *x}\n"),
		same("allow_guest_access: true\n"), same("sso:\n  update_profile_information: true\n"), same("x-null:\n"),
		{"enable_registration: on # open\n", "# commented out by maskit: MAS registers users\n# enable_registration: on # open\n"},
		{
			"password_config:\n  # ours\n  enabled: yes\n  pepper: p\n",
			"password_config:\n  # ours\n  # commented out by maskit: MAS checks passwords\n  # enabled: yes\n  pepper: p\n",
		},
		{
			"experimental_features:\n  msc3266_enabled: true\n  msc3861:\n    enabled: true\n    admin_token: t\n",
			"experimental_features:\n  msc3266_enabled: true\n",
		},
	}
}

// TestUntouchedLinesStayAsTheyAre shuffles fragments: each comes out as it must, whatever stands around it.
func TestUntouchedLinesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		newline := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline")
		in, out := "server_name: example.com\n", "server_name: example.com\n"
		for _, f := range rapid.Permutation(fragments()).Draw(t, "fragments")[:rapid.IntRange(0, len(fragments())).Draw(t, "n")] {
			in, out = in+f.in, out+f.out
		}
		if strings.HasSuffix(out, "\n\n") {
			out = strings.TrimSuffix(out, "\n")
		}
		patched, problems := delegate().Patch(homeserver(strings.ReplaceAll(in, "\n", newline)))
		require.NoError(t, problems.Err())
		require.Equal(t, strings.ReplaceAll(out+section, "\n", newline), string(patched.Files[0].Data))
	})
}

// requireDelegates merges the files as Synapse does, by another reader, and looks at the section.
func requireDelegates(t *testing.T, files []synapse.File) {
	t.Helper()
	var merged map[string]yaml.Node
	for _, file := range files {
		var one map[string]yaml.Node
		if yaml.Unmarshal(file.Data, &one) != nil {
			return // duplicate keys, or keys that are no strings
		}
		if merged == nil {
			merged = map[string]yaml.Node{}
		}
		for key, node := range one {
			merged[key] = node
		}
	}
	node := merged["matrix_authentication_service"]
	var got struct {
		Enabled  string `yaml:"enabled"`
		Endpoint string `yaml:"endpoint"`
		Path     string `yaml:"secret_path"`
		Secret   any    `yaml:"secret"`
	}
	require.NoError(t, node.Decode(&got))
	require.Contains(t, []string{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}, got.Enabled) // Synapse takes real booleans alone, and "y" is a string
	require.Equal(t, "http://mas.matrix-auth.svc.cluster.local:8080", strings.TrimSuffix(got.Endpoint, "/"))
	require.Equal(t, "/run/secrets/mas/shared-secret", got.Path)
	require.Nil(t, got.Secret)
}

func BenchmarkPatch(b *testing.B) {
	in, _ := realistic(b)
	var text strings.Builder
	text.WriteString(in)
	for line := strings.Count(in, "\n"); line < 3000; line += 6 {
		fmt.Fprintf(&text, "x-section-%d:\n  # A comment on the setting below, as they are in real files.\n  key: \"a value\"\n  list:\n    - 1\n    - {a: b, c: d}\n", line)
	}
	files := homeserver(text.String())
	b.ReportAllocs()
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, problems := delegate().Patch(files); problems.Err() != nil {
			b.Fatal(problems)
		}
	}
}
