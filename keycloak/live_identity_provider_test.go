package keycloak_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// oidcSpec is a spec with a realm up as OpenID provider.
func (l liveRealm) oidcSpec(t *testing.T, up live.KeycloakRealm) keycloak.Spec {
	t.Helper()
	spec := small(t, l.Name)
	oidc := up.Issuer + "/protocol/openid-connect/"
	spec.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "dept"}}
	spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{Name: "dept", Attribute: "dept"})
	spec.IdentityProviders = []keycloak.IdentityProvider{{
		Alias: "upstream", Type: keycloak.ProviderOIDC, DisplayName: keycloak.Set("Upstream"), Enabled: keycloak.Set(true), TrustEmail: keycloak.Set(true),
		LinkOnly: keycloak.Set(false), HideOnLogin: keycloak.Set(true), StoreToken: keycloak.Set(false), FirstLoginFlow: keycloak.Set("first broker login"),
		SyncMode: keycloak.SyncForce, ClientID: "downstream", Secret: maskit.NewSecret("hidden-broker"), SecretVersion: "1",
		OIDC: keycloak.OIDCProvider{
			Issuer: up.Issuer, AuthorizationURL: oidc + "auth", TokenURL: oidc + "token", UserinfoURL: oidc + "userinfo", JWKSURL: oidc + "certs",
			LogoutURL: keycloak.Set(oidc + "logout"), Auth: keycloak.OIDCSecretBasic, Scopes: []string{"openid", "profile", "email"}, PKCE: keycloak.Set("S256"),
		},
		Config: map[string]string{"guiOrder": "1"},
		Mappers: []keycloak.ProviderMapper{
			{Name: "user name", Username: "${CLAIM.preferred_username | lowercase}-corp"},
			{Name: "dept", From: "dept", To: "dept", SyncMode: keycloak.SyncForce},
			{Name: "group", Group: "/matrix-users"},
			{Name: "fixed", Type: "hardcoded-attribute-idp-mapper", Config: map[string]string{"attribute": "x", "attribute.value": "y"}},
		},
	}}
	return spec
}

// upstreamOIDC makes another realm with a client for this one, and one person.
func (l liveRealm) upstreamOIDC(t *testing.T) (live.KeycloakRealm, *live.KeycloakUser) {
	t.Helper()
	up := liveServer(t, l.Server.Realm(t, nil))
	up.Admin(t, "POST", "/clients", map[string]any{
		"clientId": "downstream", "secret": "hidden-broker", "redirectUris": []string{keycloak.IdentityProvider{Alias: "upstream"}.RedirectURI(l.Issuer)},
		"protocolMappers": []any{map[string]any{
			"name": "dept", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
			"config": map[string]any{"claim.name": "dept", "claim.value": "R&D", "id.token.claim": "true", "jsonType.label": "String"},
		}},
	}, nil)
	return up.KeycloakRealm, up.person(t, "erin")
}

// by sends people to the identity provider at once.
func by(app live.KeycloakAuthorization, p keycloak.IdentityProvider) string {
	app.Extra = url.Values{}
	for name, value := range p.AuthorizationParameters() {
		app.Extra.Set(name, value)
	}
	return app.URL()
}

func (l liveRealm) provider(t *testing.T, alias string) (provider map[string]any, mappers map[string]map[string]any) {
	t.Helper()
	l.Admin(t, "GET", "/identity-provider/instances/"+alias, nil, &provider)
	var list []map[string]any
	l.Admin(t, "GET", "/identity-provider/instances/"+alias+"/mappers", nil, &list)
	mappers = map[string]map[string]any{}
	for _, m := range list {
		mappers[m["name"].(string)] = m
	}
	return provider, mappers
}

func TestLiveOIDCBrokering(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	up, erin := l.upstreamOIDC(t)
	spec := l.oidcSpec(t, up)
	spec.Client.RequireGroup = keycloak.Set("/matrix-users")
	plan := l.plan(t, spec)
	l.apply(t, spec)
	l.settled(t, spec) // the flow after logins, too
	p := spec.IdentityProviders[0]
	require.NotContains(t, plan.String()+jsonText(t, plan)+l.log.String(), "hidden-broker")

	page := live.NewKeycloakBrowser(t).Login(by(l.app(spec), p), erin)
	admitted(t, page)
	claims := l.app(spec).Exchange(t, page)
	require.Equal(t, "erin-corp", claims["preferred_username"])
	require.Equal(t, "erin@example.com", claims["email"])
	require.Equal(t, true, claims["email_verified"])
	require.Equal(t, "R&D", claims["dept"])
	require.Equal(t, []any{"matrix-users"}, claims["groups"])
	require.NotContains(t, live.NewKeycloakBrowser(t).Open(l.app(spec).URL()).Links, "social-upstream", "hidden on the login page")

	// A secret that is another one there cannot be seen; a new version of it is written.
	provider, _ := l.provider(t, "upstream")
	provider["config"].(map[string]any)["clientSecret"] = "other"
	l.Admin(t, "PUT", "/identity-provider/instances/upstream", provider, nil)
	require.Nil(t, live.NewKeycloakBrowser(t).Login(by(l.app(spec), p), erin).Callback["code"])
	l.settled(t, spec)
	spec.IdentityProviders[0].SecretVersion = "2"
	require.Equal(t, 1, l.apply(t, spec).Writes)
	l.settled(t, spec)
	admitted(t, live.NewKeycloakBrowser(t).Login(by(l.app(spec), p), erin))
}

