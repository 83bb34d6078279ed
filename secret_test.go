package maskit_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// hidden is the value that no representation may show, in any of the forms in
// which requireHidden looks for it.
const hidden = "hunter2-Kennwort"

func requireHidden(t testing.TB, text string) {
	t.Helper()
	for name, form := range map[string]string{
		"plain":     hidden,
		"hex":       fmt.Sprintf("%x", hidden),
		"HEX":       fmt.Sprintf("%X", hidden),
		"spaced":    fmt.Sprintf("% x", hidden),
		"bytes":     strings.Trim(fmt.Sprint([]byte(hidden)), "[]"),
		"Go syntax": strings.Trim(fmt.Sprintf("%#v", []byte(hidden)), "[]byte{}"),
		"base64":    "aHVudGVyMi1LZW5ud29yd",
		"octal":     fmt.Sprintf("%o", []byte(hidden)),
	} {
		require.NotContains(t, text, form, name)
	}
}

// holder nests a secret in every way that fmt treats differently.
type holder struct {
	Exported   maskit.Secret
	unexported maskit.Secret
	pointer    *maskit.Secret
	values     map[string]maskit.Secret
	keys       map[maskit.Secret]string
	list       []maskit.Secret
	array      [1]maskit.Secret
	any        any
	maskit.Secret
	inner struct{ deep maskit.Secret }
}

func newHolder() holder {
	s := maskit.NewSecret(hidden)
	h := holder{
		Exported: s, unexported: s, pointer: &s, any: s, Secret: s,
		values: map[string]maskit.Secret{"k": s},
		keys:   map[maskit.Secret]string{s: "v"},
		list:   []maskit.Secret{s},
		array:  [1]maskit.Secret{s},
	}
	h.inner.deep = s
	return h
}

// plainHolder is a holder whose own Format method does not hide how fmt walks it.
type plainHolder struct {
	Held       maskit.Secret
	unexported maskit.Secret
	pointer    *maskit.Secret
	values     map[string]maskit.Secret
	keys       map[maskit.Secret]string
	list       []maskit.Secret
	array      [1]maskit.Secret
	any        any
	inner      struct{ deep maskit.Secret }
}

func newPlainHolder() plainHolder {
	h := newHolder()
	return plainHolder{h.Exported, h.unexported, h.pointer, h.values, h.keys, h.list, h.array, h.any, h.inner}
}

func TestSecretIsHiddenFromEveryVerb(t *testing.T) {
	t.Parallel()
	secret, walked, embedding := maskit.NewSecret(hidden), newPlainHolder(), newHolder()
	for verb := ' ' + 1; verb < 0x7f; verb++ {
		for _, flags := range []string{"", "+", "#", " ", "0", "-", "+#", "20", ".3", "20.3"} {
			format := "%" + flags + string(verb)
			for _, value := range []any{
				secret, &secret, walked, &walked, embedding, &embedding,
				[]any{walked},
				map[string]any{"k": &walked},
				[]maskit.Secret{secret},
				map[string]maskit.Secret{"k": secret},
				map[maskit.Secret]int{secret: 1},
			} {
				requireHidden(t, fmt.Sprintf(format, value))
			}
		}
	}
}

func TestSecretShowsThatItIsSet(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%s", "%q", "%x", "%X", "%d"} {
		require.Equal(t, "[redacted]", fmt.Sprintf(verb, maskit.NewSecret(hidden)), verb)
		require.Equal(t, "[redacted]", fmt.Sprintf(verb, maskit.NewSecret("")), verb)
		require.Empty(t, fmt.Sprintf(verb, maskit.Secret{}), verb)
	}
	require.Equal(t, "maskit.Secret([redacted])", fmt.Sprintf("%#v", maskit.NewSecret(hidden)))
	require.Equal(t, "maskit.Secret()", fmt.Sprintf("%#v", maskit.Secret{}))
	require.Equal(t, "maskit.Secret", fmt.Sprintf("%T", maskit.NewSecret(hidden)))
	require.Equal(t, "maskit.Secret([redacted])", maskit.NewSecret(hidden).GoString())
	require.Equal(t, "map[k:[redacted]]", fmt.Sprint(map[string]maskit.Secret{"k": maskit.NewSecret(hidden)}))
}

