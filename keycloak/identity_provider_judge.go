package keycloak

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// providerRealm is what the realm says about an identity provider that is to be written.
type providerRealm struct {
	// noFlow says that the realm lacks the flow of first logins.
	noFlow bool
	// ssl is who must use https, as the realm will have it; empty if that is not known.
	ssl SSLRequired
}

// around reads what matters about the provider besides itself, if it is to be written.
func (p IdentityProvider) around(ctx context.Context, r *run, raw map[string]any) (providerRealm, error) {
	var around providerRealm
	if flow := p.FirstLoginFlow.V; flow != "" && text(raw, "firstBrokerLoginFlowAlias") != flow {
		exists, err := r.hasFlow(ctx, flow)
		if err != nil {
			return around, err
		}
		around.noFlow = !exists
	}
	if len(p.plainURLs()) == 0 || raw != nil && !differ(p.fields(), raw) {
		return around, nil
	}
	have, err := findRealm(ctx, r)
	switch {
	case r.spec.Realm.SSLRequired != "":
		around.ssl = r.spec.Realm.SSLRequired
	case have.raw == nil:
		around.ssl = SSLExternal // a new realm has it
	default:
		around.ssl = SSLRequired(text(have.raw, "sslRequired"))
	}
	return around, err
}

// differ reports whether a document does not hold all that is wanted.
func differ(fields []field, raw map[string]any) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return !f.satisfied(lookup(raw, f.path)) })
}

func (p IdentityProvider) judge(have state) maskit.Problems {
	var ps maskit.Problems
	around, _ := have.more.(providerRealm)
	if around.noFlow {
		ps = append(ps, maskit.Problem{Path: "first_login_flow", Code: "flow-missing", Message: "the realm has no flow of that name", Hint: "check the spelling, letter case included"})
	}
	ps = append(ps, p.judgePlainURLs(around.ssl)...)
	if have.raw == nil {
		if lacking := p.lacking(); lacking != "" {
			ps = append(ps, maskit.Problem{Code: "provider-incomplete", Message: "does not exist yet, and cannot work without " + lacking, Hint: "set it"})
		}
		return append(ps, unfamiliar("type", p.Type, providerTypes())...)
	}
	if is := text(have.raw, "providerId"); is != p.Type {
		ps = append(ps, maskit.Problem{
			Path: "type", Code: "provider-type", Message: fmt.Sprintf("the identity provider exists with the type %q, and a type cannot be changed", is),
			Hint: "use another alias: people are linked to the identity provider by it",
		})
	}
	return ps
}

// providerTypes are those that Keycloak brings along (26.0 and 26.7).
func providerTypes() []string {
	return []string{
		ProviderOIDC, ProviderSAML, "keycloak-oidc", "oauth2", "jwt-authorization-grant", "kubernetes", "bitbucket", "facebook", "github", "gitlab", "google",
		"instagram", "linkedin-openid-connect", "microsoft", "openshift-v3", "openshift-v4", "paypal", "stackoverflow", "twitter",
	}
}

// plainURL is an address without encryption that Keycloak looks at.
type plainURL struct{ path, host string }

// plainURLs are the addresses with http that Keycloak refuses by ssl_required.
func (p IdentityProvider) plainURLs() []plainURL {
	paths := map[string]string{ //nolint:gosec // names of settings
		"authorizationUrl": "oidc.authorization_url", "tokenUrl": "oidc.token_url", "userInfoUrl": "oidc.userinfo_url", "logoutUrl": "oidc.logout_url",
		"jwksUrl": "oidc.jwks_url", "singleSignOnServiceUrl": "saml.sso_url", "singleLogoutServiceUrl": "saml.logout_url", "metadataDescriptorUrl": "saml.metadata_url",
	}
	var out []plainURL
	for _, f := range p.fields() {
		path, known := paths[f.path[len(f.path)-1]]
		address, _ := f.want.(string)
		u, err := url.Parse(address)
		if !known || err != nil || !strings.EqualFold(u.Scheme, "http") {
			continue
		}
		if key := f.path[len(f.path)-1]; p.Config[key] != "" {
			path = "config." + key
		}
		out = append(out, plainURL{path, u.Hostname()})
	}
	return out
}

// judgePlainURLs says which of the addresses the realm refuses. To which address a name
// leads only the server can tell.
func (p IdentityProvider) judgePlainURLs(ssl SSLRequired) maskit.Problems {
	var ps maskit.Problems
	for _, u := range p.plainURLs() {
		problem := maskit.Problem{Path: u.path, Code: "url-not-https", Message: "is not https, which ssl_required of the realm refuses", Hint: "use https"}
		address, err := netip.ParseAddr(u.host)
		switch {
		case ssl == SSLAll:
		case ssl != SSLExternal, isLoopback(u.host), err == nil && isLocal(address):
			continue
		case err != nil:
			problem.Severity = maskit.SeverityWarning
			problem.Message += ", unless the name leads to a private address"
		}
		ps = append(ps, problem)
	}
	return ps
}

// isLocal reports whether Keycloak takes an address for one that the internet does not lead
// to (tried on 26.7 and 26.0; the last are the site-local ones of RFC 3513).
func isLocal(address netip.Addr) bool {
	return address.IsLoopback() || address.IsUnspecified() || address.IsPrivate() || address.IsLinkLocalUnicast() ||
		netip.PrefixFrom(netip.AddrFrom16([16]byte{0xfe, 0xc0}), 10).Contains(address)
}
