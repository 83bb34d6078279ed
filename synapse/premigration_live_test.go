package synapse_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// mergeBySynapse lets Synapse find and merge the files of each case, and PyYAML
// read the file that was made of them. Values become text that tells their types.
const mergeBySynapse = `
import contextlib, datetime, io, json, struct, sys, yaml
from synapse.config._base import find_config_files, read_config_files

def canon(v):
    if v is None: return "null"
    if isinstance(v, bool): return "bool " + str(v).lower()
    if isinstance(v, int): return "int " + str(v)
    if isinstance(v, float): return "float " + struct.pack(">d", v).hex()
    if isinstance(v, str): return "str " + v
    if isinstance(v, datetime.date): return "str " + str(v)
    if isinstance(v, list): return [canon(x) for x in v]
    if isinstance(v, dict): return {canon(k): canon(x) for k, x in v.items()}
    raise TypeError(type(v))

out = []
for case in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()):
        files = find_config_files(case["Paths"])
        original = read_config_files(files)
    with open(case["Merged"]) as f:
        merged = yaml.safe_load(f)
    out.append({"Files": files, "Original": canon(original), "Merged": canon(merged)})
json.dump(out, sys.stdout)
`

type mergeCase struct {
	name      string
	Paths     []string // as given to Synapse
	Merged    string
	data      []byte // of Merged
	files     []string
	problems  maskit.Problems
	providers []synapse.OIDCProvider
	refused   bool // by mas-cli
}

type mergeResult struct {
	Files            []string
	Original, Merged any
}

// TestPreMigrationSaysWhatSynapseReads compares the file with what the real
// Synapse reads from the originals, apart from what was adapted and reported, and
// with what a reader of YAML 1.2 sees.
func TestPreMigrationSaysWhatSynapseReads(t *testing.T) {
	t.Parallel()
	install := live.Synapse(t, live.SynapseCurrent)
	cases := mergeCases(t)
	for i, got := range askSynapse(t, install.Python, cases) {
		tc := cases[i]
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, tc.files, got.Files, "which files Synapse loads")
			var modern any
			require.NoError(t, yaml.Unmarshal(tc.data, &modern))
			require.Equal(t, got.Merged, canonical(modern), "a YAML 1.2 reader sees the same")
			for _, p := range tc.problems {
				switch p.Code {
				case "adapted":
					cut(got.Original, p.Path)
					cut(got.Merged, p.Path)
				case "databases":
					cut(got.Original, "database")
					cut(got.Merged, "database")
				}
			}
			require.Equal(t, got.Original, got.Merged)
		})
	}
}

func askSynapse(t *testing.T, python string, cases []mergeCase) []mergeResult {
	t.Helper()
	input, err := json.Marshal(cases)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), python, "-c", mergeBySynapse)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	output, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var results []mergeResult
	require.NoError(t, json.Unmarshal(output, &results))
	require.Len(t, results, len(cases))
	return results
}

// mergeCases writes the configurations of testdata/premigration, and odd ones, and
// makes a file of each.
func mergeCases(t *testing.T) []mergeCase {
	t.Helper()
	var cases []mergeCase
	paths, err := filepath.Glob("testdata/premigration/*.txtar")
	require.NoError(t, err)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		files := map[string]string{}
		for _, f := range preMigrationInput(archive) {
			files[f.Name] = string(f.Data)
		}
		cases = appendCase(t, cases, filepath.Base(path), files)
	}
	together := map[string]string{"homeserver.yaml": "server_name: a\nreport_stats: false\ndatabase: {name: psycopg2, args: {user: u}}\n"}
	for name, text := range oddities() {
		if !strings.Contains(name, " ") {
			together["conf.d/"+name+".yaml"] = text
		}
		cases = appendCase(t, cases, name, map[string]string{"homeserver.yaml": "server_name: a\nreport_stats: false\ndatabase: {name: psycopg2, args: {user: u}}\n" + text})
	}
	return appendCase(t, cases, "all together", together)
}

func appendCase(t *testing.T, cases []mergeCase, name string, files map[string]string) []mergeCase {
	t.Helper()
	dir := t.TempDir()
	tc := mergeCase{name: name, Paths: []string{filepath.Join(dir, "homeserver.yaml"), filepath.Join(dir, "conf.d")}, Merged: filepath.Join(dir, "merged")}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "conf.d"), 0o700))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	read, _, err := synapse.ReadFiles(os.DirFS(dir), "homeserver.yaml", "conf.d")
	require.NoError(t, err)
	for _, f := range read {
		tc.files = append(tc.files, filepath.Join(dir, f.Name))
	}
	legacy, problems := synapse.PreMigration(read)
	if legacy.File.Data == nil {
		require.Contains(t, name, "refused")
		return cases
	}
	tc.data, tc.problems, tc.providers = legacy.File.Data, problems, legacy.OIDC
	tc.refused = problemsOf(problems, "wrong-type", "required", "database-engine")
	require.NoError(t, os.WriteFile(tc.Merged, tc.data, 0o600))
	return append(cases, tc)
}

