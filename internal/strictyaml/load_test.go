package strictyaml_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// bomb is a document of a few hundred bytes that is a billion values when expanded.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for _, level := range []string{"0 1", "1 2", "2 3", "3 4", "4 5", "5 6", "6 7", "7 8"} {
		below, above, _ := strings.Cut(level, " ")
		b.WriteString("a" + above + ": &a" + above + " [" + strings.TrimSuffix(strings.Repeat("*a"+below+", ", 10), ", ") + "]\n")
	}
	return b.String()
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		code string
		line int
	}{
		"a file that is too large":       {strings.Repeat("a", strictyaml.MaxBytes+1), "too-large", 0},
		"a huge scalar":                  {"a: " + strings.Repeat("a", 100<<20), "too-large", 0},
		"text that is not UTF-8":         {"a: \xff\n", "not-utf8", 0},
		"UTF-16":                         {"\xff\xfea\x00:\x00 \x00b\x00", "not-utf8", 0},
		"a tab as indentation":           {"a:\n\tb: 1\n", "yaml-syntax", 2},
		"a second document":              {"a: 1\n---\nb: 2\n", "multi-document", 1},
		"a second document that is bad":  {"a: 1\n---\nb: [\n", "yaml-syntax", 3},
		"a list":                         {"- a\n", "not-a-mapping", 1},
		"a scalar":                       {"hunter2\n", "not-a-mapping", 1},
		"a null":                         {"~\n", "not-a-mapping", 1},
		"an expanding bomb":              {bomb(), "too-many-values", 6},
		"many values":                    {"a: [" + strings.Repeat("1,", strictyaml.MaxNodes) + "1]\n", "too-many-values", 1},
		"deep flow nesting":              {"a: " + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "\n", "too-deep", 1},
		"nesting beyond the parser":      {"a: " + strings.Repeat("[", 100_000), "yaml-syntax", 0},
		"a cycle":                        {"a: &a [*a]\n", "alias-cycle", 1},
		"a cycle through a mapping":      {"a: &a\n  b: *a\n", "alias-cycle", 2},
		"an unquoted value with a colon": {"a: b: c\n", "yaml-syntax", 1},
		"an unknown anchor":              {"b: 1\na: *hunter2\n", "yaml-syntax", 2},
		"a quote that is not closed":     {"a: \"b\n", "yaml-syntax", 0},
		"a key that is a list":           {"? [a]\n: b\n", "key-not-text", 1},
		"a key that is an alias":         {"a: &x b\n*x : c\n", "key-not-text", 2},
		"a byte order mark":              {"\ufeffa: b\n", "byte-order-mark", 1},
		"a merge key":                    {"a: &x {b: 1}\nc:\n  <<: *x\n", "merge-key", 3},
		"a key that stands twice":        {"a: 1\nb: 2\na: 3\n", "duplicate-key", 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := strictyaml.Load("f.yaml", []byte(c.text))
			require.Len(t, problems, 1)
			require.Equal(t, c.code, problems[0].Code)
			require.Equal(t, maskit.SeverityError, problems[0].Severity)
			require.Equal(t, "f.yaml", problems[0].Pos.File)
			if c.line != 0 {
				require.Equal(t, c.line, problems[0].Pos.Line)
			}
			require.NotContains(t, problems[0].String(), "hunter2")
		})
	}
}

func TestLoadReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	_, problems := strictyaml.Load("f", []byte("a: 1\na: 2\nb: !x 1\nc:\n  d: 1\n  <<: {e: 1}\n  d: 2\n"))
	var got []string
	for _, p := range problems {
		got = append(got, p.Code+" "+p.Path+" "+p.Pos.String())
	}
	require.Equal(t, []string{"duplicate-key a f:2:1", "yaml-tag b f:3:4", "merge-key c.\"<<\" f:6:3", "duplicate-key c.d f:7:3"}, got)
	require.Equal(t, "stands twice, first in line 1; all of that one is lost", problems[0].Message)
}

