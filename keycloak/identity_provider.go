package keycloak

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// IdentityProvider is a server elsewhere with which people log in to the realm.
type IdentityProvider struct {
	// Alias is its name in addresses. Required, and never changed.
	Alias string `yaml:"alias"`
	// Type is oidc, saml, or any other provider of Keycloak, such as github, of which Config
	// has the settings. Required, and never changed.
	Type string `yaml:"type"`
	// DisplayName is what people read on the login page.
	DisplayName Opt[string] `yaml:"display_name"`
	// Enabled lets people log in with it. A new one is enabled.
	Enabled Opt[bool] `yaml:"enabled"`
	// TrustEmail takes its mail addresses for verified. Who can set any address there then
	// owns accounts here.
	TrustEmail Opt[bool] `yaml:"trust_email"`
	// LinkOnly lets people link accounts that exist, and not log in for the first time.
	LinkOnly Opt[bool] `yaml:"link_only"`
	// HideOnLogin keeps it off the login page: it is reached by kc_idp_hint, see
	// [IdentityProvider.AuthorizationParameters]. Since Keycloak 26.
	HideOnLogin Opt[bool] `yaml:"hide_on_login"`
	// StoreToken keeps its tokens in Keycloak.
	StoreToken Opt[bool] `yaml:"store_token"`
	// FirstLoginFlow is the flow of a first login; empty for the realm's own. It must exist.
	// The flow after logins belongs to [Client].RequireGroup and [MFA].
	FirstLoginFlow Opt[string] `yaml:"first_login_flow"`
	// SyncMode says when what it says of people is taken over: import, force or legacy.
	SyncMode SyncMode `yaml:"sync_mode"`
	// ClientID is what it calls this realm; for SAML see [SAMLProvider].
	ClientID string `yaml:"client_id"`
	// Secret belongs to ClientID. Keycloak never shows it, so that a change of it alone
	// cannot be seen: change SecretVersion too.
	Secret maskit.Secret `yaml:"secret"`
	// SecretFile is a file with the secret, see [Spec.ReadSecrets].
	SecretFile string `yaml:"secret_file"`
	// SecretVersion is any text; when it is another one than before, the secret is written.
	SecretVersion string `yaml:"secret_version"`
	// OIDC has the settings of the type oidc.
	OIDC OIDCProvider `yaml:"oidc"`
	// SAML has the settings of the type saml.
	SAML SAMLProvider `yaml:"saml"`
	// Config is what Keycloak keeps of the provider. It adds to the settings above, and wins
	// where both say something; the client, its secret and the sync mode it may not name.
	// Settings that neither names are left alone; the empty string removes one.
	Config map[string]string `yaml:"config"`
	// Mappers take over what it says of people.
	Mappers []ProviderMapper `yaml:"mappers"`
	// ExactMappers removes all other mappers, as deletions of the plan.
	ExactMappers bool `yaml:"exact_mappers"`
}

// SyncMode says when the words of an identity provider are taken over.
type SyncMode string

// The values of SyncMode.
const (
	SyncImport SyncMode = "import" // at the first login
	SyncForce  SyncMode = "force"  // at each login
	SyncLegacy SyncMode = "legacy" // as each mapper always did
)

func syncModes() []SyncMode { return []SyncMode{SyncImport, SyncForce, SyncLegacy} }

// Types of [IdentityProvider] with settings of their own.
const (
	ProviderOIDC = "oidc"
	ProviderSAML = "saml"
)

// attrSecretVersion is the setting of a provider that keeps SecretVersion.
const attrSecretVersion = "maskit.secret.version"

// AuthorizationParameters are what sends people to the provider without Keycloak's login
// page: put them into additional_authorization_parameters of MAS's provider.
func (p IdentityProvider) AuthorizationParameters() map[string]string {
	return map[string]string{"kc_idp_hint": p.Alias}
}

// RedirectURI is the address that the provider must accept: the redirect URI of OpenID
// Connect, and for SAML the assertion consumer and the single logout service. The issuer
// is that of the realm. With /descriptor at its end it is the metadata for SAML.
func (p IdentityProvider) RedirectURI(issuer string) string {
	return strings.TrimSuffix(issuer, "/") + "/broker/" + p.Alias + "/endpoint"
}

func (s Spec) validateProviders() maskit.Problems {
	return named[IdentityProvider]{
		key: "alias", name: func(p IdentityProvider) string { return p.Alias }, validate: IdentityProvider.validate,
		twice: "is the name of two identity providers", hint: "rename one",
	}.validateAll(s.IdentityProviders)
}

