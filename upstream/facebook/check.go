package facebook

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Facebook's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		c.versionProblems(),
		c.Claims.Email.Unverifiable(),
		c.emailProblems(),
		c.nameProblems(),
	)
}

// lastRetired is a version that is long gone, which samples still have.
const lastRetired = 11

func (c Config) versionProblems() maskit.Problems {
	const path, hint = "graph_version", "the newest one of Meta's Graph API changelog, such as v24.0"
	if c.GraphVersion == "" {
		return check.Required(path, "", hint)
	}
	major, ok := majorVersion(c.GraphVersion)
	if !ok {
		return maskit.Problems{{Path: path, Code: "version-invalid", Message: "is not a version of the Graph API", Hint: hint}}
	}
	if major <= lastRetired {
		return maskit.Problems{{Path: path, Code: "version-retired", Message: "was retired years ago", Hint: hint}}
	}
	return nil
}

// majorVersion reads v24.0, as Meta spells versions.
func majorVersion(s string) (uint64, bool) {
	number, _ := strings.CutPrefix(s, "v")
	first, second, _ := strings.Cut(number, ".")
	major, err := strconv.ParseUint(first, 10, 8)
	if err != nil {
		return 0, false
	}
	minor, err := strconv.ParseUint(second, 10, 8)
	return major, err == nil && s == "v"+strconv.FormatUint(major, 10)+"."+strconv.FormatUint(minor, 10)
}

func (c Config) emailProblems() maskit.Problems {
	if c.Claims.Email.Trust != claims.TrustDirectory {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.email.trust", Code: "email-unverified",
		Message: "believes addresses of which Facebook does not say whether anybody has verified them, and MAS marks them as verified",
		Hint:    "remove it; acknowledge it only if such an address may block, or recover, the account of its owner",
	}}
}

// nameProblems: there is nothing to make a user name of, unless addresses are believed.
func (c Config) nameProblems() maskit.Problems {
	l := c.Claims.Localpart
	if l.Action != mas.ImportForce && l.Action != mas.ImportRequire || l.Claim != "" || l.FromEmail {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.localpart.action", Code: "name-unavailable",
		Message: "needs a user name, which Facebook does not send, so that nobody new gets in",
		Hint:    "remove it; where addresses are believed, claims.localpart.from_email makes names of them",
	}}
}
