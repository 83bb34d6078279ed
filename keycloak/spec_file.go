package keycloak

import (
	"reflect"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// ParseSpec reads a spec from YAML, or from JSON, which is YAML too. Everything that is
// wrong is reported at once, unknown keys included, with its line; it includes what
// [Spec.Validate] finds. The name of the file is for the problems.
func ParseSpec(name string, data []byte) (Spec, maskit.Problems) {
	var spec Spec
	root, problems := strictyaml.Load(name, data)
	if root == nil {
		return spec, problems
	}
	positions, found := strictyaml.Decode(root, &spec, strictyaml.Options{Enum: enumValues})
	problems = append(problems, found...)
	for _, p := range spec.Validate() {
		if p.Pos.IsZero() {
			p.Pos = nearest(positions, p.Path)
		}
		if !known(problems, p) {
			problems = append(problems, p)
		}
	}
	return spec, problems
}

// known reports whether something was reported about the same place already: a value
// that could not be read is not missing, too.
func known(problems maskit.Problems, p maskit.Problem) bool {
	for _, other := range problems {
		if other.Path == p.Path && other.Path != "" {
			return true
		}
	}
	return false
}

// nearest is where a path stands, or the closest thing above it.
func nearest(positions map[string]maskit.Pos, path string) maskit.Pos {
	for path != "" {
		if pos, ok := positions[path]; ok {
			return pos
		}
		path = above(path)
	}
	return maskit.Pos{}
}

func above(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}

// enumValues lists the values of the string types that have few.
func enumValues(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[SSLRequired]():
		return []string{string(SSLAll), string(SSLExternal), string(SSLNone)}
	case reflect.TypeFor[ClientAuth]():
		return []string{string(ClientSecretAuth), string(ClientJWTAuth)}
	case reflect.TypeFor[LogoutScope]():
		return []string{string(LogoutSession), string(LogoutUser)}
	case reflect.TypeFor[MFAScope]():
		return []string{string(MFAOff), string(MFAClient), string(MFARealm)}
	case reflect.TypeFor[UnmanagedAttributes]():
		return []string{string(UnmanagedOff), string(UnmanagedAdminView), string(UnmanagedAdminEdit), string(UnmanagedEnabled)}
	case reflect.TypeFor[SyncMode]():
		return []string{string(SyncImport), string(SyncForce), string(SyncLegacy)}
	case reflect.TypeFor[OIDCClientAuth]():
		return oidcClientAuths()
	case reflect.TypeFor[LDAPVendor]():
		return ldapVendors()
	case reflect.TypeFor[LDAPEditMode]():
		return ldapEditModes()
	case reflect.TypeFor[LDAPTruststore]():
		return ldapTruststores()
	case reflect.TypeFor[Lockout]():
		return []string{string(LockoutOff), string(LockoutTemporary), string(LockoutPermanent), string(LockoutMixed)}
	}
	return nil
}

// YAML writes the spec as [ParseSpec] reads it, without what is left alone. Secrets are
// left out: they belong into files of their own.
func (s Spec) YAML() ([]byte, error) {
	s.own()
	for _, place := range s.secretPlaces() {
		*place.value = maskit.Secret{}
	}
	return strictyaml.Encode(s)
}