func (p IdentityProvider) validate() maskit.Problems {
	var ps maskit.Problems
	add := func(bad bool, problem maskit.Problem) {
		if bad {
			ps = append(ps, problem)
		}
	}
	add(p.Alias == "", missing("alias", "the name in addresses"))
	add(strings.ContainsAny(p.Alias, reservedInNames+" ") || p.Alias != "" && isDots(p.Alias), maskit.Problem{
		Path: "alias", Code: "provider-alias", Message: "is a name that Keycloak refuses", Hint: "use letters, digits and -",
	})
	add(p.Type == "", missing("type", "oidc, saml, or any other provider of Keycloak"))
	add(p.SyncMode != "" && !slices.Contains(syncModes(), p.SyncMode), maskit.Problem{
		Path: "sync_mode", Code: "unknown-value", Message: "is none of import, force and legacy",
	})
	add(p.Secret.Reveal() == mask, maskit.Problem{
		Path: "secret", Code: "secret-masked", Message: "is what Keycloak shows instead of a secret", Hint: "give the secret itself",
	})
	add(p.SecretVersion != "" && p.Secret.IsZero() && p.SecretFile == "", maskit.Problem{
		Path: "secret_version", Code: "unused", Severity: maskit.SeverityWarning, Message: "is the version of a secret that is not given", Hint: "give the secret",
	})
	add(p.Type != ProviderOIDC && !p.OIDC.isZero(), maskit.Problem{Path: "oidc", Code: "unused", Message: "is for the type oidc", Hint: "remove it"})
	add(p.Type != ProviderSAML && !p.SAML.isZero(), maskit.Problem{Path: "saml", Code: "unused", Message: "is for the type saml", Hint: "remove it"})
	add(p.Type == ProviderSAML && (p.ClientID != "" || !p.Secret.IsZero() || p.SecretFile != ""), maskit.Problem{
		Path: "client_id", Code: "unused", Message: "and the secret mean nothing for SAML", Hint: "remove them; saml.entity_id is the name of this realm",
	})
	for _, name := range providerSettings() {
		_, ok := p.Config[name]
		add(ok, maskit.Problem{Path: "config." + name, Code: "has-a-setting", Message: "has a setting of its own", Hint: "use that"})
	}
	ps = append(ps, below("oidc", p.OIDC.validate())...)
	ps = append(ps, below("saml", p.SAML.validate())...)
	return append(ps, below("mappers", p.validateMappers())...)
}

// providerSettings are what Config may not name.
func providerSettings() []string {
	return []string{"clientId", "clientSecret", "syncMode", attrSecretVersion}
}

func (p IdentityProvider) fields() []field {
	f := settings{}
	f.optional(p.DisplayName, "displayName")
	f.flag(p.Enabled, "enabled")
	f.flag(p.TrustEmail, "trustEmail")
	f.flag(p.LinkOnly, "linkOnly")
	f.flag(p.HideOnLogin, "hideOnLogin")
	f.flag(p.StoreToken, "storeToken")
	f.optional(p.FirstLoginFlow, "firstBrokerLoginFlowAlias")
	f.text(strings.ToUpper(string(p.SyncMode)), "config", "syncMode")
	f.text(p.ClientID, "config", "clientId")
	if !p.Secret.IsZero() {
		f.own(p.Secret, "config", "clientSecret")
		f.text(p.SecretVersion, "config", attrSecretVersion)
	}
	f = append(f, p.OIDC.fields()...)
	f = append(f, p.SAML.fields()...)
	f.entries(p.Config, "config")
	return f
}

// lacking names the setting without which a new provider is of no use; empty if there is
// none. Keycloak accepts it without.
func (p IdentityProvider) lacking() string {
	oidc := cmp.Or(p.OIDC.AuthorizationURL, p.Config["authorizationUrl"]) != "" && cmp.Or(p.OIDC.TokenURL, p.Config["tokenUrl"]) != ""
	switch {
	case p.Type == ProviderOIDC && !oidc:
		return "oidc.authorization_url and oidc.token_url"
	case p.Type == ProviderSAML && p.SAML.whole().SSOURL == "" && p.Config["singleSignOnServiceUrl"] == "":
		return "saml.metadata or saml.sso_url"
	case p.Type != ProviderSAML && p.ClientID == "":
		return "client_id"
	case p.Type != ProviderSAML && p.Secret.IsZero() && p.OIDC.Auth != OIDCPrivateKeyJWT:
		return "secret"
	}
	return ""
}