func TestLoadAccepts(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"CRLF":                    "a: b\r\nc: d\r\n",
		"a document start":        "---\na: b\n",
		"directives":              "%YAML 1.1\n---\na: b\n",
		"a document end":          "a: b\n...\n",
		"anchors and aliases":     "x: &x b\na: *x\n",
		"no newline at the end":   "a: b",
		"depth up to the limit":   "a: b\nc: " + strings.Repeat("[", 126) + strings.Repeat("]", 126),
		"a quoted merge key name": "a: b\n\"<<\": 1\n",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, problems := strictyaml.Load("f", []byte(text))
			require.Empty(t, problems)
			require.Equal(t, "b", n.Get("a").Text)
		})
	}
}

func TestEmptyFileIsAWarning(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# nothing\n", "---\n"} {
		n, problems := strictyaml.Load("f", []byte(text))
		require.Len(t, problems, 1, "%q", text)
		require.Equal(t, "empty-file", problems[0].Code)
		require.Equal(t, maskit.SeverityWarning, problems[0].Severity)
		require.Equal(t, strictyaml.Mapping, n.Kind)
	}
}

func TestDuplicateKeyKeepsTheLast(t *testing.T) {
	t.Parallel()
	n, _ := strictyaml.Load("f", []byte("a: {x: 1}\nb: 2\na: {y: 1}\n"))
	require.Equal(t, []string{"a", "b"}, []string{n.Fields[0].Key, n.Fields[1].Key})
	require.Nil(t, n.Get("a").Get("x"))
	require.NotNil(t, n.Get("a").Get("y"))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	base, _ := strictyaml.Load("base", []byte("a: {x: 1, y: 2}\nl: [1]\ns: old\nm: {a: 1}\ne: []\n"))
	over, _ := strictyaml.Load("over", []byte("a: {y: 3, z: 4}\nl: [2, 3]\ns: new\nm: [1]\nn: 1\ne: [1]\n"))
	var doubled []strictyaml.Doubled
	merged := strictyaml.Merge(base, over, func(d strictyaml.Doubled) { doubled = append(doubled, d) })
	data, err := strictyaml.Write(merged, "")
	require.NoError(t, err)
	require.Equal(t, "a:\n  x: 1\n  \"y\": 3\n  z: 4\nl:\n  - 1\n  - 2\n  - 3\ns: new\nm:\n  - 1\ne:\n  - 1\n\"n\": 1\n", string(data))
	require.Len(t, doubled, 1)
	require.Equal(t, "l", doubled[0].Path)
	require.Equal(t, "base:2:4", doubled[0].First.Pos.String())
	require.Equal(t, "over:2:4", doubled[0].Second.Pos.String())
	require.Equal(t, "over", merged.Fields[2].Pos.File, "a replaced value stands where the later file has it")
	require.Equal(t, "2", base.Get("a").Get("y").Text, "the arguments are not changed")
}

func TestLimitIsReportedEvenAfterManyProblems(t *testing.T) {
	t.Parallel()
	n, problems := strictyaml.Load("f", []byte("a: {"+strings.Repeat("a,", strictyaml.MaxNodes+1)+"}"))
	require.Nil(t, n)
	require.Len(t, problems, strictyaml.MaxProblems+1)
	require.Equal(t, "duplicate-key", problems[0].Code)
	require.Equal(t, "too-many-values", problems[strictyaml.MaxProblems].Code)
}

// The paths of a deep document are many times as long as the document: none is written
// out for nothing.
func TestLoadWritesNoPathForNothing(t *testing.T) { // not parallel: it counts what is allocated
	var b strings.Builder
	for range 100 {
		b.WriteString("{" + strings.Repeat("k", 64) + ": ")
	}
	b.WriteString("[" + strings.Repeat("1,", 50_000) + "1]" + strings.Repeat("}", 100))
	measure := func(f func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc-before.TotalAlloc) / (1 << 20)
	}
	var out struct {
		Free map[string]any `yaml:",inline"`
	}
	spent := measure(func() {
		root, problems := strictyaml.Load("f", []byte(b.String()))
		require.Empty(t, problems)
		_, problems = strictyaml.Decode(root, &out, strictyaml.Options{})
		require.Empty(t, problems)
	})
	t.Logf("%.0f MiB", spent)
	require.Less(t, spent, 200.0, "MiB; it was 600 when every path was written out")
}
