package depcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/maskit-dev/maskit"

func TestModuleObeysImportRules(t *testing.T) {
	t.Parallel()
	graph := listPackages(t)
	require.Contains(t, paths(graph), module, "go list did not report the module")
	require.Empty(t, Check(module, graph))
}

func TestModuleHasOnlyTheDesignedDirectories(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(moduleDir(t))
	require.NoError(t, err)
	for _, entry := range entries {
		name := entry.Name()
		// maskit-bundle is what the quickstart writes by default.
		if !entry.IsDir() || strings.HasPrefix(name, ".") || name == "maskit-bundle" {
			continue
		}
		require.Contains(t, rootDirs(), name)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	const pgx = "github.com/jackc/pgx/v5"
	tests := map[string]struct {
		graph []Package
		want  []string
	}{
		"allowed everywhere": {
			graph: []Package{
				own("", "fmt"), own("mas", ".", "internal/yamledit", "mas/keys"), own("mas/keys", "."),
				own("mas/kube", "mas", "scale", "synapse/routes"), own("upstream/oidc", "upstream", "mas"),
				own("keycloak/masclient", "keycloak", "upstream/keycloak"), own("migrate/native", "migrate", "synapse/probe"),
				own("examples/quickstart", "examples/internal/sitefile", "mas/kube"), own("internal/yamledit", "."),
			},
		},
		"root with an own package":       {[]Package{own("", "internal/httpx")}, []string{". must not import internal/httpx"}},
		"root with another module":       {[]Package{own("", pgx+"/pgtype")}, []string{". must not import github.com/jackc/pgx/v5/pgtype: it needs the standard library alone"}},
		"mas with a sub-package":         {[]Package{own("mas", "mas/admin")}, []string{"mas must not import mas/admin"}},
		"keys with mas":                  {[]Package{own("mas/keys", "mas")}, []string{"mas/keys must not import mas"}},
		"synapse with mas":               {[]Package{own("synapse", "mas")}, []string{"synapse must not import mas"}},
		"scale with synapse":             {[]Package{own("scale", "synapse")}, []string{"scale must not import synapse"}},
		"synapse sub with mas":           {[]Package{own("synapse/kube", "mas/kube")}, []string{"synapse/kube must not import mas/kube"}},
		"upstream with mas/keys":         {[]Package{own("upstream", "mas/keys")}, []string{"upstream must not import mas/keys"}},
		"masclient with mas":             {[]Package{own("keycloak/masclient", "mas")}, []string{"keycloak/masclient must not import mas"}},
		"migrate with keycloak":          {[]Package{own("migrate", "keycloak")}, []string{"migrate must not import keycloak"}},
		"internal with a public package": {[]Package{own("internal/httpx", "mas")}, []string{"internal/httpx must not import mas"}},
		"anything with examples":         {[]Package{own("internal/bench", "examples/internal/sitefile")}, []string{"internal/bench must not import examples/internal/sitefile"}},
		"product code with the harness":  {[]Package{own("mas/mascli", "internal/live/proc")}, []string{"mas/mascli must not import internal/live/proc"}},
		"product code with goldens":      {[]Package{own("upstream/upstreamtest", "internal/golden")}, []string{"upstream/upstreamtest must not import internal/golden"}},
		"a directory nobody designed":    {[]Package{own("extras", ".")}, []string{"extras must not import ."}},
		"pgx through others": {
			[]Package{linking("mas", "example.com/store", pgx+"/pgconn")},
			[]string{"mas must not link github.com/jackc/pgx (it links github.com/jackc/pgx/v5/pgconn)"},
		},
		"client-go through others": {
			[]Package{linking("upstream/okta", "k8s.io/client-go/rest"), linking("mas/kube", "k8s.io/client-go/rest")},
			[]string{"upstream/okta must not link k8s.io (it links k8s.io/client-go/rest)"},
		},
		"gocloak in scale": {
			[]Package{linking("scale", "github.com/Nerzal/gocloak/v13"), linking("keycloak", "github.com/Nerzal/gocloak/v13")},
			[]string{"scale must not link github.com/Nerzal/gocloak (it links github.com/Nerzal/gocloak/v13)"},
		},
		"Kubernetes in migrate": {
			[]Package{linking("migrate/native", "k8s.io/api/core/v1"), linking("migrate/kube", "k8s.io/api/core/v1")},
			[]string{"migrate/native must not link k8s.io (it links k8s.io/api/core/v1)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := append(test.graph, Package{ImportPath: "fmt", Standard: true})
			require.Equal(t, test.want, Check(module, graph))
		})
	}
}

// own is a package of the module; imports that name one of its directories are
// the module's too.
func own(path string, imports ...string) Package {
	p := Package{ImportPath: strings.TrimSuffix(module+"/"+path, "/")}
	for _, to := range imports {
		first, _, _ := strings.Cut(to, "/")
		switch {
		case to == ".":
			to = module
		case first != "fmt" && !strings.Contains(first, "."):
			to = module + "/" + to
		}
		p.Imports = append(p.Imports, to)
	}
	return p
}

func linking(path string, deps ...string) Package {
	p := own(path)
	p.Deps = deps
	return p
}

func paths(graph []Package) []string {
	var all []string
	for _, p := range graph {
		all = append(all, p.ImportPath)
	}
	return all
}

func listPackages(t *testing.T) []Package {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Imports,Deps,Standard", "./...")
	cmd.Dir = moduleDir(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	var graph []Package
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p Package
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return graph
		}
		require.NoError(t, err)
		graph = append(graph, p)
	}
}

func moduleDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "go.mod"))
	return dir
}
