// Package depcheck holds the import rules of the module, as a function over a
// package graph. Its test applies them to the graph that go list reports.
//
// The rules keep what users pay for small: rendering a configuration must not
// link a Kubernetes client, and a package can be read without knowing those
// above it. Test files, examples and the programs below internal are free.
package depcheck

import (
	"fmt"
	"slices"
	"strings"
)

// Package is one package as go list -deps -json describes it.
type Package struct {
	ImportPath string
	Imports    []string
	// Deps are all packages that it links, direct and transitive.
	Deps     []string
	Standard bool
}

// Check returns one line for each broken rule, sorted. The graph may hold
// packages of other modules and of the standard library.
func Check(module string, graph []Package) []string {
	standard := map[string]bool{}
	for _, p := range graph {
		standard[p.ImportPath] = p.Standard
	}
	var broken []string
	for _, p := range graph {
		if from, ok := relative(module, p.ImportPath); ok {
			broken = append(broken, checkImports(module, from, p.Imports, standard)...)
			broken = append(broken, checkLinked(from, p.Deps)...)
		}
	}
	slices.Sort(broken)
	return broken
}

// checkImports applies the rules of direct imports. A tree of allowed imports
// contains only allowed transitive ones.
func checkImports(module, from string, imports []string, standard map[string]bool) []string {
	var broken []string
	for _, path := range imports {
		to, own := relative(module, path)
		switch {
		case own && !mayImport(from, to):
			broken = append(broken, fmt.Sprintf("%s must not import %s", from, to))
		case !own && from == root && !standard[path]:
			broken = append(broken, fmt.Sprintf("%s must not import %s: it needs the standard library alone", from, path))
		}
	}
	return broken
}

// checkLinked applies the rules of transitive imports to heavy modules.
func checkLinked(from string, deps []string) []string {
	var broken []string
	for _, heavy := range forbiddenModules(from) {
		for _, path := range deps {
			if under(path, heavy) {
				broken = append(broken, fmt.Sprintf("%s must not link %s (it links %s)", from, heavy, path))
				break
			}
		}
	}
	return broken
}

// relative turns an import path into one relative to the module; root is ".".
func relative(module, path string) (string, bool) {
	if path == module {
		return root, true
	}
	return strings.CutPrefix(path, module+"/")
}

// under reports whether path is tree or lies below it.
func under(path, tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") }