func problemsOf(problems maskit.Problems, codes ...string) bool {
	for _, p := range problems {
		for _, code := range codes {
			if p.Code == code {
				return true
			}
		}
	}
	return false
}

// oddities are values that readers of YAML 1.1 and 1.2 take for different ones, or
// that are hard to write.
func oddities() map[string]string {
	return map[string]string{
		"booleans":      "a: [on, off, yes, no, y, n, On, ON, true, \"on\", 'true', !!str on, !!bool \"yes\"]\non: 1\nyes: [no: x]\n",
		"numbers":       "a: [0644, 0o644, 0x1F, 0b101, 1_000, +7, -0, 010, 08, 1:30, 190:20:30, 12345678901234567890, -5]\n",
		"floats":        "a: [1.5, 1e3, 1.5e3, 1.5e+3, .5, 5., -1.25, 1.0, 1e300, 1.0e+300, 1.0e-7, 1:30.5, .inf, -.INF, 685_230.15, 0.1]\n",
		"nulls":         "a: [~, null, Null, NULL, '', \"~\", nul]\nb:\nc: ''\n~: x\n",
		"dates":         "a: [2001-12-14, '2001-12-14', 2001-1-1x]\n2002-01-01: x\n",
		"strings":       "a: |\n  two\n    lines\n\nb: >-\n  folded\n  text\nc: \"\\x07\\e\\u2028\\U0001F600 é\\ttab\\\\ \\\"\"\nd: 'it''s # no comment'\ne: \"- x: y\"\nf: '\u00a0nbsp\u200b'\ng: \"\\N\\_\\L\\P\\0\"\n",
		"keys":          "3: a\n2.5: b\n\"7\": c\n? \"a b\"\n: d\n'': e\n\"x: y\": f\n\"#\": g\nnull: h\nfoo.bar: i\nGroß: j\n? " + strings.Repeat("k", 1100) + "\n: l\nn:\n  - ? " + strings.Repeat("k", 1100) + "\n    : m\n",
		"aliases":       "a: &a {x: 1, y: [on]}\nb: *a\nc: {<<: *a, x: 2}\nd: {x: 3, <<: [{x: 9, z: 8}, *a]}\ne: [*a, *a]\n",
		"duplicates":    "a: 1\nb: {x: 1, x: 2}\na: 3\nserver_name: b\n",
		"empty":         "a: {}\nb: []\nc: [[], {}, [[]]]\nd: [[1, [2]], [{x: [{}]}]]\n",
		"null sections": "password_config:\noidc_providers:\noidc_config:\ncas_config: ~\nsaml2_config: false\njwt_config: {}\nlogin_via_existing_session: ''\nuser_consent:\nenable_3pid_changes:\nbcrypt_rounds:\npublic_baseurl:\n",
		"lax types": "allow_guest_access: ''\nenable_registration: \"off\"\nenable_registration_captcha: 0\nenable_3pid_changes: ''\n" +
			"password_config: {enabled: '', localdb_enabled: 1, pepper: }\nlogin_via_existing_session: {enabled: }\ncas_config: {enabled: 0, server_url: x}\n",
		"several databases": "database:\ndatabases: {b: {name: psycopg2, data_stores: [state], args: {user: x}}, a: {name: psycopg2, data_stores: [main], args: {user: y, port: '5433'}}}\n",
		"many providers": "oidc_providers:\n- {idp_id: a, idp_name: A, issuer: 'https://a.example', client_id: 'a'}\n" +
			"- idp_id: b\n  idp_name: B\n  issuer: https://b.example/\n  client_id: '12'\n  client_secret: '0644'\n  client_auth_method: client_secret_post\n  scopes: [openid, email]\n" +
			"  user_mapping_provider: {config: {subject_template: '{{ user.oid }}', display_name_template: '{{ user.name }}'}}\n  backchannel_logout_enabled: on\n" +
			"oidc_config: {enabled: yes, issuer: 'https://c.example', client_id: c, client_secret: s, skip_verification: true}\n",
	}
}