func TestSecretIsHiddenFromEncoders(t *testing.T) {
	t.Parallel()
	walked := newPlainHolder()
	asJSON, err := json.Marshal(map[string]any{"secret": maskit.NewSecret(hidden), "zero": maskit.Secret{}, "holder": walked, "key": walked.keys})
	require.NoError(t, err)
	require.JSONEq(t, `{"secret":"[redacted]","zero":null,"holder":{"Held":"[redacted]"},"key":{"[redacted]":"v"}}`, string(asJSON))

	asYAML, err := yaml.Marshal(map[string]any{"secret": maskit.NewSecret(hidden), "zero": maskit.Secret{}, "list": walked.list, "values": walked.values})
	require.NoError(t, err)
	require.YAMLEq(t, `{"secret": "[redacted]", "zero": null, "list": ["[redacted]"], "values": {"k": "[redacted]"}}`, string(asYAML))

	asXML, err := xml.Marshal(walked.Held)
	require.NoError(t, err)
	require.Equal(t, "<Secret>[redacted]</Secret>", string(asXML))

	var asGob bytes.Buffer
	_ = gob.NewEncoder(&asGob).Encode(walked.Held) // refusing is as good as hiding
	requireHidden(t, asGob.String())

	var asHTML bytes.Buffer
	require.NoError(t, template.Must(template.New("").Parse(`{{.Held}}<script>{{.Held}}</script>`)).Execute(&asHTML, walked))
	requireHidden(t, asHTML.String())
}

func TestZeroSecretIsLeftOutByOmitzero(t *testing.T) {
	t.Parallel()
	type config struct {
		Password maskit.Secret `json:"password,omitzero" yaml:"password,omitempty"`
	}
	asJSON, err := json.Marshal(config{})
	require.NoError(t, err)
	require.Equal(t, "{}", string(asJSON))
	asYAML, err := yaml.Marshal(config{})
	require.NoError(t, err)
	require.Equal(t, "{}\n", string(asYAML))
}

func TestSecretIsHiddenFromLogs(t *testing.T) {
	t.Parallel()
	secret, walked, embedding := maskit.NewSecret(hidden), newPlainHolder(), newHolder()
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		logger := slog.New(handler).With("with", secret)
		logger.Info("msg", "secret", secret, "pointer", &secret, "walked", walked, "embedding", embedding, "list", walked.list, slog.Group("group", "secret", secret))
	}
	require.Contains(t, log.String(), "secret=[redacted]")
	require.Contains(t, log.String(), `"secret":"[redacted]"`)
	requireHidden(t, log.String())
}

func TestSecretIsHiddenFromErrorsProblemsAndChanges(t *testing.T) {
	t.Parallel()
	secret := maskit.NewSecret(hidden)
	wrapped := fmt.Errorf("connect as %v: %w", secret, errors.New("refused"))
	require.EqualError(t, wrapped, "connect as [redacted]: refused")
	requireHidden(t, fmt.Sprintf("%+v %#v", wrapped, wrapped))

	problem := maskit.Problem{Path: "p", Code: "c", Message: fmt.Sprintf("bad value %s", secret)}
	require.Equal(t, "error: p: bad value [redacted] [c]", problem.String())

	change := maskit.Change{Subject: "client", Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{
		{Path: "secret", Before: secret, After: secret},
		{Path: "holder", Before: newPlainHolder(), After: map[string]maskit.Secret{"k": secret}},
	}}
	asJSON, err := json.Marshal(change)
	require.NoError(t, err)
	requireHidden(t, change.String()+string(asJSON)+fmt.Sprintf("%+v %#v", change, change))
}

func TestSecretIsHiddenFromRecoveredPanics(t *testing.T) {
	t.Parallel()
	for _, value := range []any{maskit.NewSecret(hidden), newPlainHolder(), newHolder(), fmt.Errorf("x: %v", newPlainHolder())} {
		func() {
			defer func() { requireHidden(t, fmt.Sprintf("%v %+v", recover(), value)) }()
			panic(value)
		}()
	}
}

// The test binary runs itself, dies of a panic, and must not tell why too precisely.
func TestSecretIsHiddenFromFatalPanics(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"secret", "pointer", "walked", "embedding", "error", "text"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFatalPanic$")
			cmd.Env = append(os.Environ(), "MASKIT_TEST_PANIC="+what, "GOTRACEBACK=all")
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), "panic: ")
			require.Contains(t, string(out), "goroutine ")
			requireHidden(t, string(out))
		})
	}
}

// TestFatalPanic is the other process of TestSecretIsHiddenFromFatalPanics.
func TestFatalPanic(t *testing.T) {
	secret, walked, embedding := maskit.NewSecret(hidden), newPlainHolder(), newHolder()
	switch os.Getenv("MASKIT_TEST_PANIC") {
	case "secret":
		panic(secret)
	case "pointer":
		panic(&secret)
	case "walked":
		panic(walked)
	case "embedding":
		panic(embedding)
	case "error":
		panic(fmt.Errorf("broken: %v", walked))
	case "text":
		panic(fmt.Sprintf("%+v", walked))
	default:
		t.Skip("runs as a child of TestSecretIsHiddenFromFatalPanics")
	}
}

func TestSecretReveal(t *testing.T) {
	t.Parallel()
	require.Equal(t, hidden, maskit.NewSecret(hidden).Reveal())
	require.Empty(t, maskit.Secret{}.Reveal())
	require.True(t, maskit.Secret{}.IsZero())
	require.False(t, maskit.NewSecret("").IsZero())
}

