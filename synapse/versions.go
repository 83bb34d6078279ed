package synapse

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// sinceForceHTTP2 is the release that brought force_http2.
func sinceForceHTTP2() maskit.Version { return v(151, 0) }

// v is a release of Synapse 1.
func v(minor, patch int) maskit.Version { return maskit.Version{Major: 1, Minor: minor, Patch: patch} }

// rc1 is the first of the candidates of a release.
func rc1(minor int) maskit.Version { return maskit.Version{Major: 1, Minor: minor, Pre: "rc1"} }

// before reports whether the version is known and older.
func before(v, release maskit.Version) bool { return !v.IsZero() && !v.AtLeast(release) }

// is reports whether the version is the release or one of its candidates.
func is(v maskit.Version, minor, patch int) bool {
	return v.Major == 1 && v.Minor == minor && v.Patch == patch
}

// lintVersion reports what a version of Synapse does beside MAS that people
// should know of (Synapse's change log, 1.136 to 1.163).
func (d Delegate) lintVersion(c config) maskit.Problems {
	if d.SynapseVersion.IsZero() {
		return nil
	}
	note := func(severity maskit.Severity, code, message, hint string) maskit.Problem {
		return maskit.Problem{Path: "synapse", Code: code, Severity: severity, Message: fmt.Sprintf("version %s %s", d.SynapseVersion, message), Hint: hint}
	}
	var problems maskit.Problems
	if before(d.SynapseVersion, rc1(156)) {
		problems = append(problems, note(maskit.SeverityWarning, "dehydrated-devices",
			"deletes dehydrated devices when MAS synchronises the devices of a user", "upgrade Synapse to 1.156 or later"))
	}
	if before(d.SynapseVersion, rc1(138)) {
		problems = append(problems, note(maskit.SeverityInfo, "auth-metadata-unstable",
			"serves auth_metadata at its unstable path only, which newer clients may not ask", "upgrade Synapse to 1.138 or later"))
	}
	services, ok := c.find("app_service_config_files")
	if ok && services.Truthy() && !before(d.SynapseVersion, rc1(139)) {
		p := note(maskit.SeverityInfo, "appservice-login",
			"does not let application services log users in beside MAS: they must register users with inhibit_login", "check that your bridges know MSC4190")
		p.Path, p.Pos = services.Path, services.Pos
		problems = append(problems, p)
	}
	return problems
}
