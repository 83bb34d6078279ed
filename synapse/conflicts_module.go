package synapse

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// passwordModules are Python packages whose modules check passwords.
func passwordModules() []string {
	return []string{
		"ldap_auth_provider",          // matrix-synapse-ldap3
		"shared_secret_authenticator", // matrix-synapse-shared-secret-auth
		"rest_auth_provider",          // matrix-synapse-rest-password-provider
		"matrix_corporal",
		"matrix_synapse_saml",
		"synapse_token_authenticator",
	}
}

// moduleConflicts are about the modules that Synapse loads. One that registers a
// password checker passes "python -m synapse.config" and stops the boot.
func moduleConflicts() []conflict {
	return []conflict{
		{
			code: "module-password-provider", path: "modules[].module", holds: isPasswordModule, named: true,
			does:   "Synapse loads a module that checks passwords",
			reason: "MAS checks passwords", remove: "modules[]",
			moved: "passwords and logins that this module checks are not known to MAS",
		},
		{
			code: "module-unknown", path: "modules[].module", holds: isUnknownModule, effect: unknown, named: true,
			advice: "look for register_password_auth_provider_callbacks in its source",
		},
		{
			code: "wrong-type", path: "modules", holds: isTrueNoList, effect: crashes, masked: true,
			advice: "write a list of modules, or remove it",
		},
		{
			code: "wrong-type", path: "modules[]", holds: isNoModule, effect: crashes, masked: true,
			advice: "write a mapping with module: package.Class, and its config",
		},
	}
}

// isModule reports whether a name is one of a class in a Python module.
func isModule(l look) bool {
	name := l.entry().Scalar()
	dot := strings.LastIndexByte(name.Text, '.')
	return name.Kind == yamledit.KindString && dot > 0 && dot < len(name.Text)-1
}

func isPasswordModule(l look) bool {
	pkg, _, _ := strings.Cut(l.entry().Scalar().Text, ".")
	return isModule(l) && slices.Contains(passwordModules(), pkg)
}

func isUnknownModule(l look) bool { return isModule(l) && !isPasswordModule(l) }

// isNoModule: Synapse wants a mapping that names a class.
func isNoModule(l look) bool {
	name, ok := l.config.below(l.setting, "module")
	return !ok || !isModule(look{setting: name})
}
