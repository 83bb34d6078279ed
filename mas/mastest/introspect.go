package mastest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// introspection is the answer of RFC 7662, in the order in which MAS writes it.
// There is no iss and no aud.
type introspection struct {
	Active    bool    `json:"active"`
	Scope     *string `json:"scope,omitempty"`
	ClientID  string  `json:"client_id,omitempty"`
	Username  string  `json:"username,omitempty"`
	TokenType string  `json:"token_type,omitempty"`
	Exp       int64   `json:"exp,omitempty"`
	ExpiresIn int64   `json:"expires_in,omitempty"`
	Iat       int64   `json:"iat,omitempty"`
	Nbf       int64   `json:"nbf,omitempty"`
	Sub       string  `json:"sub,omitempty"`
	JTI       string  `json:"jti,omitempty"`
	DeviceID  string  `json:"device_id,omitempty"`
}

// introspect is POST /oauth2/introspect. It looks at the form before the
// credentials and at the token last, as MAS does.
func (s *Server) introspect(c call) answer {
	if refusal := checkForm(c); refusal != nil {
		return *refusal
	}
	if refusal := s.authenticate(c); refusal != nil {
		return *refusal
	}
	if !c.hasForm {
		return refuse(http.StatusBadRequest, "invalid_request", malformed)
	}
	now := s.cfg.Now()
	token, user, ok := s.find(c.FormValue("token"), now)
	hint, hinted := c.form["token_type_hint"]
	if !ok || hinted && hint[0].Reveal() != "access_token" {
		return jsonAnswer(http.StatusOK, introspection{})
	}
	explicitDevice := c.Header.Get("X-MAS-Supports-Device-Id") == "1"
	return jsonAnswer(http.StatusOK, describe(token, user, now, explicitDevice))
}

// find returns an active token and its user, who is zero for a token that a
// client got for itself.
func (s *Server) find(value string, now time.Time) (Token, User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, ok := s.tokens[value]
	if !ok || token.revoked || !token.ExpiresAt.IsZero() && !now.Before(token.ExpiresAt) {
		return Token{}, User{}, false
	}
	user := s.users[token.Username]
	return token, user, !user.Locked && !user.Deactivated
}

func describe(t Token, u User, now time.Time, explicitDevice bool) introspection {
	reply := introspection{
		Active: true, TokenType: "access_token",
		ClientID: t.ClientID, Username: u.Username, Sub: string(u.Sub), JTI: string(t.id),
		Iat: t.IssuedAt.Unix(), Nbf: t.IssuedAt.Unix(),
	}
	if !t.ExpiresAt.IsZero() {
		reply.Exp = t.ExpiresAt.Unix()
		reply.ExpiresIn = int64(t.ExpiresAt.Sub(now) / time.Second)
	}
	scope := slices.Clone(t.Scope)
	if t.Kind == CompatToken {
		reply.ClientID, reply.JTI, reply.DeviceID = "legacy", "", t.DeviceID
		scope = []string{apiScope}
		if t.SynapseAdmin {
			scope = append(scope, "urn:synapse:admin:*")
		}
	}
	if t.DeviceID != "" && (t.Kind != CompatToken || !explicitDevice) {
		scope = append(scope, deviceScope+t.DeviceID)
	}
	text := strings.Join(bothSpellings(scope), " ")
	reply.Scope = &text
	return reply
}

// The scopes of the Matrix specification, and how MSC2967 spelt them before.
const (
	apiScope            = "urn:matrix:client:api:*"
	deviceScope         = "urn:matrix:client:device:"
	unstableAPIScope    = "urn:matrix:org.matrix.msc2967.client:api:*"
	unstableDeviceScope = "urn:matrix:org.matrix.msc2967.client:device:"
)

// bothSpellings adds the stable and the unstable spelling of each scope, sorted.
func bothSpellings(scope []string) []string {
	set := map[string]bool{}
	for _, s := range scope {
		set[s] = true
		if s == apiScope || s == unstableAPIScope {
			set[apiScope], set[unstableAPIScope] = true, true
		}
		for _, prefix := range []string{deviceScope, unstableDeviceScope} {
			if id, ok := strings.CutPrefix(s, prefix); ok {
				set[deviceScope+id], set[unstableDeviceScope+id] = true, true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}