func TestSecretEqualComparesValues(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		a, b maskit.Secret
		want bool
	}{
		"same value":         {maskit.NewSecret("x"), maskit.NewSecret("x"), true},
		"another value":      {maskit.NewSecret("x"), maskit.NewSecret("y"), false},
		"another length":     {maskit.NewSecret("x"), maskit.NewSecret("xx"), false},
		"both zero":          {maskit.Secret{}, maskit.Secret{}, true},
		"zero and empty":     {maskit.Secret{}, maskit.NewSecret(""), false},
		"empty and empty":    {maskit.NewSecret(""), maskit.NewSecret(""), true},
		"zero and something": {maskit.Secret{}, maskit.NewSecret("x"), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.a.Equal(c.b))
			require.Equal(t, c.want, c.b.Equal(c.a))
			require.Equal(t, c.want, reflect.DeepEqual(c.a, c.b), "DeepEqual follows the pointer")
		})
	}
	one, other := maskit.NewSecret("x"), maskit.NewSecret("x")
	require.False(t, one == other, "== compares identity, as documented")
}

func TestSecretFromFileDropsExactlyOneNewline(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ content, want string }{
		"none":           {"s3cret", "s3cret"},
		"LF":             {"s3cret\n", "s3cret"},
		"CRLF":           {"s3cret\r\n", "s3cret"},
		"two LF":         {"s3cret\n\n", "s3cret\n"},
		"CR alone":       {"s3cret\r", "s3cret\r"},
		"spaces":         {" s3cret \n", " s3cret "},
		"inner newlines": {"a\nb\n", "a\nb"},
		"two CR":         {"s3cret\r\r\n", "s3cret\r"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "secret")
			require.NoError(t, os.WriteFile(file, []byte(c.content), 0o600))
			secret, err := maskit.SecretFromFile(file)
			require.NoError(t, err)
			require.Equal(t, c.want, secret.Reveal())
		})
	}
}

func TestSecretFromFileFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := maskit.SecretFromFile(filepath.Join(dir, "absent"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = maskit.SecretFromFile(dir)
	require.Error(t, err)
	huge := filepath.Join(dir, "huge")
	require.NoError(t, os.WriteFile(huge, make([]byte, 1<<20+1), 0o600))
	_, err = maskit.SecretFromFile(huge)
	require.EqualError(t, err, "maskit: read secret: "+huge+": file is larger than 1024 KiB")
	for _, content := range []string{"", "\n", "\r\n"} {
		file := filepath.Join(dir, "empty")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		secret, err := maskit.SecretFromFile(file)
		require.EqualError(t, err, "maskit: read secret "+file+": file is empty")
		require.True(t, secret.IsZero())
	}
}

func TestSecretFromEnv(t *testing.T) {
	t.Setenv("MASKIT_TEST_SECRET", hidden+"\n")
	secret, err := maskit.SecretFromEnv("MASKIT_TEST_SECRET")
	require.NoError(t, err)
	require.Equal(t, hidden+"\n", secret.Reveal(), "taken as it is")

	t.Setenv("MASKIT_TEST_SECRET", "")
	for _, name := range []string{"MASKIT_TEST_SECRET", "MASKIT_TEST_UNSET"} {
		secret, err = maskit.SecretFromEnv(name)
		require.EqualError(t, err, "maskit: read secret: environment variable "+name+" is not set or empty")
		require.True(t, secret.IsZero())
	}
}

func TestSecretIsDecodedFromJSONAndYAML(t *testing.T) {
	t.Parallel()
	var config struct{ Password, Number, Absent, Null maskit.Secret }
	require.NoError(t, yaml.Unmarshal([]byte("password: hunter2\nnumber: 0123\nnull: null\n"), &config))
	require.Equal(t, "hunter2", config.Password.Reveal())
	require.Equal(t, "0123", config.Number.Reveal(), "the digits as they are written")
	require.True(t, config.Absent.IsZero())
	require.True(t, config.Null.IsZero())

	require.NoError(t, json.Unmarshal([]byte(`{"Password": "from json"}`), &config))
	require.Equal(t, "from json", config.Password.Reveal())
}

func TestSecretRefusesItsOwnPlaceholder(t *testing.T) {
	t.Parallel()
	kept := maskit.NewSecret("kept")
	require.EqualError(t, kept.UnmarshalText([]byte("[redacted]")), `maskit: decode secret: the value is the placeholder "[redacted]"`)
	require.Equal(t, "kept", kept.Reveal())

	marshalled, err := yaml.Marshal(map[string]maskit.Secret{"password": maskit.NewSecret(hidden)})
	require.NoError(t, err)
	var back map[string]maskit.Secret
	require.ErrorContains(t, yaml.Unmarshal(marshalled, &back), "placeholder", "what was printed cannot be read back by mistake")
}
