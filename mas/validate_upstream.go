package mas

import (
	"net/url"
	"slices"
	"strings"
)

// upstream checks the section upstream_oauth2: configuration reference of MAS
// 1.22, "upstream_oauth2". MAS refuses some of it at "config check", and finds the
// rest when somebody logs in.
func (c *checker) upstream() {
	const at place = "upstream_oauth2"
	up := c.config.UpstreamOAuth2
	if up == nil {
		return
	}
	if up.Providers == nil {
		c.required(at.key("providers"), "list a provider, or remove the section")
	}
	ids, idps := map[string]bool{}, map[string]bool{}
	for i, p := range up.Providers {
		here := at.key("providers").at(i)
		if c.ulid(here.key("id"), p.ID) {
			c.once(here.key("id"), p.ID, ids)
		}
		c.synapseID(here.key("synapse_idp_id"), p.SynapseIDPID, idps)
		c.provider(here, p)
	}
}

func (c *checker) provider(at place, p UpstreamProvider) {
	if p.ClientID == "" {
		c.required(at.key("client_id"), "the id that the provider gave MAS")
	}
	c.providerIssuer(at, p)
	c.providerEndpoints(at, p)
	c.providerAuth(at, p)
	c.providerAlgs(at, p)
	c.scope(at.key("scope"), p)
	c.claims(at.key("claims_imports"), p.ClaimsImports)
	c.parameters(at, p)
	c.brand(at.key("brand_name"), p.BrandName)
	c.providerLogout(at.key("on_backchannel_logout"), p)
}

func (p UpstreamProvider) discovers() bool { return p.DiscoveryMode != DiscoveryDisabled }

// asksOpenID reports whether the provider answers with an ID token.
func (p UpstreamProvider) asksOpenID() bool {
	return p.Scope == "" || slices.Contains(strings.Fields(p.Scope), "openid")
}

// synapseID checks the id that the migration finds Synapse's provider by.
func (c *checker) synapseID(at place, id string, seen map[string]bool) {
	if id == "" {
		return
	}
	if seen[id] {
		c.fail(at, "duplicate", "is the id of an earlier provider", "give every provider the one that it had in Synapse")
	}
	seen[id] = true
	if id != "oidc" && id != "saml" && id != "cas" && !strings.HasPrefix(id, "oidc-") {
		c.warn(at, "synapse-idp-id", "is not what Synapse stores: it prefixes idp_id with oidc-", "write oidc-"+id)
	}
}

func (c *checker) providerIssuer(at place, p UpstreamProvider) {
	if p.DiscoveryMode == DiscoveryInsecure {
		c.warn(at.key("discovery_mode"), "discovery-insecure", "lets the provider's metadata be wrong and unencrypted", "use oidc, which is the default")
	}
	at = at.key("issuer")
	if p.Issuer == "" {
		if p.discovers() {
			c.required(at, "the issuer exactly as the provider's discovery document has it")
		} else {
			c.warn(at, "issuer-unchecked", "is missing, so ID tokens of any issuer are accepted", "set it if the provider issues ID tokens")
		}
		return
	}
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.TrimSpace(p.Issuer) != p.Issuer:
		if p.discovers() {
			c.fail(at, "url-invalid", "is not an http or https URL", "the issuer exactly as the provider's discovery document has it")
		}
	case p.DiscoveryMode == DiscoveryInsecure, !p.discovers():
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(p.Issuer, "#"):
		c.fail(at, "url-query", "has a query or fragment, which OpenID Connect Discovery forbids", "the issuer exactly as the provider's discovery document has it")
	case u.Scheme != "https":
		c.fail(at, "url-not-https", "is a plain http address, which fails at every login", "use https, or discovery_mode insecure in tests")
	}
}

// providerEndpoints checks the endpoints, which are required where they are not discovered.
func (c *checker) providerEndpoints(at place, p UpstreamProvider) {
	for _, e := range []struct {
		key, value string
		needed     bool
	}{
		{"authorization_endpoint", p.AuthorizationEndpoint, true},
		{"token_endpoint", p.TokenEndpoint, true},
		{"jwks_uri", p.JWKSURI, p.asksOpenID()},
		{"userinfo_endpoint", p.UserinfoEndpoint, p.FetchUserinfo},
	} {
		if e.value == "" && e.needed && !p.discovers() {
			c.required(at.key(e.key), "set it, because discovery is disabled")
		}
		if e.value == "" {
			continue
		}
		c.providerEndpoint(at.key(e.key), e.value)
	}
	if p.UserinfoEndpoint != "" && !p.FetchUserinfo {
		c.noEffect(at.key("userinfo_endpoint"), "fetch_userinfo is false")
	}
	if !p.discovers() && (p.PKCEMethod == "" || p.PKCEMethod == PKCEAuto) {
		c.warn(at.key("pkce_method"), "pkce-off", "is auto, which means none without discovery", "set it to always, or to never if the provider refuses PKCE")
	}
	if !p.asksOpenID() && !p.FetchUserinfo {
		c.fail(at.key("fetch_userinfo"), "no-claims", "is false and scope lacks openid, so there are no claims and every login fails", "set it to true, or add openid to scope")
	}
}

// providerEndpoint checks one endpoint: RFC 6749, section 3.1, allows a query there,
// and no fragment.
func (c *checker) providerEndpoint(at place, raw string) {
	u, ok := c.webURL(at, raw)
	switch {
	case !ok:
	case u.User != nil:
		c.fail(at, "url-userinfo", "contains a user name or password", "remove it; MAS authenticates by token_endpoint_auth_method")
	case strings.Contains(raw, "#"):
		c.fail(at, "url-fragment", "has a fragment", "remove everything from the # on")
	default:
		c.https(at, u)
	}
}

// scope checks RFC 6749, section 3.3: MAS splits it on single spaces, and a doubled one stops
// MAS at start.
func (c *checker) scope(at place, p UpstreamProvider) {
	if p.Scope == "" {
		return
	}
	for _, token := range strings.Split(p.Scope, " ") {
		if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
			c.fail(at, "scope-invalid", "is not a list of words with single spaces between them, which stops MAS at start", "such as openid profile email")
			return
		}
	}
	if p.discovers() && !p.asksOpenID() {
		c.warn(at, "scope-no-openid", "lacks openid, so there is no ID token, and no back-channel logout", "add openid")
	}
}

// brand checks the icon: the templates of MAS draw seven.
func (c *checker) brand(at place, brand string) {
	known := []string{"apple", "google", "facebook", "github", "gitlab", "twitter", "discord"}
	if brand != "" && !slices.Contains(known, brand) {
		c.warn(at, "no-icon", "has no icon, which leaves an empty slot on the button", "remove it, or use one of "+strings.Join(known, ", "))
	}
}

func (c *checker) providerLogout(at place, p UpstreamProvider) {
	acts := p.OnBackchannelLogout == LogoutBrowserOnly || p.OnBackchannelLogout == LogoutAll
	switch {
	case acts && !p.asksOpenID():
		c.noEffect(at, "without the scope openid there is no ID token, and a logout finds no session")
	case !acts && strings.Contains(p.Issuer, "/realms/"):
		c.warn(at, "logout-ignored", "does nothing, although Keycloak can tell MAS about logouts", "set it to logout_all, and register the back-channel URL at Keycloak")
	case p.OnBackchannelLogout == LogoutBrowserOnly:
		c.warn(at, "logout-partial", "leaves Matrix clients signed in", "set it to logout_all")
	}
}
