package mas_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/proc"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/keys"
)

// stage is where the real MAS meets a mistake.
type stage string

const (
	atCheck stage = "config check" // refused by "mas-cli config check"
	atBoot  stage = "boot"         // passes the check, and stops the server at start
	atUse   stage = "use"          // the server starts and answers /health; what is wrong shows later, or never
	hangs   stage = "hang"         // the server starts, and /health never answers
)

// mistake is one row: what is changed in a good configuration, what the real MAS
// does about it, and what we say.
type mistake struct {
	name   string
	change change
	stage  stage
	says   string // a part of what MAS prints; empty where it prints nothing
	path   string // where we report it
	code   string // as what
	warns  bool   // as a warning instead of an error
}

// sandbox is a directory with a configuration that the real MAS accepts.
type sandbox struct {
	t      *testing.T
	dir    string
	doc    map[string]any
	second map[string]any // another file, merged over the first
	suffix string         // text at the end of the first file
	health int
}

// change makes a mistake.
type change func(*sandbox)

// liveMAS is the installed MAS, and what all rows share.
type liveMAS struct {
	*live.MAS
	db live.DB
	// keys of every run are made once: an RSA key takes a while.
	rsaKey, ecKey keys.SigningKey
}

func newLiveMAS(t *testing.T) *liveMAS {
	t.Helper()
	m := &liveMAS{MAS: live.MASCLI(t), db: live.Postgres(t)}
	var err error
	m.rsaKey, err = keys.Generate(keys.RSA)
	require.NoError(t, err)
	m.ecKey, err = keys.Generate(keys.P256)
	require.NoError(t, err)
	good := m.sandbox(t)
	require.Empty(t, good.problems().Only(maskit.SeverityError).String())
	up, log := m.boot(good) // migrates the database for all
	require.True(t, up, log)
	return m
}

// sandbox makes a good configuration.
func (m *liveMAS) sandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: t.TempDir(), health: live.FreePort(t)}
	require.NoError(t, os.Symlink(m.Share, filepath.Join(s.dir, "share"))) // where a release build looks for its data
	public := live.FreePort(t)
	base := fmt.Sprintf("http://127.0.0.1:%d/", public)
	resources := func(names ...string) []any {
		var out []any
		for _, name := range names {
			out = append(out, map[string]any{"name": name})
		}
		return out
	}
	s.doc = map[string]any{
		"http": map[string]any{
			"public_base": base, "trusted_proxies": []any{"127.0.0.1/8"},
			"listeners": []any{
				map[string]any{
					"name": "web", "resources": resources("discovery", "human", "oauth", "compat", "graphql", "assets"),
					"binds": []any{map[string]any{"address": fmt.Sprintf("127.0.0.1:%d", public)}},
				},
				map[string]any{
					"name": "internal", "resources": resources("health"),
					"binds": []any{map[string]any{"host": "127.0.0.1", "port": s.health}},
				},
			},
		},
		"database": map[string]any{"uri": m.db.URI(), "max_connections": 4, "connect_timeout": 20},
		"matrix":   map[string]any{"homeserver": "example.com", "secret": strings.Repeat("s", 32), "endpoint": "http://127.0.0.1:1/"},
		"secrets": map[string]any{
			"encryption": strings.Repeat("ab", 32),
			"keys": []any{
				map[string]any{"key": m.rsaKey.PEM().Reveal()},
				map[string]any{"kid": "ec", "key": m.ecKey.PEM().Reveal()},
			},
		},
		"passwords": map[string]any{"schemes": []any{map[string]any{"version": 1, "algorithm": "argon2id"}}},
		"email":     map[string]any{"transport": "blackhole"},
		"upstream_oauth2": map[string]any{"providers": []any{map[string]any{
			"id": "01J00000000000000000000001", "issuer": "https://127.0.0.1:1/", "client_id": "mas", "client_secret": "provider-secret",
			"token_endpoint_auth_method": "client_secret_basic", "scope": "openid email", "claims_imports": map[string]any{
				"localpart": map[string]any{"action": "require", "template": "{{ user.preferred_username or '' }}"},
			},
		}}},
		"clients": []any{map[string]any{
			"client_id": "01J00000000000000000000002", "client_auth_method": "client_secret_basic", "client_secret": "client-secret",
		}},
	}
	return s
}

