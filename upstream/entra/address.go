package entra

import (
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Cloud is where a tenant is: each has a sign-in address of its own.
type Cloud string

// The clouds.
const (
	// CloudPublic is login.microsoftonline.com.
	CloudPublic Cloud = "public"
	// CloudUSGov is Azure Government, login.microsoftonline.us.
	CloudUSGov Cloud = "usgov"
	// CloudChina is operated by 21Vianet, login.partner.microsoftonline.cn.
	CloudChina Cloud = "china"
	// CloudExternalID is a Microsoft Entra External ID tenant, for customers. Not verified on
	// a real tenant: that the issuer has the tenant id as its subdomain of ciamlogin.com.
	CloudExternalID Cloud = "external-id"
)

// consumersTenant is the tenant of all personal accounts.
const consumersTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// tenant is the tenant as it stands in addresses.
func (c Config) tenant() string {
	if c.Tenant == "consumers" {
		return consumersTenant
	}
	return strings.ToLower(c.Tenant) // as in the issuer
}

// isMultiTenant reports whether the app takes accounts of many tenants.
func (c Config) isMultiTenant() bool { return c.Tenant == "organizations" || c.Tenant == "common" }

// anybodyRegisters reports whether the accounts are not those of one organisation, so that
// what they say of names and addresses is nobody's word.
func (c Config) anybodyRegisters() bool { return c.isMultiTenant() || c.tenant() == consumersTenant }

func (c Config) authority() string {
	host := "login.microsoftonline.com"
	switch c.Cloud {
	case CloudUSGov:
		host = "login.microsoftonline.us"
	case CloudChina:
		host = "login.partner.microsoftonline.cn"
	case CloudExternalID:
		host = c.tenant() + ".ciamlogin.com"
	}
	return "https://" + host + "/" + c.tenant()
}

func (c Config) issuer() string { return c.authority() + "/v2.0" }

// endpoints are those that no metadata gives.
func (c Config) endpoints() oidc.Endpoints {
	keys := c.authority() + "/discovery/v2.0/keys"
	if c.AppSigningKey {
		keys += "?appid=" + url.QueryEscape(c.Client.ID)
	}
	switch {
	case c.isMultiTenant():
		oauth2 := c.authority() + "/oauth2/v2.0/"
		return oidc.Endpoints{Authorization: oauth2 + "authorize", Token: oauth2 + "token", JWKS: keys}
	case c.AppSigningKey:
		return oidc.Endpoints{JWKS: keys}
	}
	return oidc.Endpoints{}
}

// isGUID reports whether s is an id as Microsoft writes it, in either case.
func isGUID(s string) bool { return s != "" && check.UUID("", strings.ToLower(s)) == nil }
