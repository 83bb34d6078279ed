package synapse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// passwordModules are Python packages whose modules check passwords.
func passwordModules() []string {
	return []string{
		"ldap_auth_provider",          // matrix-synapse-ldap3
		"shared_secret_authenticator", // matrix-synapse-shared-secret-auth
		"rest_auth_provider",          // matrix-synapse-rest-auth
		"matrix_corporal",
	}
}

// lintModules judges the modules that Synapse loads. One that registers a
// password checker passes "python -m synapse.config" and stops the boot.
func lintModules(c config) maskit.Problems {
	modules, ok := c.find("modules")
	if !ok {
		return nil
	}
	var problems maskit.Problems
	for _, item := range c.items(modules) {
		module, ok := c.below(item, "module")
		name := module.Entry.Scalar()
		if !ok || name.Kind != yamledit.KindString {
			continue
		}
		problem := maskit.Problem{Path: module.Path, Pos: module.Pos}
		if pkg, _, _ := strings.Cut(name.Text, "."); slices.Contains(passwordModules(), pkg) {
			problem.Code = "module-password-provider"
			problem.Message = fmt.Sprintf("%s checks passwords, and Synapse does not start with it beside %s (its configuration check does not notice)", name.Text, sectionKey)
			problem.Hint = "remove the module; MAS checks passwords"
		} else {
			problem.Code, problem.Severity = "module-unknown", maskit.SeverityWarning
			problem.Message = fmt.Sprintf("whether %s checks passwords is not known; Synapse would not start with it", name.Text)
			problem.Hint = "look for register_password_auth_provider_callbacks in its source"
		}
		problems = append(problems, problem)
	}
	return problems
}
