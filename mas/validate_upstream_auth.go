package mas

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// providerAuth checks how MAS authenticates at the provider's token endpoint.
func (c *checker) providerAuth(at place, p UpstreamProvider) {
	method := p.TokenEndpointAuthMethod
	if method == "" {
		c.required(at.key("token_endpoint_auth_method"), "how MAS authenticates: client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, sign_in_with_apple or none")
		return
	}
	if !slices.Contains(method.values(), string(method)) {
		return // reported by enums
	}
	c.secretForMethod(at, p.ClientSecret, method)
	if secret, ok := c.value(at.key("client_secret")); ok && method == AuthClientSecretBasic {
		c.basicAlphabet(secret.at, secret.value.Reveal())
	}
	c.assertionAlg(at.key("token_endpoint_auth_signing_alg"), p)
	c.apple(at.key("sign_in_with_apple"), p)
}

// basicAlphabet warns about characters that RFC 6749, section 2.3.1, encodes and
// that some providers then fail to decode.
func (c *checker) basicAlphabet(at place, secret string) {
	if strings.ContainsFunc(secret, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._*", r))
	}) {
		c.warn(at, "basic-alphabet", "holds characters that are percent-encoded in HTTP Basic, which some providers do not decode", "use client_secret_post if logins fail")
	}
}

// assertionAlg checks the algorithm that signs the client assertion.
func (c *checker) assertionAlg(at place, p UpstreamProvider) {
	alg, method := p.TokenEndpointAuthSigningAlg, p.TokenEndpointAuthMethod
	signs := method == AuthClientSecretJWT || method == AuthPrivateKeyJWT
	switch {
	case !signs && alg != "":
		c.misplaced(at, "with "+string(method))
	case !signs:
	case alg == "":
		c.required(at, "the algorithm that the provider expects of "+string(method))
	case !c.signingAlg(at, alg):
	case method == AuthClientSecretJWT && !strings.HasPrefix(string(alg), "HS"):
		c.fail(at, "alg-mismatch", "is not an algorithm for a shared secret", "use HS256, HS384 or HS512")
	case method == AuthPrivateKeyJWT && strings.HasPrefix(string(alg), "HS"):
		c.fail(at, "alg-mismatch", "is an algorithm for a shared secret", "use RS256 or ES256")
	case method == AuthPrivateKeyJWT && c.signers.complete && !c.signers.signs(alg):
		c.fail(at, "no-signing-key", "is an algorithm that no key of secrets.keys signs with", "add such a key, or use RS256")
	}
}

func (r *signingKeys) signs(alg SigningAlg) bool {
	return slices.ContainsFunc(r.kinds, func(kind keys.Kind) bool {
		return slices.Contains(kind.Algorithms(), string(alg))
	})
}

// signingAlg checks the spelling of an algorithm. MAS takes any word, and then no
// token matches it.
func (c *checker) signingAlg(at place, alg SigningAlg) bool {
	known := alg.values()
	if slices.Contains(known, string(alg)) {
		return true
	}
	for _, name := range known {
		if strings.EqualFold(name, string(alg)) {
			c.fail(at, "alg-case", "is not spelled as in RFC 7518, so that every login fails", "write "+name)
			return false
		}
	}
	c.fail(at, "unknown-value", "is not a signature algorithm that MAS knows", "write one of "+strings.Join(known, ", "))
	return false
}

// providerAlgs checks the algorithms of what the provider signs.
func (c *checker) providerAlgs(at place, p UpstreamProvider) {
	c.verifiable(at.key("id_token_signed_response_alg"), p.IDTokenSignedResponseAlg)
	c.verifiable(at.key("userinfo_signed_response_alg"), p.UserinfoSignedResponseAlg)
	if p.UserinfoSignedResponseAlg != "" && !p.FetchUserinfo {
		c.noEffect(at.key("userinfo_signed_response_alg"), "fetch_userinfo is false")
	}
}

func (c *checker) verifiable(at place, alg SigningAlg) {
	if alg == "" || !c.signingAlg(at, alg) {
		return
	}
	if strings.HasPrefix(string(alg), "HS") || alg == AlgES512 || alg == AlgEdDSA {
		c.fail(at, "alg-unverifiable", "is an algorithm that MAS cannot verify", "make the provider sign with RS256, or PS*, ES256, ES384 or ES256K")
	}
}

// apple checks the key of the method sign_in_with_apple.
func (c *checker) apple(at place, p UpstreamProvider) {
	a := p.SignInWithApple
	switch uses := p.TokenEndpointAuthMethod == AuthSignInWithApple; {
	case uses && a == nil:
		c.required(at, "set team_id, key_id and private_key, which sign_in_with_apple needs")
		return
	case !uses && a != nil:
		c.misplaced(at, "with "+string(p.TokenEndpointAuthMethod))
		return
	case a == nil:
		return
	}
	c.appleID(at.key("team_id"), a.TeamID)
	c.appleID(at.key("key_id"), a.KeyID)
	if a.PrivateKey.IsZero() {
		c.required(at.key("private_key"), "set private_key or private_key_file")
		return
	}
	if key, ok := c.value(at.key("private_key")); ok {
		c.appleKey(key.at, key.value)
	}
}

// appleID checks an id of Apple's developer site: ten letters and digits.
func (c *checker) appleID(at place, id string) {
	if id == "" {
		c.required(at, "ten characters from Apple's developer site")
	} else if len(id) != 10 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		c.warn(at, "apple-id", "is not ten upper-case letters and digits", "copy it from Apple's developer site")
	}
}

// appleKey checks the private key: P-256, with which MAS signs ES256.
func (c *checker) appleKey(at place, value maskit.Secret) {
	key, err := keys.Parse(value, maskit.Secret{})
	if err != nil {
		c.refused(at, err)
		return
	}
	if key.Kind() != keys.P256 {
		c.fail(at, "key-kind", "is not a P-256 key", "use the .p8 file from Apple's developer site")
	}
}
