package oidc

import (
	"cmp"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// masProblems are the problems that MAS's own rules find in the entry, under our keys.
// What has been reported at a key or below it is not reported there again.
// The templates are left out: they are made of fixed parts, and the conformance suite has
// them judged.
func masProblems(entry upstream.Entry, env upstream.Env, reported maskit.Problems) maskit.Problems {
	imports := &entry.ClaimsImports
	for _, template := range []*string{
		&imports.Subject.Template, &imports.Localpart.Template, &imports.Displayname.Template, &imports.Email.Template, &imports.AccountName.Template,
	} {
		*template = "-" // a text: empty would be judged as the default of MAS
	}
	var out maskit.Problems
	for _, p := range upstream.Validate(entry, env) {
		p.Path = ourPath(p.Path)
		if !covered(p.Path, reported) {
			out = append(out, p)
		}
	}
	return out
}

func covered(path string, reported maskit.Problems) bool {
	for _, p := range reported {
		if rest, found := strings.CutPrefix(p.Path, path); found && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// ourPath is the key of the configuration that a key of the entry is made of. Most
// have the same name.
func ourPath(path string) string {
	key, rest := path, ""
	if end := strings.IndexAny(path, ".["); end >= 0 {
		key, rest = path[:end], path[end:]
	}
	switch key {
	case "authorization_endpoint":
		return "endpoints.authorization"
	case "token_endpoint":
		return "endpoints.token"
	case "userinfo_endpoint":
		return "endpoints.userinfo"
	case "jwks_uri":
		return "endpoints.jwks"
	case "scope":
		return "scopes"
	case "sign_in_with_apple":
		return cmp.Or(strings.TrimPrefix(rest, "."), "token_endpoint_auth_method") // package apple has team_id, key_id and private_key
	case "additional_authorization_parameters":
		return "authorization_parameters" + rest
	case "claims_imports":
		return "claims" + strings.Replace(rest, ".displayname", ".display_name", 1)
	}
	return path
}
