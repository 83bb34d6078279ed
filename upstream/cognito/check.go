package cognito

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// issuer is made of the pool's id, which begins with its region. China has a domain of its
// own, which is not verified on a real pool.
func (c Config) issuer() string {
	region, _, _ := strings.Cut(c.UserPool, "_")
	domain := "amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		domain = "amazonaws.com.cn"
	}
	return "https://cognito-idp." + region + "." + domain + "/" + c.UserPool
}

// problems judges what is Cognito's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(c.poolProblems(), c.authProblems())
}

func (c Config) poolProblems() maskit.Problems {
	const path, hint = "user_pool", "the User pool ID on the overview of the pool, such as eu-central-1_AbCdEf123"
	if c.UserPool == "" {
		return check.Required(path, "", hint)
	}
	region, id, _ := strings.Cut(c.UserPool, "_")
	if strings.Count(region, "-") >= 2 && check.Label(path, region) == nil && isAlphanumeric(id) {
		return nil
	}
	return maskit.Problems{{Path: path, Code: "pool-invalid", Message: "is not the id of a user pool", Hint: hint}}
}

func isAlphanumeric(s string) bool {
	other := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	return s != "" && !strings.ContainsFunc(s, other)
}

func (c Config) authProblems() maskit.Problems {
	const path = "token_endpoint_auth_method"
	if c.AuthMethod == mas.AuthNone {
		return maskit.Problems{{
			Path: path, Code: "client-public", Message: "makes MAS a public client, which anybody can pose as",
			Hint: "make an app client with a secret, which cannot be added later",
		}}
	}
	return check.OneOf(path, c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthNone)
}
