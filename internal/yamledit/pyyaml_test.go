package yamledit_test

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// resolveByPyYAML reads a list of plain scalars from stdin and writes the kind
// and, for integers and strings, the value that SafeLoader gives each.
const resolveByPyYAML = `
import json, sys, yaml
loader = yaml.SafeLoader("")
out = []
for text in json.load(sys.stdin):
    node = yaml.ScalarNode(None, text)
    kind = loader.resolve(yaml.ScalarNode, text, (True, False)).rsplit(":", 1)[1]
    node.tag = "tag:yaml.org,2002:" + ("str" if kind in ("value", "merge") else kind)
    try:
        value = loader.construct_object(node)
    except ValueError:
        kind, value = "invalid", None
    if kind == "value":
        kind, value = "invalid", None
    truthy = bool(value) if kind != "timestamp" else True
    out.append({"Kind": kind, "Int": str(value) if kind == "int" else "", "Truthy": truthy})
json.dump(out, sys.stdout)
`

type pyScalar struct {
	Kind, Int string
	Truthy    bool
}

func TestResolveAgreesWithPyYAML(t *testing.T) {
	t.Parallel()
	python := live.Synapse(t, live.SynapseCurrent).Python
	texts := randomScalars(50_000)
	kinds := map[string]yamledit.Kind{
		"null": yamledit.KindNull, "bool": yamledit.KindBool, "int": yamledit.KindInt, "float": yamledit.KindFloat, "str": yamledit.KindString,
		"timestamp": yamledit.KindTimestamp, "merge": yamledit.KindMerge, "invalid": yamledit.KindInvalid,
	}
	for i, want := range askPyYAML(t, python, texts) {
		got := yamledit.Resolve(&yaml.Node{Kind: yaml.ScalarNode, Value: texts[i]})
		require.Equal(t, kinds[want.Kind], got.Kind, "kind of %q", texts[i])
		require.Equal(t, want.Truthy, got.Truthy(), "truth of %q", texts[i])
		if got.Kind == yamledit.KindInt {
			require.Equal(t, want.Int, got.Text, "value of %q", texts[i])
		}
	}
}

func askPyYAML(t *testing.T, python string, texts []string) []pyScalar {
	t.Helper()
	var scalars []pyScalar
	askPython(t, python, resolveByPyYAML, texts, &scalars)
	require.Len(t, scalars, len(texts))
	return scalars
}

// askPython gives a script texts as JSON and reads its answers.
func askPython(t *testing.T, python, script string, texts []string, answers any) {
	t.Helper()
	input, err := json.Marshal(texts)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), python, "-c", script)
	cmd.Stdin = bytes.NewReader(input)
	output, err := cmd.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(output, answers))
}

// randomScalars strings together what the rules of YAML 1.1 look at.
func randomScalars(n int) []string {
	words := []string{
		"0", "1", "5", "6", "9", "00", "_", ":", ".", "e", "E", "+", "-", "0x", "0b", "a", "F", "inf", "NaN", "on", "Yes", "null", "~", "<<", "=",
		"T", "t", " ", "Z", "2001-12-14", "2001-1-2", "1:30", "12:30:45", "+05:00",
	}
	random := rand.New(rand.NewSource(11))
	texts := []string{"", "2001-12-14 01:02:03", "2001-1-14T1:02:03.55 +5:00", "2001-12-14 1:02:03  Z", "2001-12-14\t1:02:03"}
	for len(texts) < n {
		var b strings.Builder
		for range 1 + random.Intn(6) {
			b.WriteString(words[random.Intn(len(words))])
		}
		texts = append(texts, strings.TrimSpace(b.String()))
	}
	return texts
}
