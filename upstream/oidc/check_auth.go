package oidc

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// authProblems judges how MAS authenticates at the token endpoint.
func (c Config) authProblems() maskit.Problems {
	const path = "token_endpoint_auth_method"
	problems := check.Secret("client_secret", c.ClientSecret)
	switch c.AuthMethod {
	case mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT:
		if c.ClientSecret.IsZero() {
			problems = append(problems, maskit.Problem{
				Path: "client_secret", Code: "required", Message: "is missing, and " + string(c.AuthMethod) + " needs it",
				Hint: "set client_secret or client_secret_file",
			})
		}
	case mas.AuthNone, mas.AuthPrivateKeyJWT:
		if !c.ClientSecret.IsZero() {
			problems = append(problems, maskit.Problem{
				Path: "client_secret", Code: "secret-unused", Message: "is set, but " + string(c.AuthMethod) + " takes none, and MAS refuses it",
				Hint: "remove it, or choose a client_secret_* method",
			})
		}
	case mas.AuthSignInWithApple:
		problems = append(problems, maskit.Problem{
			Path: path, Code: "unknown-value", Message: "sign_in_with_apple works with Apple only, and needs its key",
			Hint: "use the method that the provider lists in token_endpoint_auth_methods_supported",
		})
	case "":
		problems = append(problems, check.Required(path, "",
			"what the client was registered with: client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt or none")...)
	default:
		problems = append(problems, check.OneOf(path, c.AuthMethod, mas.AuthNone, mas.AuthClientSecretBasic,
			mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT)...)
	}
	return append(problems, c.authAlgProblems()...)
}

func (c Config) authAlgProblems() maskit.Problems {
	const path = "token_endpoint_auth_signing_alg"
	switch c.AuthMethod {
	case mas.AuthClientSecretJWT:
		return check.OneOf(path, c.AuthSigningAlg, mas.AlgHS256, mas.AlgHS384, mas.AlgHS512)
	case mas.AuthPrivateKeyJWT:
		return check.OneOf(path, c.AuthSigningAlg, verifiable()...)
	}
	if c.AuthSigningAlg == "" {
		return nil
	}
	return maskit.Problems{{
		Path: path, Code: "alg-unused", Message: "is set, but the method signs nothing, and MAS refuses it",
		Hint: "remove it, or use client_secret_jwt or private_key_jwt",
	}}
}

// verifiable lists the algorithms that MAS implements with key pairs: it can neither
// sign nor verify ES512 and EdDSA.
func verifiable() []mas.SigningAlg {
	return []mas.SigningAlg{
		mas.AlgRS256, mas.AlgRS384, mas.AlgRS512, mas.AlgPS256, mas.AlgPS384, mas.AlgPS512,
		mas.AlgES256, mas.AlgES384, mas.AlgES256K,
	}
}

// algProblems judges the algorithms of what the provider signs. MAS knows more names
// than it can verify, and then fails at the first login.
func (c Config) algProblems() maskit.Problems {
	var problems maskit.Problems
	for _, field := range []struct {
		path string
		alg  mas.SigningAlg
	}{
		{"id_token_signed_response_alg", c.IDTokenAlg},
		{"userinfo_signed_response_alg", c.UserinfoAlg},
	} {
		if field.alg == "" || slices.Contains(verifiable(), field.alg) {
			continue
		}
		problem := maskit.Problem{
			Path: field.path, Code: "alg-unverifiable", Message: "is not an algorithm that MAS can verify",
			Hint: "set the client at the provider to RS256, and remove this",
		}
		if upper := mas.SigningAlg(strings.ToUpper(string(field.alg))); slices.Contains(verifiable(), upper) {
			problem.Code, problem.Hint = "alg-case", "write "+string(upper)
		}
		problems = append(problems, problem)
	}
	return problems
}
