package mas

import (
	"cmp"
	"net/url"

	"github.com/maskit-dev/maskit"
)

// compareAddresses judges changes of what clients and identity providers know MAS by.
func compareAddresses(old, next *Config) maskit.Problems {
	oldBase, oldIssuer := addresses(old.HTTP)
	base, issuer := addresses(next.HTTP)
	switch {
	case oldBase != base:
		return maskit.Problems{{
			Path: "http.public_base", Code: "public-address-changed", Severity: maskit.SeverityWarning,
			Message: "the callback and logout URLs at every identity provider, the registered clients, and what Synapse has cached go by the old address",
			Hint:    "register the new URLs first, and restart every Synapse process afterwards",
		}}
	case oldIssuer != issuer:
		return maskit.Problems{{
			Path: "http.issuer", Code: "issuer-changed", Severity: maskit.SeverityWarning,
			Message: "clients compare the issuer with the one they know, and Synapse has cached it",
			Hint:    "restart every Synapse process afterwards; signed-in clients may have to sign in again",
		}}
	}
	return nil
}

// addresses returns the public address and the issuer that MAS uses. A bare host
// gains a slash there.
func addresses(h *HTTP) (base, issuer string) {
	base = "http://[::]:8080/"
	if h != nil {
		base, issuer = h.PublicBase, h.Issuer
	}
	return withRoot(base), withRoot(cmp.Or(issuer, base))
}

func withRoot(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" && u.Path == "" {
		u.Path = "/"
		return u.String()
	}
	return address
}

// compareHomeserver judges changes of what MAS and Synapse agree on.
func compareHomeserver(old, next *Config) maskit.Problems {
	var problems maskit.Problems
	if homeserver(old) != homeserver(next) {
		problems = append(problems, maskit.Problem{
			Path: "matrix.homeserver", Code: "homeserver-changed",
			Message: "the user ids of all accounts end in the server name, which a homeserver cannot change",
			Hint:    "keep it, unless it never was what Synapse calls itself",
		})
	}
	switch before, after := old.Matrix.Secret, next.Matrix.Secret; {
	case before.IsZero() && after.IsZero():
	case inFile(before, after):
		problems = append(problems, notCompared("matrix.secret", "shared-secret-not-compared", "the secret that MAS and Synapse share"))
	case !before.Inline.Equal(after.Inline):
		problems = append(problems, maskit.Problem{
			Path: "matrix.secret", Code: "shared-secret-changed", Severity: maskit.SeverityWarning,
			Message: "every login and every token check fails while Synapse has another secret",
			Hint:    "change it in homeserver.yaml too and restart both together",
		})
	}
	return problems
}

// compareDatabase warns when MAS is pointed at another database.
func compareDatabase(old, next *Config) maskit.Problems {
	before, errBefore := old.Database.target()
	after, errAfter := next.Database.target()
	if errBefore == nil && errAfter == nil && before.data() == after.data() {
		return nil
	}
	return maskit.Problems{{
		Path: "database", Code: "database-changed", Severity: maskit.SeverityWarning,
		Message: "MAS will use another database: in an empty one there are no accounts, sessions and links",
		Hint:    "move the data while MAS is stopped, or make sure that it is the same database under another name",
	}}
}
