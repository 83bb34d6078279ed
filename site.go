package maskit

import (
	"fmt"
	"net/url"
	"strings"
)

// Site is the one place where the addresses of a deployment stand. Every URL
// that MAS, Synapse and an identity provider must agree on is derived from it.
//
// URLs are absolute, http or https, without user info, query and fragment, and
// end in "/" when they have a path. They are written as MAS publishes them: host in
// lower case, no default port, no "." and ".." in the path.
type Site struct {
	// ServerName is the Matrix server name, the part after the colon of a user
	// id: "example.com". It is a name, not a URL, and never changes.
	ServerName string `yaml:"server_name" json:"server_name"`
	// AccountURL is where people reach MAS: "https://account.example.com/". It is
	// MAS's http.public_base and its issuer.
	AccountURL string `yaml:"account_url" json:"account_url"`
	// ClientAPIURL is where Matrix clients reach the homeserver: "https://matrix.example.com/".
	ClientAPIURL string `yaml:"client_api_url" json:"client_api_url"`
	// SynapseURL is Synapse as MAS reaches it: "http://synapse-main.matrix.svc.cluster.local:8008/".
	SynapseURL string `yaml:"synapse_url" json:"synapse_url"`
	// MASURL is MAS as Synapse reaches it: "http://mas.matrix-auth.svc.cluster.local:8080/".
	MASURL string `yaml:"mas_url" json:"mas_url"`
}

// Issuer is MAS's http.public_base and OpenID issuer, with its final slash.
func (s Site) Issuer() string { return withSlash(s.AccountURL) }

// CallbackURL is the redirect URI to register at the identity provider for the
// provider id: exactly this one, no wildcard.
func (s Site) CallbackURL(id ULID) string { return s.Issuer() + "upstream/callback/" + string(id) }

// BackchannelLogoutURL is where the identity provider posts logout tokens.
func (s Site) BackchannelLogoutURL(id ULID) string {
	return s.Issuer() + "upstream/backchannel-logout/" + string(id)
}

// JWKSURL is where MAS publishes its public keys, for identity providers that
// authenticate it by private_key_jwt.
func (s Site) JWKSURL() string { return s.Issuer() + "oauth2/keys.json" }

// DelegationEndpoint is the matrix_authentication_service.endpoint of homeserver.yaml.
func (s Site) DelegationEndpoint() string { return withSlash(s.MASURL) }

// IntrospectionURL is where Synapse asks MAS about access tokens.
func (s Site) IntrospectionURL() string { return s.DelegationEndpoint() + "oauth2/introspect" }

// Prefix is the path under which MAS must mount its resources, without the final
// slash; empty when MAS has a host of its own, and when AccountURL is not a URL.
func (s Site) Prefix() string {
	u, err := url.Parse(s.AccountURL)
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

// Validate checks every address and reports all problems, with the YAML keys of
// the fields as paths.
func (s Site) Validate() Problems {
	problems := checkServerName(s.ServerName)
	for _, field := range []struct {
		path, value, example string
		public               bool
	}{
		{"account_url", s.AccountURL, "https://account.example.com/", true},
		{"client_api_url", s.ClientAPIURL, "https://matrix.example.com/", true},
		{"synapse_url", s.SynapseURL, "http://synapse.internal:8008/", false},
		{"mas_url", s.MASURL, "http://mas.internal:8080/", false},
	} {
		found := checkURL(field.path, field.value, field.example)
		if found == nil && field.public {
			found = checkPublic(field.path, field.value)
		}
		problems = append(problems, found...)
	}
	if problems.Err() != nil {
		return problems // the addresses cannot be compared
	}
	if prefix := s.Prefix(); prefix != "" && !strings.HasSuffix(s.DelegationEndpoint(), prefix+"/") {
		problems = append(problems, Problem{
			Path: "mas_url", Code: "prefix-mismatch", Severity: SeverityWarning,
			Message: fmt.Sprintf("MAS mounts everything under %s, which is missing here", prefix),
			Hint:    "append it, unless a proxy between Synapse and MAS adds it",
		})
	}
	return problems
}

func withSlash(u string) string {
	if u == "" || strings.HasSuffix(u, "/") {
		return u
	}
	return u + "/"
}