// canonical is what mergeBySynapse makes of a value.
func canonical(v any) any {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprintf("bool %t", v)
	case int, int64, uint64:
		return fmt.Sprintf("int %d", v)
	case float64:
		return fmt.Sprintf("float %016x", math.Float64bits(v))
	case string:
		return "str " + v
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = canonical(item)
		}
		return list
	case map[string]any:
		m := map[string]any{}
		for key, value := range v {
			m["str "+key] = canonical(value)
		}
		return m
	case map[any]any:
		m := map[string]any{}
		for key, value := range v {
			m[canonical(key).(string)] = canonical(value)
		}
		return m
	}
	return fmt.Sprintf("%T", v)
}

// cut removes what a path leads to.
func cut(v any, path string) {
	keys := strings.Split(strings.NewReplacer("[", ".[", "]", "").Replace(path), ".")
	for i, key := range keys {
		index, isIndex := strings.CutPrefix(key, "[")
		switch parent := v.(type) {
		case map[string]any:
			if i == len(keys)-1 {
				delete(parent, "str "+key)
			}
			v = parent["str "+key]
		case []any:
			n, err := strconv.Atoi(index)
			if !isIndex || err != nil || n >= len(parent) {
				return
			}
			v = parent[n]
		}
	}
}

// TestMASReadsThePreMigrationFile lets the real mas-cli read the file: it takes
// every one that has no error about types, and sees the same providers.
func TestMASReadsThePreMigrationFile(t *testing.T) {
	t.Parallel()
	mas := live.MASCLI(t)
	for _, tc := range mergeCases(t) {
		if !strings.Contains(tc.name, " ") && !strings.Contains(tc.name, ".txtar") {
			continue // "all together" has those, which are not about types
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "mas.yaml")
			result := mas.Run(t, "config", "generate", "--synapse-config", tc.Merged, "--output", out)
			require.Equal(t, tc.refused, result.Code != 0, "%s\n%s", tc.problems, result.Stderr)
			if tc.refused {
				return
			}
			require.Equal(t, describeProviders(tc.providers), generatedProviders(t, out))
		})
	}
}

func describeProviders(providers []synapse.OIDCProvider) map[string]string {
	described := map[string]string{}
	for _, p := range providers {
		described[p.SynapseIDPID] = strings.Join([]string{p.Issuer, p.ClientID, p.ClientSecret.Reveal()}, "|")
	}
	return described
}

func generatedProviders(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var config struct {
		Upstream struct {
			Providers []struct {
				ID     string `yaml:"synapse_idp_id"`
				Issuer string `yaml:"issuer"`
				Client string `yaml:"client_id"`
				Secret string `yaml:"client_secret"`
			} `yaml:"providers"`
		} `yaml:"upstream_oauth2"`
	}
	require.NoError(t, yaml.Unmarshal(data, &config))
	described := map[string]string{}
	for _, p := range config.Upstream.Providers {
		described[p.ID] = strings.Join([]string{p.Issuer, p.Client, p.Secret}, "|")
	}
	return described
}

// TestSyn2MASTakesThePreMigrationFile lets the real tool check the file against a
// database that the real Synapse made: server name, pepper and rounds must be what
// it reads from it.
func TestSyn2MASTakesThePreMigrationFile(t *testing.T) {
	t.Parallel()
	mas := live.MASCLI(t)
	install := live.Synapse(t, live.SynapseCurrent)
	generated := install.GenerateConfig(t, "example.com")
	data, err := os.ReadFile(generated.Path)
	require.NoError(t, err)
	synapseDB, masDB := live.Postgres(t), live.Postgres(t)
	text := usePostgres(t, string(data), synapseDB) + "password_config: {pepper: '0644'}\nbcrypt_rounds: 5\nenable_registration: 'no'\ncas_config:\n"
	require.NoError(t, os.WriteFile(generated.Path, []byte(text), 0o600))
	install.Start(t, synapseDB, generated.Path).Stop()

	legacy, problems := synapse.PreMigration(homeserver(text))
	require.NoError(t, problems.Err())
	require.Equal(t, "0644", legacy.Pepper.Reveal())
	merged, config := filepath.Join(generated.Dir, synapse.LegacyName), filepath.Join(generated.Dir, "mas.yaml")
	require.NoError(t, os.WriteFile(merged, legacy.File.Data, 0o600))
	made := mas.Run(t, "config", "generate", "--synapse-config", merged, "--output", config)
	require.Equal(t, 0, made.Code, made.Stderr)
	overlay := filepath.Join(generated.Dir, "database.yaml")
	require.NoError(t, os.WriteFile(overlay, []byte("database: {uri: \""+masDB.URI()+"\"}\n"), 0o600))

	checked := mas.Run(t, "syn2mas", "check", "--config", config, "--config", overlay, "--synapse-config", merged)
	require.Equal(t, 0, checked.Code, checked.Stderr)
	require.Contains(t, checked.Stdout, "no errors or warnings")
}
