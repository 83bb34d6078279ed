package keycloaktest_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/live"
)

func updating() bool { return golden.Updating() }

// A file in testdata/rules is a conversation with the admin API: requests, and below each
// one what a real Keycloak 26.7.0 answered. Both that server and the fake have to say so.
//
//	POST /clients {"clientId":"one"} -> one     keep the id of what was made as {one}
//	GET /clients/{one} name attributes.x        show these fields only
//	GET //realms/nobody                         an address that is not in the realm
//	"(null)" is a field that is not there
//
// With -update the real server writes the answers.
func TestRulesOfTheServer(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rules/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			holdOnBoth(t, live.KeycloakCurrent, file)
			differOnBoth(t, file)
		})
	}
}

// Keycloak 26.0.8 does some things in another way.
func TestRulesOfTheOlderServer(t *testing.T) {
	holdOnBoth(t, live.KeycloakFloor, "testdata/rules-26.0/differences.txt")
}

func holdOnBoth(t *testing.T, version live.KeycloakVersion, file string) {
	t.Helper()
	if !updating() {
		t.Parallel()
	}
	script, err := os.ReadFile(file)
	require.NoError(t, err)
	onBothOf(t, version, nil, func(t *testing.T, s subject) {
		talk := conversation{subject: s, names: map[string]string{}}
		said := talk.hold(t, string(script))
		if updating() && s.fake == nil {
			require.NoError(t, os.WriteFile(file, []byte(said), 0o600))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		requireSame(t, strings.Split(string(want), "\n"), strings.Split(said, "\n"))
	})
}

// differOnBoth holds the conversation with Keycloak 26.0.8: the requests that have another
// answer there stand in a file of the same name in testdata/rules-26.0, which is missing if
// there are none.
func differOnBoth(t *testing.T, file string) {
	t.Helper()
	script, err := os.ReadFile(file)
	require.NoError(t, err)
	differences := filepath.Join("testdata", "rules-26.0", filepath.Base(file))
	t.Run(string(live.KeycloakFloor), func(t *testing.T) {
		onBothOf(t, live.KeycloakFloor, nil, func(t *testing.T, s subject) {
			talk := conversation{subject: s, names: map[string]string{}, lax: true}
			said := otherAnswers(string(script), talk.hold(t, string(script)))
			if updating() && s.fake == nil && said != "" {
				require.NoError(t, os.WriteFile(differences, []byte(said), 0o600))
			}
			want, err := os.ReadFile(differences)
			require.True(t, err == nil || said == "" && errors.Is(err, fs.ErrNotExist), "%v\n%s", err, said)
			requireSame(t, strings.Split(string(want), "\n"), strings.Split(said, "\n"))
		})
	})
}

// otherAnswers are the requests of a conversation that have another answer in another one.
func otherAnswers(one, other string) string {
	var out strings.Builder
	before, after := strings.Split(one, "\n"), strings.Split(other, "\n")
	for i := 1; i < min(len(before), len(after)); i++ {
		if before[i] != after[i] {
			fmt.Fprintf(&out, "%s\n%s\n", after[i-1], after[i])
		}
	}
	return out.String()
}

// requireSame compares line by line, so that a failure names the request.
func requireSame(t *testing.T, want, have []string) {
	t.Helper()
	var differ []string
	for i := range min(len(want), len(have)) {
		if want[i] != have[i] {
			differ = append(differ, fmt.Sprintf("%s\nwant %s\nhave %s\n", want[max(i-1, 0)], want[i], have[i]))
		}
	}
	require.Empty(t, strings.Join(differ, "\n"))
	require.Len(t, have, len(want))
}

// conversation is one with a server, and the ids that it gave.
type conversation struct {
	subject
	names map[string]string
	// lax conversations go on where a release makes nothing that has an id, or tells none.
	lax bool
}

var requestLine = regexp.MustCompile(`^(GET|POST|PUT|DELETE|PATCH) (\S+)(.*)$`)

// hold sends the requests of a script, and returns it with the answers.
func (c *conversation) hold(t *testing.T, script string) string {
	t.Helper()
	var out strings.Builder
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		case requestLine.MatchString(line):
			fmt.Fprintf(&out, "%s\n  %s\n", line, c.send(t, line))
		}
	}
	return out.String()
}

