package upstream

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// authorization are the parameters that MAS sends a browser with (MAS 1.22), without
// those that depend on the person.
func (r *checkRun) authorization() url.Values {
	scopes := strings.Fields(r.entry.Scope)
	slices.Sort(scopes)
	query := url.Values{
		"response_type": {"code"}, "client_id": {r.entry.ClientID}, "redirect_uri": {r.cfg.Env.CallbackURL()},
		"scope": {strings.Join(scopes, " ")}, "state": {rand.Text()[:16]},
	}
	if r.wantsIDToken() {
		query.Set("nonce", rand.Text()[:16])
	}
	if r.usesPKCE() {
		challenge := sha256.Sum256([]byte(verifier()))
		query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
		query.Set("code_challenge_method", "S256")
	}
	if r.entry.ResponseMode != "" {
		query.Set("response_mode", string(r.entry.ResponseMode))
	}
	for name, value := range r.entry.AdditionalAuthorizationParameters {
		if !strings.Contains(value, "{{") && !strings.Contains(value, "{%") { // a template needs the request of a client
			query.Set(name, value)
		}
	}
	return query
}

// verifier is a code verifier of 43 characters (RFC 7636, section 4.1).
func verifier() string {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}

// withQuery adds parameters to an address that may have some.
func withQuery(address string, query url.Values) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	merged := u.Query()
	for name, values := range query {
		merged[name] = values
	}
	u.RawQuery, u.Fragment = merged.Encode(), ""
	return u.String()
}
