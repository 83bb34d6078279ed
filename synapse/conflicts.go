package synapse

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// conflict is one row of the table of what keeps Synapse from starting beside an
// enabled matrix_authentication_service. Lint, Patch and Overlay read nothing
// else. Source of every row: Synapse 1.136 to 1.163, config/mas.py and the modules
// of config that it asks; the tests put each row before the real Synapse.
type conflict struct {
	// code is that of the finding.
	code string
	// path is the setting that is judged. "[]" stands for each item of a list.
	path string
	// since and until are the releases between which the row holds; an unknown
	// version counts as the newest.
	since, until maskit.Version
	// holds judges the setting as Synapse evaluates it.
	holds func(look) bool
	// effect says what Synapse makes of it.
	effect effect
	// does says, of a conflict, what Synapse may not do; of what crashes Synapse,
	// what is wrong, if that is not the type.
	does string
	// reason says why the setting can go.
	reason string
	// remove is what Patch takes out, as a path; "" if it can take out nothing.
	remove string
	// advice says what else to do, above all about what Patch cannot take out.
	advice string
	// moved says what people lose until MAS takes the job over; "" if nothing.
	moved string
	// masked is set where the value may be a secret, or hold one.
	masked bool
	// named is set where a string is a name that may be shown.
	named bool
}

// effect is what Synapse makes of a setting.
type effect int

const (
	// refused: Synapse names the conflict and does not start.
	refused effect = iota
	// crashes: Synapse does not start, whether it delegates or not.
	crashes
	// outdated: a later Synapse does not start.
	outdated
	// unknown: nobody can tell from the files.
	unknown
)

// conflicts is the table.
func conflicts() []conflict {
	return slices.Concat(accountConflicts(), ssoConflicts(), passwordProviderConflicts(), sessionConflicts(), moduleConflicts(), experimentalConflicts())
}

// replacement is the value that makes a top-level key harmless, as YAML. For an
// overlay it stands for the whole section, unless that keeps its other settings.
func replacement(key string) (value string, keepsRest bool) {
	switch key {
	case "password_config", "login_via_existing_session":
		return "{enabled: false}", false
	case "enable_registration", "enable_registration_captcha", "enable_3pid_changes":
		return "false", false
	case "disable_registration":
		return "true", false
	case "ldap_config": // null crashes Synapse
		return "{}", false
	case "oidc_providers", "password_providers":
		return "[]", false
	case "modules":
		return "[]", true
	case "experimental_features": // Synapse 1.157.0 crashes on an empty section, and takes this
		return "{msc3861: {}}", true
	}
	return "null", false
}

// look is a setting that is judged, and where.
type look struct {
	config  config
	setting setting
	version maskit.Version
}

// finding is a row that holds.
type finding struct {
	conflict
	at setting
}

// applies reports whether the row holds for a version at all.
func (r conflict) applies(v maskit.Version) bool {
	return (r.since.IsZero() || !before(v, r.since)) && (r.until.IsZero() || before(v, r.until))
}

// judge puts all settings before all rows.
func (d Delegate) judge(c config) []finding {
	var findings []finding
	for _, row := range conflicts() {
		if !row.applies(d.SynapseVersion) {
			continue
		}
		for _, s := range c.settings(row.path) {
			if row.holds(look{c, s, d.SynapseVersion}) {
				findings = append(findings, finding{row, s})
			}
		}
	}
	return findings
}

// settings looks up all settings of a path.
func (c config) settings(path string) []setting {
	list, rest, isList := strings.Cut(path, "[]")
	s, ok := c.find(strings.Split(list, ".")...)
	switch {
	case !ok:
		return nil
	case !isList:
		return []setting{s}
	}
	var settings []setting
	for _, item := range c.items(s) {
		if rest == "" {
			settings = append(settings, item)
		} else if found, ok := c.below(item, strings.Split(rest[1:], ".")...); ok {
			found.item = item.item
			settings = append(settings, found)
		}
	}
	return settings
}

// entry is what the setting says.
func (l look) entry() yamledit.Entry { return l.setting.Entry }

// has reports whether the section has a key with a true value.
func (l look) has(key string) bool {
	found, ok := l.config.below(l.setting, key)
	return ok && found.Truthy()
}

// lacks reports whether the section does not have a key.
func (l look) lacks(key string) bool {
	_, ok := l.config.below(l.setting, key)
	return !ok
}
