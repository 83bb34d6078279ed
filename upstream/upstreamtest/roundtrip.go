package upstreamtest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

func (c Config) testRoundTrip(t *testing.T) {
	if wrong := roundTrip(c.Env, c.entry(t)); wrong != "" {
		t.Error(wrong)
	}
}

// roundTrip writes the entries, reads them back, and says what went wrong.
func roundTrip(env upstream.Env, entries ...upstream.Entry) string {
	written, problems := mas.Render(configWith(entries...), mas.RenderOptions{Layout: mas.LayoutSingle, MASVersion: env.MASVersion})
	if err := problems.Err(); err != nil {
		return "mas.Render: " + err.Error()
	}
	files := fstest.MapFS{}
	for _, file := range written.Files {
		files[file.Name] = &fstest.MapFile{Data: file.Data()}
	}
	read, problems, err := mas.Parse(files, written.ConfigFiles...)
	switch {
	case err != nil:
		return "mas.Parse: " + err.Error()
	case ofProvider(problems) != nil:
		return "mas.Parse: " + ofProvider(problems).String()
	case read.UpstreamOAuth2 == nil || !same(entries, read.UpstreamOAuth2.Providers):
		return "the entry is another one after writing and reading it"
	}
	return ""
}

// ofProvider picks the errors about the provider: the configuration around it is empty.
func ofProvider(problems maskit.Problems) maskit.Problems {
	var out maskit.Problems
	for _, p := range problems.Only(maskit.SeverityError) {
		if strings.HasPrefix(p.Path, "upstream_oauth2") {
			out = append(out, p)
		}
	}
	return out
}

func (c Config) testGolden(t *testing.T) {
	got, err := strictyaml.Encode(c.entry(t))
	if err != nil {
		t.Fatal(err)
	}
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(c.Golden), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(c.Golden, got, 0o644); err != nil { //nolint:gosec // a golden file holds no real secret
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(c.Golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("the entry is not that of %s (run with -update, and look at the difference):\n%s", c.Golden, got)
	}
}
