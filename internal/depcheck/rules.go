package depcheck

import (
	"slices"
	"strings"
)

// root is the module's root package in the relative paths of the rules.
const root = "."

// rootDirs are the only directories at the top of the module, those that begin
// with a dot aside.
func rootDirs() []string {
	return []string{"examples", "internal", "keycloak", "mas", "migrate", "scale", "synapse", "upstream"}
}

// mayImport reports whether one package of the module may import another.
func mayImport(from, to string) bool {
	switch {
	case under(to, "examples"):
		return under(from, "examples")
	case under(to, "internal/live"), under(to, "internal/golden"), under(to, "internal/bench"), under(to, "internal/depcheck"):
		return isFree(from)
	case isFree(from):
		return true
	}
	return slices.ContainsFunc(allowed(from), func(pattern string) bool { return matches(to, pattern) })
}

// isFree reports whether a package is a program or a test harness, which may
// import anything.
func isFree(from string) bool {
	return under(from, "examples") || under(from, "internal/live") || under(from, "internal/bench")
}

// allowed lists what a package may import from the module: a path, or a tree
// with a final /...
func allowed(from string) []string {
	base := []string{root, "internal/..."}
	top, _, below := strings.Cut(from, "/")
	switch {
	case from == root:
		return nil
	case from == "mas":
		return append(base, "mas/keys")
	case from == "mas/keys":
		return base
	case under(from, "mas/kube"):
		return append(base, "mas/...", "scale", "synapse/routes")
	case under(from, "keycloak/masclient"):
		return append(base, "keycloak/...", "upstream", "upstream/keycloak")
	case top == "upstream":
		return append(base, "mas", "upstream/...")
	case top == "migrate":
		return append(base, "mas/...", "synapse/...", "upstream", "scale", "migrate/...")
	case top == "internal":
		return base
	case !below && slices.Contains([]string{"synapse", "keycloak", "scale"}, top):
		return base
	case slices.Contains([]string{"mas", "synapse", "keycloak", "scale"}, top):
		return append(base, top+"/...")
	}
	return nil
}

func matches(to, pattern string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return under(to, tree)
	}
	return to == pattern
}

// forbiddenModules lists what the package must not link, not even through others.
func forbiddenModules(from string) []string {
	kubernetes := []string{"k8s.io", "sigs.k8s.io"}
	switch {
	case isPure(from):
		return append(kubernetes, "github.com/jackc/pgx", "github.com/Nerzal/gocloak")
	case under(from, "migrate") && !under(from, "migrate/kube"):
		return kubernetes
	}
	return nil
}

// isPure reports whether a package must stay free of heavy clients.
func isPure(from string) bool {
	pure := []string{root, "mas", "mas/keys", "mas/mascli", "mas/observe", "synapse", "synapse/routes", "synapse/probe", "scale"}
	return slices.Contains(pure, from) || under(from, "upstream")
}
