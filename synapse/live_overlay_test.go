package synapse_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/live"
)

// drawValue writes a value in flow style, of scalars that readers disagree about.
func drawValue(t *rapid.T, depth int) string {
	scalars := []string{
		"yes", "No", "on", "OFF", "y", "n", "~", "", "null", "0644", "0o644", "1:30", "190:20:30", "1e3", "1.0e+3", "6.8523015e+5", ".inf", "-.INF",
		"0x1F", "0b11", "1_000", "+12", "-0", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "'yes'", `"on"`, `"\x41\u00e4\t\\"`, "'it''s'",
		"plain text", "a#b", `"# no comment"`, "é", "'\u2028'", `"\u2028\0"`, "!!str 12", "!!int '7'", "<",
		"'<<'", "*known", "http://u:p@host/", `"{"`, "'- x'", "? ", "@at", "%percent",
	}
	usable := rapid.SampledFrom(scalars).Filter(func(s string) bool { return s != "? " && s[:min(1, len(s))] != "@" && s[:min(1, len(s))] != "%" })
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind > 1 {
		return usable.Draw(t, "scalar")
	}
	var parts []string
	for i := range rapid.IntRange(0, 3).Draw(t, "size") {
		part := drawValue(t, depth-1)
		if kind == 0 {
			key := rapid.SampledFrom([]string{"a", "b_c", "yes", "'no'", "12", "\"12\"", "null", "on-off", "<<"}).Draw(t, "key")
			if key == "<<" {
				part = "*mapping"
			}
			part = key + ": " + part
		} else if part == "" {
			part = fmt.Sprint(i)
		}
		parts = append(parts, part)
	}
	if kind == 0 {
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// drawOverlaid is a file of which an overlay must repeat something.
func drawOverlaid(t *rapid.T) string {
	text := "server_name: example.com\nx-known: &known {deep: [yes, 0644]}\nx-mapping: &mapping {a: 1, merged: no, b_c: [on]}\nmodules:\n"
	for range rapid.IntRange(1, 3).Draw(t, "modules") {
		name := rapid.SampledFrom([]string{"some.Module", "ldap_auth_provider.LdapAuthProviderModule"}).Draw(t, "name")
		text += "- module: " + name + "\n  config: " + drawValue(t, 3) + "\n"
	}
	text += "- module: rest_auth_provider.RestAuthProvider\nexperimental_features:\n  msc3861: {enabled: true}\n"
	for i := range rapid.IntRange(0, 3).Draw(t, "features") {
		text += fmt.Sprintf("  msc%d: %s\n", i, drawValue(t, 2))
	}
	return text
}

// TestOverlayRepeatsWhatPyYAMLReads compares what the overlay repeats of sections
// with the originals, as PyYAML reads both.
func TestOverlayRepeatsWhatPyYAMLReads(t *testing.T) {
	t.Parallel()
	install := live.Synapse(t, live.SynapseCurrent)
	var input bytes.Buffer
	var pairs [][2]string
	for seed := range 400 {
		base := rapid.Custom(drawOverlaid).Example(seed)
		overlaid, problems := delegate().Overlay(homeserver(base))
		require.NoError(t, problems.Err(), base)
		pairs = append(pairs, [2]string{base, string(overlaid.File.Data)})
		require.NoError(t, json.NewEncoder(&input).Encode(pairs[seed]))
	}
	program, err := os.ReadFile("testdata/oracle/overlay_check.py")
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), install.Python, "-c", string(program))
	var stderr strings.Builder
	cmd.Stdin, cmd.Stderr = &input, &stderr
	output, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	decoder := json.NewDecoder(bytes.NewReader(output))
	for _, pair := range pairs {
		var difference string
		require.NoError(t, decoder.Decode(&difference))
		require.Empty(t, difference, "%s\n%s", pair[0], pair[1])
	}
}