// configs writes the files and returns their names.
func (s *sandbox) configs() []string {
	s.t.Helper()
	write := func(name string, doc map[string]any, suffix string) string {
		data, err := yaml.Marshal(doc)
		require.NoError(s.t, err)
		return s.write(name, string(data)+suffix)
	}
	names := []string{write("config.yaml", s.doc, s.suffix)}
	if s.second != nil {
		names = append(names, write("second.yaml", s.second, ""))
	}
	return names
}

// write puts a file into the sandbox and returns its absolute name.
func (s *sandbox) write(name, content string) string {
	s.t.Helper()
	full := filepath.Join(s.dir, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(full), 0o700))
	require.NoError(s.t, os.WriteFile(full, []byte(content), 0o600))
	return full
}

// problems is what we have to say about the files.
func (s *sandbox) problems() maskit.Problems {
	s.t.Helper()
	var names []string
	for _, name := range s.configs() {
		names = append(names, strings.TrimPrefix(name, "/"))
	}
	root := os.DirFS("/")
	config, problems, err := mas.Parse(root, names...)
	require.NoError(s.t, err)
	return append(problems, config.Validate(mas.ValidateOptions{FS: root})...)
}

// args appends the files to a command.
func (s *sandbox) args(command ...string) []string {
	for _, name := range s.configs() {
		command = append(command, "--config", name)
	}
	return command
}

// spec runs mas-cli in the sandbox, with nothing in the environment that it would
// take for configuration, and without backtraces.
func (m *liveMAS) spec(s *sandbox, command ...string) proc.Spec {
	return proc.Spec{
		Name: "mas-cli", Path: m.Binary, Args: s.args(command...), Dir: s.dir,
		Environ: []string{"PATH=" + os.Getenv("PATH"), "RUST_BACKTRACE=0", "NO_COLOR=1"},
		Log:     filepath.Join(s.t.TempDir(), "mas.log"), Grace: time.Second,
	}
}

// check runs "config check".
func (m *liveMAS) check(s *sandbox) (ok bool, log string) {
	s.t.Helper()
	process, err := proc.Start(m.spec(s, "config", "check"))
	require.NoError(s.t, err)
	return process.ExitCode() == 0, process.Log()
}

// boot starts a server and says whether it became healthy. Of one that has no way
// of being healthy, the log says whether it runs.
func (m *liveMAS) boot(s *sandbox) (up bool, log string) {
	s.t.Helper()
	process, err := proc.Start(m.spec(s, "server"))
	require.NoError(s.t, err)
	defer process.Stop()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	err = process.Await(ctx, proc.HTTPReady(fmt.Sprintf("http://127.0.0.1:%d/health", s.health)))
	return err == nil, process.Log()
}

// runs starts a server that serves no health and says whether it still runs
// after what every start does in about a second.
func (m *liveMAS) runs(s *sandbox) (up bool, log string) {
	s.t.Helper()
	process, err := proc.Start(m.spec(s, "server"))
	require.NoError(s.t, err)
	defer process.Kill()
	select {
	case <-process.Done():
		return false, process.Log()
	case <-time.After(6 * time.Second):
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
	defer cancel()
	require.Error(s.t, process.Await(ctx, proc.HTTPReady(fmt.Sprintf("http://127.0.0.1:%d/health", s.health))), "MAS is healthy after all")
	return true, process.Log()
}

// TestLiveMistakes asserts, for every mistake, at which stage the real MAS meets
// it, and that we report it without starting anything.
func TestLiveMistakes(t *testing.T) {
	t.Parallel()
	m := newLiveMAS(t)
	for name, rows := range map[string][]mistake{"unknown keys": unknownKeys(), "policy data": policyData(), "stricter": stricter()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m.assertLetsPass(t, rows)
		})
	}
	for _, rows := range [][]mistake{
		wrongValues(), secretMistakes(), fileMistakes(), keyMistakes(m), listenerMistakes(), tlsMistakes(m),
		addressMistakes(), upstreamMistakes(m), clientMistakes(), mailMistakes(), passwordMistakes(), rateMistakes(), policyMistakes(),
		databaseMistakes(), otherMistakes(), severalFiles(),
	} {
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				s := m.sandbox(t)
				row.change(s)
				m.assertStage(s, row)
				row.assertReported(t, s.problems())
			})
		}
	}
}

