package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// TestDiffApplies: a diff without secrets turns the one text into the other.
func TestDiffApplies(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a\n", "b\n", "c\n", "d\r\n", "\n"})
		before := strings.Join(rapid.SliceOfN(line, 1, 60).Draw(t, "before"), "")
		lines := strings.SplitAfter(before, "\n")
		for range rapid.IntRange(0, 4).Draw(t, "edits") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "at")
			lines[at] = strings.Join(rapid.SliceOfN(line, 0, 3).Draw(t, "new"), "")
		}
		after := strings.Join(lines, "")
		got := edit{name: "x", before: []byte(before), after: []byte(after)}.diff()
		if before == after {
			require.Empty(t, got)
			return
		}
		require.Equal(t, after, apply(t, got, before, after))
	})
}

// apply turns one text into the other by a diff whose every line is compared with both.
func apply(t require.TestingT, diff, before, after string) string {
	old, fresh := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	var out strings.Builder
	from, to := 0, 0
	for line := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"), line[0] == '\\':
		case line[0] == '@':
			oldStart, newStart := starts(t, line)
			out.WriteString(strings.Join(old[from:oldStart], ""))
			require.Equal(t, newStart-to, oldStart-from)
			from, to = oldStart, newStart
		default:
			if line[0] != '+' {
				require.Equal(t, old[from], line[1:])
				from++
			}
			if line[0] != '-' {
				require.Equal(t, fresh[to], line[1:])
				out.WriteString(line[1:])
				to++
			}
		}
	}
	return out.String() + strings.Join(old[from:], "")
}

// starts reads "@@ -1,2 +3 @@", as lines counted from 0.
func starts(t require.TestingT, header string) (from, to int) {
	var counts [2]int
	places := strings.Fields(header)[1:3]
	for i, at := range []*int{&from, &to} {
		if !strings.Contains(places[i], ",") {
			places[i] += ",1"
		}
		_, err := fmt.Sscanf(places[i][1:], "%d,%d", at, &counts[i])
		require.NoError(t, err)
		if counts[i] > 0 {
			*at--
		}
	}
	return from, to
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"plain":              {"pepper: a b # c\n", "pepper: [redacted]\n"},
		"quoted":             {"\"form_secret\": 'a'\n", "\"form_secret\": [redacted]\n"},
		"in a mapping":       {"a: {user: u, password: p, x: y}\nb: c\n", "a: {user: u, password: [redacted]\nb: c\n"},
		"on the next line":   {"token:\n  \"a\"\nb: c\n", "token:\n  [redacted]\nb: c\n"},
		"of several lines":   {"key: |\n  -----BEGIN\n\n  xyz\n  -----END\nb: c\n", "key: [redacted]\n  [redacted]\n\n  [redacted]\n  [redacted]\nb: c\n"},
		"quoted, of lines":   {"key: \"a\n  b\"\nc: d\n", "key: [redacted]\n  [redacted]\nc: d\n"},
		"a list":             {"tokens:\n- a\n- b\nc: d\n", "tokens:\n- [redacted]\n- [redacted]\nc: d\n"},
		"a section":          {"jwk: {kty: RSA, n: x}\nclient_secret_jwt_key:\n  header:\n    kid: a\n", "jwk: {kty: [redacted]\nclient_secret_jwt_key:\n  header:\n    kid: [redacted]\n"},
		"by an anchor":       {"a: &x longenough\npassword: *x\n", "a: [redacted]\npassword: *x\n"},
		"again elsewhere":    {"password: longenough\n# was longenough\nurl: x://longenough@\n", "password: [redacted]\n# was [redacted]\nurl: x://[redacted]@\n"},
		"in a comment":       {"# turn_shared_secret: \"x y\"\n#token = z\n", "# turn_shared_secret: [redacted]\n#token = [redacted]\n"},
		"late in a comment":  {"# old: client_secret: x y\n# the password was hunter2hunter2, of 2024\n", "# old: client_secret: [redacted]\n# the password was [redacted], of 2024\n"},
		"other line breaks":  {"a: 1\u2028\u2029b: 2\u0085# c\rpassword: p\rd: 3\r\ntoken: p\n", "a: 1\u2028\u2029b: 2\u0085# c\rpassword: [redacted]\rd: 3\r\ntoken: [redacted]\n"},
		"breaks in quotes":   {"a: 'b\u2028c\rd'\npassword: p\n", "a: 'b\u2028c\rd'\npassword: [redacted]\n"},
		"a byte order mark":  {"\ufeffpassword: p\ntoken: q\n", "\ufeffpassword:[redacted]\ntoken: [redacted]\n"},
		"in a parameter":     {"a: \"host=x password=p user=y\"\nb: https://h/?token=p&x=1\n", "a: \"host=x password=[redacted] user=y\"\nb: https://h/?token=[redacted]&x=1\n"},
		"of a module":        {"config: {webhook_url: \"https://h/p\"}\nprivate_keys: [p]\n", "config: {webhook_url: [redacted]\nprivate_keys: [[redacted]\n"},
		"in a URL":           {"a: redis://:pw@host/ # http://u:p@h\n", "a: redis://:[redacted]@host/ # http://u:[redacted]@h\n"},
		"not YAML":           {"a: [\n# password: x\nb: x://u:p@h\n", "a: [\n# password: [redacted]\nb: x://u:[redacted]@h\n"},
		"no secret":          {"password_config:\n  enabled: true\nsecret_path: /x\nrequires_token: true\ntoken_timeout: 5m\nsession_lifetime: 1d\nsecret:\n", ""},
		"no secret, comment": {"# password_config: see there\n# secret_path: /x\n# requires_token: true\n# Passwords are those of https://h/password-2, section 2\n# enable_token_refresh=true\n", ""},
		"non-ASCII":          {"é: {ü: 1, secret: ß}\r\n", "é: {ü: 1, secret: [redacted]\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.want == "" {
				tc.want = tc.text
			}
			require.Equal(t, tc.want, strings.Join(shown([]byte(tc.text)), ""))
		})
	}
}

// FuzzShown: there are as many lines as before, nothing panics, and a secret behind any
// text is not shown.
func FuzzShown(f *testing.F) {
	f.Add("password: |\n a\n b\nc: {key: x,\n y: z}\n# secret: x\n")
	f.Add("a: 'b\u2028c\rd\u0085'\npassword: p\n")
	f.Fuzz(func(t *testing.T, text string) {
		require.Len(t, shown([]byte(text)), strings.Count(text, "\n")+1)
		var whole map[string]any
		behind := text + "\npassword: q7Q\nx: y\n"
		if yaml.Unmarshal([]byte(behind), &whole) == nil && whole["password"] == "q7Q" && !strings.Contains(text, "q7Q") {
			require.NotContains(t, strings.Join(shown([]byte(behind)), ""), "q7Q")
		}
	})
}

// TestShownTakesNoTime: neither many lines nor many secrets take more than their share.
// It took minutes when each was compared with each.
func TestShownTakesNoTime(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, "k%d: v\nsecret%d: value number %d\n", i, i, i)
	}
	start := time.Now()
	require.NotContains(t, strings.Join(shown([]byte(text.String())), ""), "value number")
	require.Less(t, time.Since(start), 20*time.Second)
}
