package synapse

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// MSC3861 is what an experimental_features.msc3861 section said: how Synapse up
// to 1.156 delegated to MAS. What a section left out is zero.
type MSC3861 struct {
	// Enabled is whether it was in force.
	Enabled bool `json:"enabled"`
	// Issuer is MAS's issuer. The stable section discovers it.
	Issuer string `json:"issuer,omitempty"`
	// ClientID names Synapse among MAS's clients; ClientAuthMethod is how it
	// authenticated, client_secret_post if the section does not say. The stable
	// section needs no client.
	ClientID         string `json:"client_id,omitempty"`
	ClientAuthMethod string `json:"client_auth_method,omitempty"`
	// ClientSecret, or the file with it, and JWK were its credentials.
	ClientSecret     maskit.Secret `json:"client_secret,omitzero"`
	ClientSecretPath string        `json:"client_secret_path,omitempty"`
	JWK              maskit.Secret `json:"jwk,omitzero"`
	// AdminToken, or the file with it, authenticated MAS to Synapse. The stable
	// section has one secret for both directions: this one.
	AdminToken     maskit.Secret `json:"admin_token,omitzero"`
	AdminTokenPath string        `json:"admin_token_path,omitempty"`
	// IntrospectionEndpoint is where Synapse asked MAS about tokens.
	IntrospectionEndpoint string `json:"introspection_endpoint,omitempty"`
	// AccountManagementURL is where people manage their account. The stable section discovers it.
	AccountManagementURL string `json:"account_management_url,omitempty"`
	// IssuerMetadata is whether the section overruled what MAS says about itself.
	IssuerMetadata bool `json:"issuer_metadata,omitempty"`
}

// readMSC3861 reads the section that counts. It is not ok if there is none that
// could be converted.
func (c config) readMSC3861() (old MSC3861, section setting, problems maskit.Problems, ok bool) {
	section, ok = c.find("experimental_features", "msc3861")
	if !ok || !section.IsMapping() || !section.Truthy() {
		return MSC3861{}, section, nil, false
	}
	for _, e := range c[section.file].Entries(section.Path, section.Value) {
		if s, ok := c.find("experimental_features", "msc3861", e.Path[len(section.Path)+1:]); ok {
			problems = append(problems, old.read(e.Path[len(section.Path)+1:], s)...)
		}
	}
	if old.ClientAuthMethod == "" && old.ClientID != "" {
		old.ClientAuthMethod = "client_secret_post"
	}
	return old, section, problems, true
}

// read takes one key over.
func (m *MSC3861) read(key string, s setting) maskit.Problems {
	texts := map[string]*string{
		"issuer": &m.Issuer, "client_id": &m.ClientID, "client_auth_method": &m.ClientAuthMethod,
		"client_secret_path": &m.ClientSecretPath, "admin_token_path": &m.AdminTokenPath,
		"introspection_endpoint": &m.IntrospectionEndpoint, "account_management_url": &m.AccountManagementURL,
	}
	secrets := map[string]*maskit.Secret{"client_secret": &m.ClientSecret, "admin_token": &m.AdminToken}
	value := s.Scalar()
	switch {
	case key == "enabled":
		m.Enabled = value == yamledit.Scalar{Kind: yamledit.KindBool, Text: "true"}
	case key == "jwk":
		m.JWK = secretOf(s)
	case key == "issuer_metadata":
		m.IssuerMetadata = !s.IsNull()
	case texts[key] == nil && secrets[key] == nil:
		return maskit.Problems{{
			Path: s.Path, Code: "unknown-key", Severity: maskit.SeverityWarning, Pos: s.Pos,
			Message: "Synapse does not know this key", Hint: "it goes with the section",
		}}
	case value.Kind == yamledit.KindNull:
	case value.Kind != yamledit.KindString:
		return maskit.Problems{s.problem("wrong-type", fmt.Sprintf("is %s, must be a string", kindName(s.Entry)), "put it into quotes")}
	case texts[key] != nil:
		*texts[key] = value.Text
	default:
		*secrets[key] = maskit.NewSecret(value.Text)
	}
	return nil
}

// secretOf is a value of any kind, as YAML.
func secretOf(s setting) maskit.Secret {
	if s.IsNull() {
		return maskit.Secret{}
	}
	made := yamledit.Literal(s.Value, maxCopied)
	if made == nil {
		made = &yaml.Node{Kind: yaml.ScalarNode}
	}
	return maskit.NewSecret(flowText(made))
}