// assertLetsPass asserts that the real MAS starts with all of the mistakes at once: it
// ignores them, and each start takes a second.
func (m *liveMAS) assertLetsPass(t *testing.T, rows []mistake) {
	t.Helper()
	s := m.sandbox(t)
	for _, row := range rows {
		require.Equal(t, atUse, row.stage, row.name)
		row.change(s)
	}
	m.assertStage(s, mistake{stage: atUse})
	problems := s.problems()
	for _, row := range rows {
		row.assertReported(t, problems)
	}
}

func (m *liveMAS) assertStage(s *sandbox, row mistake) {
	s.t.Helper()
	ok, log := m.check(s)
	require.Equal(s.t, row.stage != atCheck, ok, "config check: %s", log)
	if row.stage != atCheck {
		start := m.boot
		if row.stage == hangs {
			start = m.runs
		}
		ok, log = start(s)
		require.Equal(s.t, row.stage != atBoot, ok, "server: %s", log)
	}
	require.Contains(s.t, plain(log), row.says)
}

// plain drops the colours of a log.
func plain(log string) string { return regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(log, "") }

func (row mistake) assertReported(t *testing.T, problems maskit.Problems) {
	t.Helper()
	want := maskit.SeverityError
	if row.warns {
		want = maskit.SeverityWarning
	}
	for _, p := range problems {
		if p.Path == row.path && p.Code == row.code {
			require.Equal(t, want, p.Severity)
			require.NotEmpty(t, p.Pos.File, "the position is known")
			return
		}
	}
	require.Fail(t, "we do not report it", "want %s [%s], have\n%s", row.path, row.code, problems)
}

// TestLiveAccepted asserts that the real MAS serves what we have nothing against.
func TestLiveAccepted(t *testing.T) {
	t.Parallel()
	m := newLiveMAS(t)
	for name, make := range acceptable(m) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := m.sandbox(t)
			make(s)
			require.Empty(t, s.problems().Only(maskit.SeverityError).String())
			ok, log := m.check(s)
			require.True(t, ok, log)
			ok, log = m.boot(s)
			require.True(t, ok, log)
		})
	}
}

// set changes one value, by its YAML path; the value nil removes the key. Lists grow
// by the index behind their end.
func set(path string, value any) change {
	return func(s *sandbox) {
		s.t.Helper()
		s.doc = setIn(s.doc, strings.Split(strings.ReplaceAll(path, "[", ".["), "."), value).(map[string]any)
	}
}

// all makes several changes.
func all(changes ...change) change {
	return func(s *sandbox) {
		for _, change := range changes {
			change(s)
		}
	}
}

// setIn returns the node with the value at the path.
func setIn(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if index, ok := strings.CutPrefix(path[0], "["); ok {
		i, _ := strconv.Atoi(strings.TrimSuffix(index, "]"))
		list, _ := node.([]any)
		if i == len(list) {
			list = append(list, nil)
		}
		list[i] = setIn(list[i], path[1:], value)
		return list
	}
	fields, _ := node.(map[string]any)
	if fields == nil {
		fields = map[string]any{}
	}
	if len(path) == 1 && value == nil {
		delete(fields, path[0])
		return fields
	}
	fields[path[0]] = setIn(fields[path[0]], path[1:], value)
	return fields
}

// inFile writes a file and sets a key to its name.
func inFile(path, content string) change {
	return func(s *sandbox) {
		s.t.Helper()
		set(path, s.write("files/"+strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(path), content))(s)
	}
}