func TestLiveDriftOfIdentityProvidersIsRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := l.oidcSpec(t, live.KeycloakRealm{Issuer: "http://127.0.0.1:1/realms/up"})
	spec.Client, spec.UserProfile, spec.Groups = keycloak.Client{}, keycloak.UserProfile{}, nil
	require.Equal(t, 5, l.apply(t, spec).Writes)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 4)

	provider, mappers := l.provider(t, "upstream")
	provider["addReadTokenRoleOnCreate"], provider["config"].(map[string]any)["foreign"] = true, "stays"
	l.Admin(t, "PUT", "/identity-provider/instances/upstream", provider, nil)
	l.Admin(t, "POST", "/identity-provider/instances/upstream/mappers", map[string]any{
		"name": "foreign", "identityProviderAlias": "upstream", "identityProviderMapper": "oidc-user-session-note-idp-mapper", "config": map[string]any{"claims": "x"},
	}, nil)
	before, beforeMappers := l.provider(t, "upstream")

	drifted, _ := l.provider(t, "upstream")
	for _, key := range []string{"displayName", "firstBrokerLoginFlowAlias"} {
		drifted[key] = ""
	}
	drifted["enabled"], drifted["trustEmail"], drifted["linkOnly"], drifted["hideOnLogin"], drifted["storeToken"] = false, false, true, false, true
	config := map[string]any{"foreign": "stays", "clientSecret": "**********"}
	for key := range provider["config"].(map[string]any) {
		if config[key] == nil && key != "maskit.secret.version" && key != "tokenUrl" {
			config[key] = "https://other.example.com/"
		}
	}
	drifted["config"] = config
	l.Admin(t, "PUT", "/identity-provider/instances/upstream", drifted, nil)
	for _, m := range mappers {
		m["identityProviderMapper"], m["config"] = "oidc-role-idp-mapper", map[string]any{"foreign": "stays"}
		l.Admin(t, "PUT", "/identity-provider/instances/upstream/mappers/"+m["id"].(string), m, nil)
	}
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 5, "%s", plan)
	require.Len(t, plan.Changes[0].Fields, 7+16, "%s", plan)
	l.apply(t, spec)
	l.settled(t, spec)
	after, afterMappers := l.provider(t, "upstream")
	require.Equal(t, before, after)
	for name, m := range beforeMappers {
		if name != "foreign" {
			m["config"].(map[string]any)["foreign"] = "stays"
			delete(m["config"].(map[string]any), "syncMode")
			delete(m["config"].(map[string]any), "target")
			delete(afterMappers[name]["config"].(map[string]any), "syncMode")
		}
		require.Equal(t, m, afterMappers[name], name)
	}

	// Settings can be taken back, and a list can be meant to be whole.
	bare := keycloak.Spec{Realm: spec.Realm, IdentityProviders: []keycloak.IdentityProvider{{
		Alias: "upstream", Type: "oidc", DisplayName: keycloak.Set(""), Enabled: keycloak.Set(false), TrustEmail: keycloak.Set(false), HideOnLogin: keycloak.Set(false),
		FirstLoginFlow: keycloak.Set(""), OIDC: keycloak.OIDCProvider{LogoutURL: keycloak.Set(""), PKCE: keycloak.Set(""), Scopes: []string{}}, Config: map[string]string{"guiOrder": ""},
		ExactMappers: true,
	}}}
	plan = l.plan(t, bare)
	require.Len(t, plan.Deletions, 5, "%s", plan)
	l.apply(t, bare)
	l.settled(t, bare)
	after, afterMappers = l.provider(t, "upstream")
	require.Empty(t, afterMappers)
	for _, gone := range []string{"logoutUrl", "pkceMethod", "defaultScope", "guiOrder"} {
		require.NotContains(t, after["config"], gone)
	}
	require.Equal(t, "stays", after["config"].(map[string]any)["foreign"])
}

