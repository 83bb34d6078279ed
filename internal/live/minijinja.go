package live

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/install"
)

//go:embed minijinja.js
var minijinjaScript string

// MinijinjaEngine renders templates by minijinja, the engine of MAS, under Node. It
// is the oracle for every template that we write.
type MinijinjaEngine struct{ home string }

// Rendering is a template and the variables that it is rendered with.
type Rendering struct {
	Template string         `json:"template"`
	Context  map[string]any `json:"context"`
}

// Rendered is what became of it: Error is empty if Text is the result.
type Rendered struct {
	Text  string `json:"text"`
	Error string `json:"error"`
}

// Minijinja finds the engine.
func Minijinja(t testing.TB) *MinijinjaEngine {
	t.Helper()
	enter(t)
	home, err := install.FindMinijinja(cacheDir(t))
	check(t, mandatory, err)
	return &MinijinjaEngine{home: home}
}

// Render renders all of them in one process and returns the results in order.
func (m *MinijinjaEngine) Render(t testing.TB, renderings []Rendering) []Rendered {
	t.Helper()
	input, err := json.Marshal(renderings)
	if err != nil {
		t.Fatal("live: render templates:", err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "-e", minijinjaScript)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = m.home, bytes.NewReader(input), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("live: run node: %v\n%s", err, stderr.String())
	}
	var results []Rendered
	if err := json.Unmarshal(stdout.Bytes(), &results); err != nil {
		t.Fatal("live: read the rendered templates:", err)
	}
	if len(results) != len(renderings) {
		t.Fatalf("live: %d templates gave %d results", len(renderings), len(results))
	}
	return results
}
