package keycloaktest

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

const (
	scopeOpenID = "openid"
	// The keys of a mapper's configuration that say where its claim stands.
	inID       = "id.token.claim"
	inAccess   = "access.token.claim"
	inUserinfo = "userinfo.token.claim"
)

// scopesFor are the scopes that a request asks for, if the client may have them all.
func (r *realm) scopesFor(at *client, asked string) ([]string, bool) {
	names := strings.Fields(asked)
	for _, name := range names {
		s := r.scopeByName(name)
		if name != scopeOpenID && (s == nil || !slices.Contains(at.defaults, s.id) && !slices.Contains(at.optionals, s.id)) {
			return nil, false
		}
	}
	return names, true
}

// effective are the client scopes that count: the default ones, and the optional ones
// that were asked for.
func (r *realm) effective(at *client, asked []string) []*scope {
	var out []*scope
	for _, id := range at.defaults {
		out = append(out, r.scopes[id])
	}
	for _, id := range at.optionals {
		if s := r.scopes[id]; slices.Contains(asked, str(s.doc, "name")) {
			out = append(out, s)
		}
	}
	return out
}

// shownScopes are the names that stand in the claim scope.
func (r *realm) shownScopes(at *client, asked []string) []string {
	var names []string
	if slices.Contains(asked, scopeOpenID) {
		names = append(names, scopeOpenID)
	}
	for _, s := range r.effective(at, asked) {
		if s.attributes["include.in.token.scope"] != "false" {
			names = append(names, str(s.doc, "name"))
		}
	}
	return names
}

// common are the claims that stand in every token.
func (c *call) common(g *grant, kind string, life time.Duration) document {
	claims := document{
		"iat": c.now().Unix(), "exp": c.now().Add(life).Unix(), "jti": c.uuid(), "iss": c.issuer(), "typ": kind, "azp": g.client.clientID(),
	}
	if g.session != nil {
		claims["sid"] = g.session.id
	}
	return claims
}

// accessClaims leave out nearly everything for clients whose tokens are lightweight.
func (c *call) accessClaims(g *grant) document {
	claims := c.common(g, "Bearer", c.realm.seconds("accessTokenLifespan"))
	claims["scope"] = strings.Join(c.realm.shownScopes(g.client, g.scope), " ")
	if g.client.attributes["client.use.lightweight.access.token.enabled"] != "true" {
		c.mapClaims(claims, g, inAccess)
	}
	return claims
}

func (c *call) refreshClaims(g *grant, life time.Duration) document {
	claims := c.common(g, "Refresh", life)
	claims["aud"] = c.issuer()
	return claims
}

func (c *call) idClaims(g *grant, access string) document {
	claims := c.common(g, "ID", c.realm.seconds("accessTokenLifespan"))
	claims["aud"], claims["sub"] = g.client.clientID(), g.user.id
	if access != "" {
		sum := sha256.Sum256([]byte(access))
		claims["at_hash"] = base64.RawURLEncoding.EncodeToString(sum[:16])
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	c.mapClaims(claims, g, inID)
	return claims
}

func (c *call) userinfoClaims(g *grant) document {
	claims := document{"sub": g.user.id}
	c.mapClaims(claims, g, inUserinfo)
	return claims
}

// shows reports whether a claim stands in a token. Userinfo has what the ID token has,
// unless the mapper says otherwise.
func shows(config document, where string) bool {
	if _, said := config[where]; where == inUserinfo && !said {
		where = inID
	}
	return config[where] == "true"
}

// mapClaims writes what the mappers of the client and of its scopes say.
func (c *call) mapClaims(claims document, g *grant, where string) {
	var mappers []document
	for _, s := range c.realm.effective(g.client, g.scope) {
		mappers = append(mappers, s.mappers...)
	}
	for _, m := range append(mappers, g.client.mappers...) {
		if m["protocol"] != protocolOIDC {
			continue
		}
		config := object(m, "config")
		provider := str(m, "protocolMapper")
		if shows(config, where) && !(provider == acrMapper && where == inUserinfo) {
			c.mapOne(claims, g, provider, config)
		}
	}
}
