package yamledit_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// loadByPyYAML loads each text as Synapse does: from a file opened as text. It
// answers the value in the words of valueOf, and null for what PyYAML refuses.
const loadByPyYAML = `
import datetime, io, json, struct, sys, yaml

def scalar(v):
    if v is None: return "null"
    if isinstance(v, bool): return "bool " + str(v).lower()
    if isinstance(v, int): return "int " + str(v)
    if isinstance(v, float): return "float nan" if v != v else "float " + format(struct.unpack(">Q", struct.pack(">d", v))[0], "x")
    if isinstance(v, str): return "str " + v
    if isinstance(v, datetime.date): return "timestamp"
    raise ValueError("another type")

def key(k):
    if isinstance(k, bool): return "int " + str(int(k))
    if isinstance(k, float) and k == k and k not in (float("inf"), float("-inf")) and k == int(k): return "int " + str(int(k))
    if isinstance(k, datetime.date): return "timestamp " + str(k)
    return scalar(k)

def value(v):
    if isinstance(v, dict): return {key(k): value(x) for k, x in v.items()}
    if isinstance(v, list): return [value(x) for x in v]
    return scalar(v)

out = []
for text in json.load(sys.stdin):
    try:
        loaded = yaml.safe_load(io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
        out.append(value({} if loaded is None else loaded))
    except Exception:
        out.append(None)
json.dump(out, sys.stdout)
`

// corpus are the files of testdata/corpus, the fuzz corpus, and random ones.
func corpus(t testing.TB, random int) []string {
	t.Helper()
	var texts []string
	paths, err := filepath.Glob("testdata/corpus/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		texts = append(texts, string(data))
	}
	for i := range random {
		texts = append(texts, documents().Example(i))
	}
	return texts
}

// Whatever Parse takes, PyYAML takes too, and says the same of it.
func TestDocumentsAgreeWithPyYAML(t *testing.T) {
	t.Parallel()
	python := live.Synapse(t, live.SynapseCurrent).Python
	texts := corpus(t, 2500)
	var answers []any
	askPython(t, python, loadByPyYAML, texts, &answers)
	taken, both := 0, 0
	for i, want := range answers {
		doc, problems := yamledit.Parse("f.yaml", []byte(texts[i]))
		if want != nil {
			taken++
		}
		if doc == nil {
			continue
		}
		got, ok := valueOf(doc)
		require.True(t, ok)
		require.NotNil(t, want, "PyYAML refuses what Parse takes:\n%s\n%q", texts[i], texts[i])
		require.Equal(t, want, asJSON(t, got), "%s\n%q\n%v", texts[i], texts[i], problems)
		both++
	}
	t.Logf("of %d documents PyYAML takes %d, and Parse %d of these", len(texts), taken, both)
	require.Greater(t, both, taken*8/10)
	require.Greater(t, both, 500)
}

// What PyYAML reads in an edited text is what the edit is to say.
func TestEditsAgreeWithPyYAML(t *testing.T) {
	t.Parallel()
	python := live.Synapse(t, live.SynapseCurrent).Python
	var edited []string
	var intended []any
	var names []string
	made, refused := 0, 0
	for _, text := range corpus(t, 800) {
		doc, _ := yamledit.Parse("f.yaml", []byte(text))
		if doc == nil {
			continue
		}
		for _, e := range someEdits(doc, 8) {
			result := e.make(doc)
			if result == nil {
				refused++
				continue
			}
			made++
			value, ok := valueOf(doc)
			require.True(t, ok)
			edited = append(edited, string(result.Bytes()))
			intended = append(intended, asJSON(t, e.intend(value)))
			names = append(names, e.String()+" of\n"+text)
		}
	}
	var answers []any
	askPython(t, python, loadByPyYAML, edited, &answers)
	for i, want := range answers {
		require.Equal(t, intended[i], want, "%s\n--- gives\n%s", names[i], edited[i])
	}
	t.Logf("%d edits made, %d refused", made, refused)
	require.Less(t, refused, made/20)
	require.Greater(t, made, 800)
}

func asJSON(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	var copied any
	require.NoError(t, json.Unmarshal(text, &copied))
	return copied
}

// Several edits of one collection say what they say one after the other.
func TestEditsOfOneCollectionAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc, _ := yamledit.Parse("f.yaml", []byte(documents().Draw(t, "document")))
		if doc == nil {
			t.Skip("no document")
		}
		if all := someEdits(doc, 1000); len(all) > 0 {
			checkEdits(t, doc, rapid.SliceOfN(rapid.SampledFrom(all), 2, 4).Draw(t, "edits")...)
		}
	})
}