// send sends one request, and returns what was answered on one line.
func (c *conversation) send(t *testing.T, line string) string {
	t.Helper()
	line, name, _ := strings.Cut(line, " -> ")
	parts := requestLine.FindStringSubmatch(line)
	path, rest := "/admin/realms/"+c.realm+c.resolve(parts[2]), strings.TrimSpace(parts[3])
	if rest, absolute := strings.CutPrefix(parts[2], "//"); absolute {
		path = "/admin/" + rest
	} else if parts[2] == "/" {
		path = "/admin/realms/" + c.realm
	}
	var body string
	var show []string
	if strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, "[") {
		decoder := json.NewDecoder(strings.NewReader(c.resolve(rest)))
		var raw json.RawMessage
		if decoder.Decode(&raw) == nil {
			body = string(raw)
		} else {
			body = rest // broken on purpose
		}
	} else {
		show = strings.Fields(rest)
	}
	path = strings.ReplaceAll(path, " ", "%20")
	status, location, answer := c.raw(t, c.token(t), parts[1], path, "application/json", body)
	var value any
	if json.Unmarshal(answer, &value) != nil && len(answer) > 0 {
		value = string(answer)
	}
	if name != "" {
		c.keep(t, name, location, value)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, c.text(chosen(value, show))))
}

// keep gives a name to the id of what was made, or found.
func (c *conversation) keep(t *testing.T, name, location string, value any) {
	t.Helper()
	id := location[strings.LastIndexByte(location, '/')+1:]
	if list, ok := value.([]any); ok && len(list) == 1 {
		value = list[0]
	}
	if d, ok := value.(map[string]any); ok && id == "" {
		id, _ = d["id"].(string)
	}
	require.True(t, id != "" || c.lax, name)
	if id != "" {
		c.names[name] = id
	}
}

// resolve puts ids in the place of their names.
func (c *conversation) resolve(text string) string {
	for name, id := range c.names {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return strings.ReplaceAll(text, "{realm}", c.realm)
}

// chosen returns the fields that are asked for, of an object or of each of a list.
func chosen(value any, fields []string) any {
	if len(fields) == 0 {
		return value
	}
	switch v := value.(type) {
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, chosen(item, fields))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for _, field := range fields {
			out[field] = at(v, field)
		}
		return out
	}
	return value
}

// at finds a field by its path, of which the longest key comes first.
func at(d map[string]any, path string) any {
	if value, ok := d[path]; ok {
		return value
	}
	for i := len(path) - 1; i > 0; i-- {
		if inner, ok := d[path[:i]].(map[string]any); ok && path[i] == '.' {
			return at(inner, path[i+1:])
		}
	}
	return "(null)"
}

var generated = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`at line \d+ column \d+`), "at line L column C"},
	{regexp.MustCompile(`(Invalid sender address 'null'\.)[^"]*`), "$1"},
	{regexp.MustCompile(`(not marked as ignorable).*"}`), `$1"}`}, // the fields that there are
	{regexp.MustCompile(`\(class [a-z.]+\.(\w+)\)`), `(class $1)`},
	{regexp.MustCompile(`"[A-Za-z0-9]{86}"`), `"<secret>"`},
	{regexp.MustCompile(`("secret"|"value"):"[A-Za-z0-9]{32}"`), `$1:"<secret>"`},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<id>"},
	{regexp.MustCompile(`"(17|18|19)\d{8}"`), `"<time>"`},
	{regexp.MustCompile(`\b(17|18|19)\d{11}\b`), "<millis>"},
}

// text writes an answer on one line, with names in the place of what the server made up.
func (c *conversation) text(value any) string {
	if value == nil {
		return ""
	}
	raw, _ := json.Marshal(ordered(value))
	line := string(raw)
	for name, id := range c.names {
		line = strings.ReplaceAll(line, `"`+id+`"`, `"{`+name+`}"`)
	}
	line = strings.ReplaceAll(line, c.realm, "{realm}")
	for _, g := range generated {
		line = g.pattern.ReplaceAllString(line, g.name)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(line)
}

// ordered sorts lists whose order says nothing.
func ordered(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = ordered(inner)
			if text, ok := inner.(string); ok && key == "scope" {
				words := strings.Fields(text)
				slices.Sort(words)
				v[key] = strings.Join(words, " ")
			}
		}
	case []any:
		for i, inner := range v {
			v[i] = ordered(inner)
		}
		slices.SortStableFunc(v, func(a, b any) int { return strings.Compare(sortKey(a), sortKey(b)) })
	}
	return value
}

func sortKey(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any:
		if _, isRow := v["level"]; !isRow {
			name, _ := v["name"].(string)
			if mapper, ok := v["mapperName"].(string); ok {
				return mapper
			}
			return name
		}
	}
	return ""
}
