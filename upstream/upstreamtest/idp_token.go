package upstreamtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// token is the token endpoint (RFC 6749, 3.2).
func (p *IDP) token(c *call) answer {
	a := p.exchange(c)
	if p.has(Error200) && a.status/100 == 4 {
		code := "bad_verification_code"
		if a.status == http.StatusUnauthorized {
			code = "incorrect_client_credentials"
		}
		return refuse(http.StatusOK, code, "see the documentation")
	}
	return a
}

func (p *IDP) exchange(c *call) answer {
	client, refusal := p.authenticate(c)
	if refusal.status != 0 {
		return refusal
	}
	if c.form.Get("grant_type") != "authorization_code" {
		return refuse(http.StatusBadRequest, "unsupported_grant_type", "only authorization_code is supported")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.codes[c.form.Get("code")]
	delete(p.codes, c.form.Get("code"))
	if wrong := g.refuses(client, c); wrong != "" {
		return refuse(http.StatusBadRequest, "invalid_grant", wrong)
	}
	return p.issue(g, client)
}

// refuses says why the client does not get what the code stands for.
func (g *grant) refuses(client Client, c *call) string {
	switch verifier := c.form.Get("code_verifier"); {
	case g == nil, time.Now().After(g.expires):
		return "Code not valid"
	case g.client != client.ID:
		return "the code is another client's"
	case g.redirectURI != c.form.Get("redirect_uri"):
		return "the redirect URI is another one"
	case g.challenge == "" && verifier != "":
		return "a code verifier without a challenge"
	case g.challenge != "" && challenge(verifier) != g.challenge:
		return "the code verifier does not fit"
	}
	return ""
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// issue makes the tokens. The lock is held.
func (p *IDP) issue(g *grant, client Client) answer {
	access := rand.Text()
	g.expires = time.Now().Add(tokenLife)
	p.tokens[access] = g
	tokens := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(tokenLife.Seconds())}
	if g.scope != "" {
		tokens["scope"] = g.scope
	}
	if g.wantsIDToken() && !p.has(UserinfoOnly) {
		idToken, err := p.keys.sign("JWT", p.idTokenClaims(g, access), client)
		if err != nil {
			return refuse(http.StatusInternalServerError, "server_error", "the ID token cannot be signed")
		}
		tokens["id_token"] = idToken
	}
	return asJSON(http.StatusOK, tokens)
}

func (g *grant) wantsIDToken() bool { return slices.Contains(strings.Fields(g.scope), "openid") }

func (p *IDP) idTokenClaims(g *grant, access string) map[string]any {
	claims := p.claims(g.user)
	if p.has(ThinIDToken) {
		claims = map[string]any{"sub": claims["sub"]}
	}
	now := time.Now()
	maps.Copy(claims, map[string]any{
		"iss": p.Issuer, "aud": g.client, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
		"auth_time": g.since.Unix(), "sid": g.sid, "at_hash": p.keys.halfHash(access),
	})
	if g.nonce != "" && !p.has(NoNonce) {
		claims["nonce"] = g.nonce
	}
	return claims
}

// claims are those about a person. The lock is held.
func (p *IDP) claims(name string) map[string]any {
	claims := map[string]any{"sub": name}
	maps.Copy(claims, p.users[name].Claims)
	if verified, ok := claims["email_verified"].(bool); ok && p.has(StringEmailVerified) {
		claims["email_verified"] = strconv.FormatBool(verified)
	}
	return claims
}

// userinfo is the userinfo endpoint (OpenID Connect Core 1.0, 5.3).
func (p *IDP) userinfo(c *call) answer {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.tokens[token]
	if g == nil || !strings.EqualFold(scheme, "Bearer") || time.Now().After(g.expires) {
		a := refuse(http.StatusUnauthorized, "invalid_token", "the access token is unknown or has expired")
		a.header["WWW-Authenticate"] = `Bearer error="invalid_token"`
		return a
	}
	return asJSON(http.StatusOK, p.claims(g.user))
}
