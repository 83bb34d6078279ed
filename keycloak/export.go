package keycloak

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Export returns a realm and one of its clients as a spec: planning it changes
// nothing. It is the way to adopt what was set up by hand. Groups and users are not in
// it, since looking for them costs as much as there are; nor are the user profile,
// directories and identity providers, which may be written into the spec one by one.
//
// Everything is spelled out. To move the client to the safe settings, keep its id, its
// secret and its mappers, set Site and Provider, and look at the plan.
func (p *Provisioner) Export(ctx context.Context, realm, clientID string) (Spec, error) {
	fail := func(err error) (Spec, error) {
		return Spec{}, fmt.Errorf("keycloak: export client %s of realm %s: %w", clientID, realm, err)
	}
	spec := Spec{Realm: Realm{Name: realm}, Client: Client{ID: clientID, Enabled: Set(true)}}
	if err := spec.Validate().Err(); err != nil {
		return fail(err)
	}
	r := p.newRun(spec)
	able, err := r.features(ctx)
	if err != nil {
		return fail(err)
	}
	have, err := findRealm(ctx, r)
	switch {
	case err != nil:
		return fail(err)
	case have.raw == nil:
		return fail(fmt.Errorf("realm %s: %w", realm, maskit.ErrNotFound))
	}
	raw, err := spec.Client.ref().find(ctx, r)
	switch {
	case err != nil:
		return fail(err)
	case raw == nil:
		return fail(fmt.Errorf("client %s: %w", clientID, maskit.ErrNotFound))
	}
	if err := judgeClient(state{raw: raw}).Err(); err != nil {
		return fail(err)
	}
	if able.known {
		spec = exportRealm(have.raw)
	}
	spec.Client = exportClient(raw)
	return spec, nil
}

// exportRealm is what the parts of a spec say about a realm representation.
func exportRealm(raw map[string]any) Spec {
	from := exporter{raw}
	return Spec{
		Realm: Realm{
			Name: text(raw, "realm"), DisplayName: text(raw, "displayName"), SSLRequired: SSLRequired(text(raw, "sslRequired")),
			Registration: from.flag("registrationAllowed"), ResetPassword: from.flag("resetPasswordAllowed"), RememberMe: from.flag("rememberMe"),
			VerifyEmail: from.flag("verifyEmail"), LoginWithEmail: from.flag("loginWithEmailAllowed"),
			DuplicateEmails: from.flag("duplicateEmailsAllowed"), EditUsername: from.flag("editUsernameAllowed"),
			SSOSessionIdle: from.seconds("ssoSessionIdleTimeout"), SSOSessionMax: from.seconds("ssoSessionMaxLifespan"),
			AccessTokenLifespan: from.seconds("accessTokenLifespan"),
		},
		BruteForce:     exportBruteForce(from),
		PasswordPolicy: parsePasswordPolicy(text(raw, "passwordPolicy")),
		Events: Events{
			Save: from.flag("eventsEnabled"), Types: nonEmpty(textList(raw["enabledEventTypes"])), Expiration: from.seconds("eventsExpiration"),
			SaveAdmin: from.flag("adminEventsEnabled"), AdminDetails: from.flag("adminEventsDetailsEnabled"),
			Listeners: nonEmpty(textList(raw["eventsListeners"])),
		},
	}
}

func exportBruteForce(from exporter) BruteForce {
	b := BruteForce{
		Lockout: LockoutOff, MaxFailures: from.number("failureFactor"),
		WaitIncrement: from.seconds("waitIncrementSeconds"), MaxWait: from.seconds("maxFailureWaitSeconds"),
		ResetAfter: from.seconds("maxDeltaTimeSeconds"), QuickLoginMilliseconds: from.number("quickLoginCheckMilliSeconds"),
		QuickLoginWait: from.seconds("minimumQuickLoginWaitSeconds"),
	}
	protected, permanent, before := from.flag("bruteForceProtected").V, from.flag("permanentLockout").V, from.number("maxTemporaryLockouts")
	switch {
	case protected && permanent && before > 0:
		b.Lockout, b.TemporaryLockouts = LockoutMixed, before
	case protected && permanent:
		b.Lockout = LockoutPermanent
	case protected:
		b.Lockout = LockoutTemporary
	}
	return b
}