// What an identity provider needs is found before anything is written.
func TestLiveIdentityProviderThatCannotWork(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	l.Admin(t, "POST", "/identity-provider/instances", map[string]any{"alias": "there", "providerId": "saml", "config": map[string]any{}}, nil)
	spec := keycloak.Spec{Realm: keycloak.Realm{Name: l.Name}, IdentityProviders: []keycloak.IdentityProvider{
		{Alias: "new", Type: "oidc", FirstLoginFlow: keycloak.Set("no such flow")}, {Alias: "there", Type: "oidc"}, {Alias: "hub", Type: "github"},
	}}
	plan := l.plan(t, spec)
	var got []string
	for _, p := range plan.Problems {
		got = append(got, p.Path+": "+p.Code)
	}
	require.Equal(t, []string{
		"identity_providers[0].first_login_flow: flow-missing", "identity_providers[0]: provider-incomplete",
		"identity_providers[1].type: provider-type", "identity_providers[2]: provider-incomplete",
	}, got)
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Zero(t, result.Writes)
}

// samlSpec is a spec with a realm as SAML identity provider.
func (l liveRealm) samlSpec(t *testing.T, metadata string) keycloak.Spec {
	t.Helper()
	spec := small(t, l.Name)
	spec.IdentityProviders = []keycloak.IdentityProvider{{
		Alias: "corp", Type: keycloak.ProviderSAML, TrustEmail: keycloak.Set(true), SyncMode: keycloak.SyncForce,
		SAML: keycloak.SAMLProvider{
			Metadata: metadata, EntityID: l.Issuer, WantAssertionsSigned: keycloak.Set(true), WantAssertionsEncrypted: keycloak.Set(false),
			SignRequests: keycloak.Set(true), NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", PrincipalAttribute: keycloak.Set("uid"),
		},
		Mappers: []keycloak.ProviderMapper{
			{Name: "user name", Username: "${ATTRIBUTE.uid}-saml"},
			{Name: "email", From: "mail", To: "email"},
			{Name: "first name", From: "given", To: "firstName"},
			{Name: "last name", From: "family", To: "lastName"},
		},
	}}
	return spec
}

func samlAttribute(name, property string) map[string]any {
	return map[string]any{
		"name": name, "protocol": "saml", "protocolMapper": "saml-user-property-mapper",
		"config": map[string]any{"user.attribute": property, "attribute.name": name, "attribute.nameformat": "Basic"},
	}
}

func TestLiveSAMLBrokering(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	up := liveServer(t, l.Server.Realm(t, nil))
	endpoint := keycloak.IdentityProvider{Alias: "corp"}.RedirectURI(l.Issuer)
	up.Admin(t, "POST", "/clients", map[string]any{
		"clientId": l.Issuer, "protocol": "saml", "redirectUris": []string{endpoint},
		"attributes": map[string]any{
			"saml.server.signature": "true", "saml.assertion.signature": "true", "saml.client.signature": "false", "saml.authnstatement": "true",
			"saml_assertion_consumer_url_post": endpoint,
		},
		"protocolMappers": []any{samlAttribute("uid", "username"), samlAttribute("mail", "email"), samlAttribute("given", "firstName"), samlAttribute("family", "lastName")},
	}, nil)
	spec := l.samlSpec(t, download(t, up.Issuer+"/protocol/saml/descriptor"))
	l.apply(t, spec)
	l.settled(t, spec)

	page := live.NewKeycloakBrowser(t).Login(by(l.app(spec), spec.IdentityProviders[0]), up.person(t, "frida"))
	admitted(t, page)
	claims := l.app(spec).Exchange(t, page)
	require.Equal(t, "frida-saml", claims["preferred_username"])
	require.Equal(t, "frida@example.com", claims["email"])
	require.Equal(t, "frida Test", claims["name"])

	// Every setting is restored, and then the login goes through again.
	before, _ := l.provider(t, "corp")
	drifted, _ := l.provider(t, "corp")
	config := map[string]any{}
	for key, value := range drifted["config"].(map[string]any) {
		config[key] = map[any]string{"true": "false", "false": "true"}[value]
		if config[key] == "" {
			config[key] = "https://other.example.com/"
		}
	}
	drifted["config"] = config
	l.Admin(t, "PUT", "/identity-provider/instances/corp", drifted, nil)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Len(t, plan.Changes[0].Fields, len(config), "%s", plan)
	l.apply(t, spec)
	l.settled(t, spec)
	after, _ := l.provider(t, "corp")
	require.Equal(t, before, after)
	admitted(t, live.NewKeycloakBrowser(t).Login(by(l.app(spec), spec.IdentityProviders[0]), &live.KeycloakUser{Name: "frida", Password: password}))
}

func download(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}
