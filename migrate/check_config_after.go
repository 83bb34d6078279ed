package migrate

import (
	"cmp"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// section is where Synapse has its settings of MAS.
const section = "matrix_authentication_service"

// afterwards judges Synapse's configuration as it will be: what has to go, which is an
// info where [synapse.Delegate.Patch] removes it, and what keeps Synapse from starting
// all the same.
func (c *configCheck) afterwards(source Source) {
	delegate, judged := complete(source.Delegate)
	patched, left := delegate.Patch(source.Files)
	for _, p := range patched.Found.Only(maskit.SeverityError) {
		if isConflict(p) {
			p.Severity = maskit.SeverityInfo
			p.Hint = strings.Replace(p.Hint, "Patch removes", "synapse.Delegate.Patch, which makes the configuration for MAS, removes", 1)
			c.add(Finding{Problem: p})
		}
	}
	for _, p := range left {
		if p.Code == "moved-to-mas" || !judged && isAddress(p) {
			continue
		}
		c.add(Finding{Problem: p})
	}
}

// isConflict reports whether a problem is about a setting that has to go, not about the
// section that has to come.
func isConflict(p maskit.Problem) bool {
	key, _, _ := strings.Cut(p.Path, ".")
	return key != section && !isInput(p)
}

// isInput reports whether a problem is about the [synapse.Delegate] itself; Patch says it, too.
func isInput(p maskit.Problem) bool {
	key, _, _ := strings.Cut(p.Path, ".")
	switch key {
	case "site", "secret_path", "force_http2", "mas", "synapse", "":
		return p.Pos.IsZero()
	}
	return false
}

// isAddress reports whether a problem is about where MAS is and its secret, which are not
// given.
func isAddress(p maskit.Problem) bool {
	key, _, _ := strings.Cut(p.Path, ".")
	return key == section || key == "site" || key == "secret_path"
}

// complete gives a Delegate without an address one that is judged by nobody.
func complete(d synapse.Delegate) (_ synapse.Delegate, isGiven bool) {
	isGiven = d.Site.MASURL != "" && d.SecretPath != ""
	d.Site.MASURL = cmp.Or(d.Site.MASURL, "http://mas.invalid:8080/")
	d.SecretPath = cmp.Or(d.SecretPath, "/run/secrets/mas")
	return d, isGiven
}