// exportClient is what a spec says about a client representation.
func exportClient(raw map[string]any) Client {
	from, attribute := exporter{raw}, exporter{attributesOf(raw)}
	c := Client{
		ID: text(raw, "clientId"), Name: Set(text(raw, "name")), Enabled: from.flag("enabled"),
		RedirectURIs: textList(raw["redirectUris"]), WebOrigins: textList(raw["webOrigins"]),
		BaseURL: Set(text(raw, "baseUrl")), RootURL: Set(text(raw, "rootUrl")), AdminURL: Set(text(raw, "adminUrl")),
		BackchannelLogoutURL: Set(text(attribute.raw, attrLogoutURL)), LogoutScope: LogoutUser,
		RevokeOfflineTokens: attribute.flagText(attrLogoutOffline), FrontchannelLogout: from.flag("frontchannelLogout"),
		PKCE: Set(text(attribute.raw, attrPKCE)), StandardFlow: from.flag("standardFlowEnabled"), ImplicitFlow: from.flag("implicitFlowEnabled"),
		DirectGrant: from.flag("directAccessGrantsEnabled"), ServiceAccount: from.flag("serviceAccountsEnabled"),
		DeviceGrant: attribute.flagText(attrDevice), CIBAGrant: attribute.flagText(attrCIBA),
		ConsentRequired: from.flag("consentRequired"), FullScope: from.flag("fullScopeAllowed"), Public: from.flag("publicClient"),
		DefaultScopes: assigned(raw, defaultScopes), OptionalScopes: assigned(raw, optionalScopes),
	}
	if attribute.flagText(attrLogoutSession).V {
		c.LogoutScope = LogoutSession
	}
	for _, m := range maplist(raw["protocolMappers"]) {
		if text(m, "protocol") == protocolOIDC {
			c.Mappers = append(c.Mappers, exportMapper(m))
		}
	}
	c.Attributes = foreignAttributes(attribute.raw)
	return exportAuth(c, raw)
}

// exportAuth adds how the client authenticates, as far as a spec can say it.
func exportAuth(c Client, raw map[string]any) Client {
	auth, secret := ClientAuth(text(raw, "clientAuthenticatorType")), text(raw, "secret")
	switch {
	case c.Public.V:
	case auth == ClientSecretAuth:
		c.Auth = auth
		if secret != "" && !isMasked(secret) {
			c.Secret = maskit.NewSecret(secret)
		}
	case auth == ClientJWTAuth && text(raw, "attributes", attrAuthAlg) == "RS256" && text(raw, "attributes", attrUseJWKS) == "true":
		c.Auth, c.JWKSURL = auth, text(raw, "attributes", attrJWKS)
	}
	return c
}

func attributesOf(raw map[string]any) map[string]any {
	attributes, _ := raw["attributes"].(map[string]any)
	return attributes
}

// foreignAttributes are those without a setting that people set, not the server.
func foreignAttributes(attributes map[string]any) map[string]string {
	var out map[string]string
	for name, value := range attributes {
		s, isText := value.(string)
		if !isText || s == "" || isMasked(s) || strings.HasPrefix(name, "client.secret.") || name == "realm_client" || slices.Contains(attributesWithSettings(), name) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = s
	}
	return out
}

// exportMapper finds the words of a spec for a mapper; what they do not say stands in
// its configuration.
func exportMapper(raw map[string]any) Mapper {
	config, _ := raw["config"].(map[string]any)
	m := Mapper{Name: text(raw, "name"), Type: text(raw, "protocolMapper")}
	switch attribute := text(config, "user.attribute"); {
	case m.Type == attributeMapper && attribute != "":
		m.Type, m.Attribute, m.Claim, m.Multivalued = "", attribute, text(config, "claim.name"), text(config, "multivalued") == "true"
	case m.Type == groupsMapper:
		m.Type, m.Groups, m.Claim, m.FullPath = "", true, text(config, "claim.name"), text(config, "full.path") == "true"
	}
	says := m.config()
	rest := map[string]string{}
	for key, value := range config {
		if s, ok := value.(string); ok && says[key] != s {
			rest[key] = s
		}
	}
	for key := range says {
		if text(config, key) == "" && says[key] != "false" {
			rest[key] = ""
		}
	}
	if len(rest) > 0 {
		m.Config = rest
	}
	return m
}

// exporter reads settings from a representation, in which what is false, zero or
// empty may be absent.
type exporter struct{ raw map[string]any }

func (e exporter) flag(key string) Opt[bool] {
	v, _ := e.raw[key].(bool)
	return Set(v)
}

func (e exporter) flagText(key string) Opt[bool] { return Set(text(e.raw, key) == "true") }

func (e exporter) number(key string) int {
	n, _ := e.raw[key].(json.Number)
	v, err := n.Int64()
	if err != nil || v < 0 {
		return 0
	}
	return int(v)
}

func (e exporter) seconds(key string) Seconds { return Seconds(e.number(key)) } //nolint:gosec // times of Keycloak are 32-bit numbers

func nonEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
