package keycloak

import (
	"context"
	"slices"
	"strings"
)

// exportProviders has the identity providers of the realm with their mappers.
func (r *run) exportProviders(ctx context.Context) ([]IdentityProvider, error) {
	all, err := r.brokers(ctx)
	if err != nil {
		return nil, err
	}
	var out []IdentityProvider
	for _, raw := range inOrder(all, "alias") {
		p := exportProvider(raw)
		mappers, err := providerMappers(ctx, r, p)
		if err != nil {
			return nil, err
		}
		for _, m := range inOrder(mappers, "name") {
			p.Mappers = append(p.Mappers, exportProviderMapper(m, p.Type))
		}
		out = append(out, p)
	}
	return out, nil
}

func exportProvider(raw map[string]any) IdentityProvider {
	from, at := exporter{raw}, configOf(raw)
	p := IdentityProvider{
		Alias: text(raw, "alias"), Type: text(raw, "providerId"), DisplayName: Set(text(raw, "displayName")), Enabled: from.flag("enabled"),
		TrustEmail: from.flag("trustEmail"), LinkOnly: from.flag("linkOnly"), StoreToken: from.flag("storeToken"), FirstLoginFlow: Set(text(raw, "firstBrokerLoginFlowAlias")),
	}
	if _, since26 := raw["hideOnLogin"]; since26 {
		p.HideOnLogin = from.flag("hideOnLogin")
	}
	if mode := SyncMode(strings.ToLower(at.text("syncMode"))); slices.Contains(syncModes(), mode) {
		p.SyncMode = mode
	}
	switch p.Type {
	case ProviderSAML:
		p.SAML = exportSAML(at)
	case ProviderOIDC:
		p.OIDC = exportOIDC(at)
	}
	if p.Type != ProviderSAML {
		p.ClientID = at.text("clientId")
	}
	p.Config = restOfConfig(raw, p.fields(), providerSettings()...)
	return p
}

func exportOIDC(from config) OIDCProvider {
	o := OIDCProvider{
		Issuer: from.text("issuer"), AuthorizationURL: from.webURL("authorizationUrl"), TokenURL: from.webURL("tokenUrl"), UserinfoURL: from.webURL("userInfoUrl"),
		LogoutURL: from.optionalURL("logoutUrl"), Scopes: strings.Fields(from.text("defaultScope")),
	}
	if from.text("useJwksUrl") == "true" && from.text("validateSignature") == "true" {
		o.JWKSURL = from.webURL("jwksUrl")
	}
	if auth := from.text("clientAuthMethod"); slices.Contains(oidcClientAuths(), auth) {
		o.Auth = OIDCClientAuth(auth)
	}
	if method := from.text("pkceMethod"); from.text("pkceEnabled") == "true" && (method == "S256" || method == "plain") {
		o.PKCE = Set(method)
	}
	return o
}

func exportSAML(from config) SAMLProvider {
	s := SAMLProvider{
		EntityID: from.text("entityId"), ProviderEntityID: from.text("idpEntityId"), SSOURL: from.webURL("singleSignOnServiceUrl"), LogoutURL: from.optionalURL("singleLogoutServiceUrl"),
		ValidateSignature: from.flag("validateSignature"), SignRequests: from.flag("wantAuthnRequestsSigned"), WantAssertionsSigned: from.flag("wantAssertionsSigned"),
		WantAssertionsEncrypted: from.flag("wantAssertionsEncrypted"), NameIDFormat: from.text("nameIDPolicyFormat"),
	}
	if from.text("useMetadataDescriptorUrl") == "true" {
		s.MetadataURL = from.webURL("metadataDescriptorUrl")
	}
	if request := from.flag("postBindingAuthnRequest"); request == from.flag("postBindingResponse") {
		s.PostBinding = request
	}
	if from.text("principalType") == "ATTRIBUTE" {
		s.PrincipalAttribute = from.optional("principalAttribute")
	}
	for _, certificate := range words(from.text("signingCertificate")) {
		if _, err := certificateBody(certificate); err == nil {
			s.Certificates = append(s.Certificates, certificate)
		}
	}
	return s
}

func exportProviderMapper(raw map[string]any, of string) ProviderMapper {
	from := configOf(raw)
	m := ProviderMapper{Name: text(raw, "name"), Type: text(raw, "identityProviderMapper")}
	if mode := SyncMode(strings.ToLower(from.text("syncMode"))); slices.Contains(syncModes(), mode) {
		m.SyncMode = mode
	}
	for _, says := range []ProviderMapper{
		{From: from.text("claim"), To: from.text("user.attribute")},
		{From: from.text("attribute.name"), To: from.text("user.attribute")},
		{Username: from.text("template")},
		{Group: from.text("group")},
	} {
		says.Name, says.SyncMode = m.Name, m.SyncMode
		if says.provider(of) == m.Type && len(says.validate(of)) == 0 {
			m = says
			break
		}
	}
	fields := settings{}
	fields.entries(m.config(of), "config")
	m.Config = restOfConfig(raw, fields)
	return m
}
