package mas

import (
	"testing"

	"github.com/maskit-dev/maskit/mas/keys"
)

// ofProvider changes the provider of the valid configuration.
func ofProvider(change func(*UpstreamProvider)) func(*Config) {
	return func(c *Config) { change(&c.UpstreamOAuth2.Providers[0]) }
}

const firstProvider = "upstream_oauth2.providers[0]."

func TestValidateUpstream(t *testing.T) {
	t.Parallel()
	add := func(change func(*UpstreamProvider)) func(*Config) {
		return func(c *Config) {
			p := validProvider()
			change(&p)
			c.UpstreamOAuth2.Providers = append(c.UpstreamOAuth2.Providers, p)
		}
	}
	const second = "upstream_oauth2.providers[1]."
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.UpstreamOAuth2 = nil }, nil},
		{"section empty", func(c *Config) { c.UpstreamOAuth2 = &UpstreamOAuth2{} }, only("upstream_oauth2.providers", "required", fails)},
		{"no provider", func(c *Config) { c.UpstreamOAuth2.Providers = []UpstreamProvider{} }, nil},
		{"id missing", ofProvider(func(p *UpstreamProvider) { p.ID = "" }), only(firstProvider+"id", "required", fails)},
		{"id of 25", ofProvider(func(p *UpstreamProvider) { p.ID = testULID[:25] }), only(firstProvider+"id", "ulid-invalid", fails)},
		{"id with U", ofProvider(func(p *UpstreamProvider) { p.ID = "01JU0000000000000000000001" }), only(firstProvider+"id", "ulid-invalid", fails)},
		{"id too large", ofProvider(func(p *UpstreamProvider) { p.ID = "81J00000000000000000000001" }), only(firstProvider+"id", "ulid-invalid", fails)},
		{"id in lower case", ofProvider(func(p *UpstreamProvider) { p.ID = "01j00000000000000000000001" }), only(firstProvider+"id", "ulid-invalid", fails)},
		{"id twice", add(func(p *UpstreamProvider) { p.SynapseIDPID = "oidc-other" }), only(second+"id", "duplicate", fails)},
		{"Synapse id twice", add(func(p *UpstreamProvider) { p.ID = otherULID }), only(second+"synapse_idp_id", "duplicate", fails)},
		{"Synapse id without prefix", ofProvider(func(p *UpstreamProvider) { p.SynapseIDPID = "keycloak" }), only(firstProvider+"synapse_idp_id", "synapse-idp-id", warns)},
		{"client id missing", ofProvider(func(p *UpstreamProvider) { p.ClientID = "" }), only(firstProvider+"client_id", "required", fails)},
		{"icon unknown", ofProvider(func(p *UpstreamProvider) { p.BrandName = "keycloak" }), only(firstProvider+"brand_name", "no-icon", warns)},
		{"icon known", ofProvider(func(p *UpstreamProvider) { p.BrandName = "google" }), nil},
		{"scope with two spaces", ofProvider(func(p *UpstreamProvider) { p.Scope = "openid  email" }), only(firstProvider+"scope", "scope-invalid", fails)},
		{"scope with a space at the end", ofProvider(func(p *UpstreamProvider) { p.Scope = "openid " }), only(firstProvider+"scope", "scope-invalid", fails)},
		{"scope with a quote", ofProvider(func(p *UpstreamProvider) { p.Scope = `openid "email"` }), only(firstProvider+"scope", "scope-invalid", fails)},
		{"scope without openid", ofProvider(func(p *UpstreamProvider) {
			p.Scope, p.FetchUserinfo, p.OnBackchannelLogout, p.Issuer = "email", true, "", "https://sso.example.com/"
		}), only(firstProvider+"scope", "scope-no-openid", warns)},
		{"no claims", ofProvider(func(p *UpstreamProvider) {
			p.Scope, p.OnBackchannelLogout, p.Issuer = "email", "", "https://sso.example.com/"
		}), []finding{{firstProvider + "scope", "scope-no-openid", warns}, {firstProvider + "fetch_userinfo", "no-claims", fails}}},
		{"logout without openid", ofProvider(func(p *UpstreamProvider) { p.Scope, p.FetchUserinfo = "email", true }), []finding{
			{firstProvider + "scope", "scope-no-openid", warns},
			{firstProvider + "on_backchannel_logout", "no-effect", warns},
		}},
		{"logout ignored", ofProvider(func(p *UpstreamProvider) { p.OnBackchannelLogout = "" }), only(firstProvider+"on_backchannel_logout", "logout-ignored", warns)},
		{"logout partial", ofProvider(func(p *UpstreamProvider) { p.OnBackchannelLogout = LogoutBrowserOnly }), only(firstProvider+"on_backchannel_logout", "logout-partial", warns)},
		{"logout unknown", ofProvider(func(p *UpstreamProvider) { p.OnBackchannelLogout = "all" }), []finding{
			{firstProvider + "on_backchannel_logout", "unknown-value", fails},
			{firstProvider + "on_backchannel_logout", "logout-ignored", warns},
		}},
		{"response mode unknown", ofProvider(func(p *UpstreamProvider) { p.ResponseMode = "fragment" }), only(firstProvider+"response_mode", "unknown-value", fails)},
		{"PKCE s256", ofProvider(func(p *UpstreamProvider) { p.PKCEMethod = "s256" }), only(firstProvider+"pkce_method", "unknown-value", fails)},
		{"discovery mode unknown", ofProvider(func(p *UpstreamProvider) { p.DiscoveryMode = "OIDC" }), only(firstProvider+"discovery_mode", "unknown-value", fails)},
	})
}

func TestValidateUpstreamIssuer(t *testing.T) {
	t.Parallel()
	disabled := func(p *UpstreamProvider) {
		p.DiscoveryMode, p.PKCEMethod = DiscoveryDisabled, PKCEAlways
		p.AuthorizationEndpoint, p.TokenEndpoint, p.JWKSURI = "https://a.example/a?x=1", "https://a.example/t", "https://a.example/j"
	}
	with := func(changes ...func(*UpstreamProvider)) func(*Config) {
		return ofProvider(func(p *UpstreamProvider) {
			for _, change := range changes {
				change(p)
			}
		})
	}
	issuer := func(text string) func(*UpstreamProvider) { return func(p *UpstreamProvider) { p.Issuer = text } }
	runRules(t, []rule{
		{"missing", with(issuer("")), only(firstProvider+"issuer", "required", fails)},
		{"malformed", with(issuer("sso.example.com")), only(firstProvider+"issuer", "url-invalid", fails)},
		{"with query", with(issuer("https://sso.example.com/?x")), only(firstProvider+"issuer", "url-query", fails)},
		{"with fragment", with(issuer("https://sso.example.com/#")), only(firstProvider+"issuer", "url-query", fails)},
		{"http", with(issuer("http://sso.example.com/")), only(firstProvider+"issuer", "url-not-https", fails)},
		{"http, insecure", with(issuer("http://sso.example.com/"), func(p *UpstreamProvider) { p.DiscoveryMode = DiscoveryInsecure }), only(firstProvider+"discovery_mode", "discovery-insecure", warns)},
		{"discovery disabled", with(disabled), nil},
		{"disabled, any issuer", with(disabled, issuer("")), only(firstProvider+"issuer", "issuer-unchecked", warns)},
		{"disabled, issuer no URL", with(disabled, issuer("accounts.example.com")), nil},
		{"disabled, nothing else", with(func(p *UpstreamProvider) { p.DiscoveryMode, p.FetchUserinfo = DiscoveryDisabled, true }), []finding{
			{firstProvider + "authorization_endpoint", "required", fails},
			{firstProvider + "token_endpoint", "required", fails},
			{firstProvider + "jwks_uri", "required", fails},
			{firstProvider + "userinfo_endpoint", "required", fails},
			{firstProvider + "pkce_method", "pkce-off", warns},
		}},
		{"disabled, without ID token", with(disabled, func(p *UpstreamProvider) {
			p.Scope, p.JWKSURI, p.FetchUserinfo, p.UserinfoEndpoint, p.OnBackchannelLogout = "read:user", "", true, "https://a.example/u", ""
			p.Issuer = "https://a.example"
		}), nil},
		{"endpoint with a password", with(func(p *UpstreamProvider) { p.TokenEndpoint = "https://u:p@sso.example.com/t" }), only(firstProvider+"token_endpoint", "url-userinfo", fails)},
		{"endpoint with a fragment", with(func(p *UpstreamProvider) { p.TokenEndpoint = "https://sso.example.com/t#x" }), only(firstProvider+"token_endpoint", "url-fragment", fails)},
		{"endpoint with a query", with(func(p *UpstreamProvider) { p.AuthorizationEndpoint = "https://sso.example.com/a?p=b" }), nil},
		{"endpoint malformed", with(func(p *UpstreamProvider) { p.TokenEndpoint = "/token" }), only(firstProvider+"token_endpoint", "url-invalid", fails)},
		{"endpoint http", with(func(p *UpstreamProvider) { p.JWKSURI = "http://a.example/jwks" }), only(firstProvider+"jwks_uri", "url-not-https", warns)},
		{"userinfo endpoint unused", with(func(p *UpstreamProvider) { p.UserinfoEndpoint = "https://a.example/u" }), only(firstProvider+"userinfo_endpoint", "no-effect", warns)},
	})
}

func TestValidateUpstreamAuth(t *testing.T) {
	t.Parallel()
	method := func(m AuthMethod, change func(*UpstreamProvider)) func(*Config) {
		return ofProvider(func(p *UpstreamProvider) {
			p.TokenEndpointAuthMethod = m
			if !m.usesSecret() {
				p.ClientSecret = SecretValue{}
			}
			change(p)
		})
	}
	none := func(*UpstreamProvider) {}
	alg := func(a SigningAlg) func(*UpstreamProvider) {
		return func(p *UpstreamProvider) { p.TokenEndpointAuthSigningAlg = a }
	}
	const at, secret = firstProvider + "token_endpoint_auth_signing_alg", firstProvider + "client_secret"
	runRules(t, []rule{
		{"method missing", method("", func(p *UpstreamProvider) { p.ClientSecret = inline("s") }), only(firstProvider+"token_endpoint_auth_method", "required", fails)},
		{"method unknown", method("basic", none), only(firstProvider+"token_endpoint_auth_method", "unknown-value", fails)},
		{"secret missing", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret = SecretValue{} }), only(secret, "required", fails)},
		{"secret twice", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret.File = "/s" }), only(secret, "both-set", fails)},
		{"secret empty", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret = inline("") }), only(secret, "empty", fails)},
		{"secret by URI", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret = inline("file:///s") }), only(secret, "placeholder", fails)},
		{"secret with newline", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret = inline("a\nb") }), only(secret, "secret-control-character", fails)},
		{"secret superfluous", method(AuthNone, func(p *UpstreamProvider) { p.ClientSecret = inline("s") }), only(secret, "not-allowed", fails)},
		{"secret that basic encodes", method(AuthClientSecretBasic, func(p *UpstreamProvider) { p.ClientSecret = inline("a+b/c=") }), only(secret, "basic-alphabet", warns)},
		{"secret that post does not encode", method(AuthClientSecretPost, func(p *UpstreamProvider) { p.ClientSecret = inline("a+b/c=") }), nil},
		{"no method", method(AuthNone, none), nil},
		{"alg superfluous", method(AuthClientSecretBasic, alg(AlgRS256)), only(at, "not-allowed", fails)},
		{"alg missing", method(AuthPrivateKeyJWT, none), only(at, "required", fails)},
		{"alg RS256", method(AuthPrivateKeyJWT, alg(AlgRS256)), nil},
		{"alg without key", method(AuthPrivateKeyJWT, alg(AlgES384)), only(at, "no-signing-key", fails)},
		{"alg HS256 for a private key", method(AuthPrivateKeyJWT, alg(AlgHS256)), only(at, "alg-mismatch", fails)},
		{"alg HS256", method(AuthClientSecretJWT, alg(AlgHS256)), nil},
		{"alg RS256 for a secret", method(AuthClientSecretJWT, alg(AlgRS256)), only(at, "alg-mismatch", fails)},
		{"alg in lower case", method(AuthPrivateKeyJWT, alg("rs256")), only(at, "alg-case", fails)},
		{"alg unknown", method(AuthPrivateKeyJWT, alg("RSA")), only(at, "unknown-value", fails)},
		{"ID token alg in lower case", ofProvider(func(p *UpstreamProvider) { p.IDTokenSignedResponseAlg = "rs256" }), only(firstProvider+"id_token_signed_response_alg", "alg-case", fails)},
		{"ID token alg EdDSA", ofProvider(func(p *UpstreamProvider) { p.IDTokenSignedResponseAlg = AlgEdDSA }), only(firstProvider+"id_token_signed_response_alg", "alg-unverifiable", fails)},
		{"ID token alg ES512", ofProvider(func(p *UpstreamProvider) { p.IDTokenSignedResponseAlg = AlgES512 }), only(firstProvider+"id_token_signed_response_alg", "alg-unverifiable", fails)},
		{"ID token alg HS256", ofProvider(func(p *UpstreamProvider) { p.IDTokenSignedResponseAlg = AlgHS256 }), only(firstProvider+"id_token_signed_response_alg", "alg-unverifiable", fails)},
		{"ID token alg ES256K", ofProvider(func(p *UpstreamProvider) { p.IDTokenSignedResponseAlg = AlgES256K }), nil},
		{"userinfo alg unused", ofProvider(func(p *UpstreamProvider) { p.UserinfoSignedResponseAlg = AlgRS256 }), only(firstProvider+"userinfo_signed_response_alg", "no-effect", warns)},
		{"userinfo alg none", ofProvider(func(p *UpstreamProvider) { p.UserinfoSignedResponseAlg, p.FetchUserinfo = "none", true }), only(firstProvider+"userinfo_signed_response_alg", "unknown-value", fails)},
	})
}

func TestValidateUpstreamApple(t *testing.T) {
	t.Parallel()
	apple := func(change func(*SignInWithApple)) func(*Config) {
		return ofProvider(func(p *UpstreamProvider) {
			p.ClientSecret, p.TokenEndpointAuthMethod = SecretValue{}, AuthSignInWithApple
			p.SignInWithApple = &SignInWithApple{
				TeamID: "ABCDE12345", KeyID: "ABCDE12345", PrivateKey: SecretValue{Inline: keyOf(t, keys.P256).PEM()},
			}
			change(p.SignInWithApple)
		})
	}
	const at = firstProvider + "sign_in_with_apple"
	runRules(t, []rule{
		{"good", apple(func(*SignInWithApple) {}), nil},
		{"missing", ofProvider(func(p *UpstreamProvider) {
			p.ClientSecret, p.TokenEndpointAuthMethod = SecretValue{}, AuthSignInWithApple
		}), only(at, "required", fails)},
		{"superfluous", ofProvider(func(p *UpstreamProvider) { p.SignInWithApple = &SignInWithApple{} }), only(at, "not-allowed", fails)},
		{"team missing", apple(func(a *SignInWithApple) { a.TeamID = "" }), only(at+".team_id", "required", fails)},
		{"key id odd", apple(func(a *SignInWithApple) { a.KeyID = "key" }), only(at+".key_id", "apple-id", warns)},
		{"key missing", apple(func(a *SignInWithApple) { a.PrivateKey = SecretValue{} }), only(at+".private_key", "required", fails)},
		{"both keys", apple(func(a *SignInWithApple) { a.PrivateKey.File = "/AuthKey.p8" }), only(at+".private_key", "both-set", fails)},
		{"key of another kind", apple(func(a *SignInWithApple) { a.PrivateKey.Inline = keyOf(t, keys.RSA).PEM() }), only(at+".private_key", "key-kind", fails)},
		{"no key", apple(func(a *SignInWithApple) { a.PrivateKey = inline("key") }), only(at+".private_key", string(keys.ReasonNotAKey), fails)},
	})
}

func TestValidateClaims(t *testing.T) {
	t.Parallel()
	claims := func(change func(*ClaimsImports)) func(*Config) {
		return ofProvider(func(p *UpstreamProvider) { change(&p.ClaimsImports) })
	}
	parameters := func(change func(*UpstreamProvider)) func(*Config) { return ofProvider(change) }
	const at, local = firstProvider + "claims_imports.", firstProvider + "claims_imports.localpart."
	const params = firstProvider + "additional_authorization_parameters."
	skip := func(c *ClaimsImports) {
		c.SkipConfirmation = true
	}
	skipping := func(change func(*Config)) func(*Config) {
		return func(c *Config) {
			c.Branding, c.Policy = nil, nil
			skip(&c.UpstreamOAuth2.Providers[0].ClaimsImports)
			change(c)
		}
	}
	runRules(t, []rule{
		{"nothing imported", claims(func(c *ClaimsImports) { *c = ClaimsImports{} }), nil},
		{"subject malformed", claims(func(c *ClaimsImports) { c.Subject.Template = "{{ user.sub" }), only(at+"subject.template", "template-invalid", fails)},
		{"account name malformed", claims(func(c *ClaimsImports) { c.AccountName.Template = "{% if x %}" }), only(at+"account_name.template", "template-invalid", fails)},
		{"localpart malformed", claims(func(c *ClaimsImports) { c.Localpart.Template = "{{ user.name | slug }}" }), only(local+"template", "template-invalid", fails)},
		{"action unknown", claims(func(c *ClaimsImports) { c.Displayname.Action = "always" }), only(at+"displayname.action", "unknown-value", fails)},
		{"template of an ignored claim", claims(func(c *ClaimsImports) { c.Displayname.Action = "" }), only(at+"displayname.template", "no-effect", warns)},
		{"address by default", claims(func(c *ClaimsImports) { c.Email.Template = "" }), []finding{
			{at + "email.template", "template-null", warns},
			{at + "email.template", "email-unverified", warns},
		}},
		{"address unverified", claims(func(c *ClaimsImports) { c.Email.Template = "{{ user.email or '' }}" }), only(at+"email.template", "email-unverified", warns)},
		{"name that may be null", claims(func(c *ClaimsImports) { c.Displayname.Template = "{{ user.name }}" }), only(at+"displayname.template", "template-null", warns)},
		{"localpart by default", claims(func(c *ClaimsImports) { c.Localpart.Template = "" }), only(local+"template", "template-null", warns)},
		{"conflict with suggest", claims(func(c *ClaimsImports) { c.Localpart.Action, c.Localpart.OnConflict = ImportSuggest, ConflictSet }), []finding{
			{local + "on_conflict", "needs-action", fails},
			{local + "on_conflict", "links-by-name", warns},
		}},
		{"conflict strict", claims(func(c *ClaimsImports) { c.Localpart.OnConflict = ConflictAdd }), only(local+"on_conflict", "links-by-name", warns)},
		{"conflict lossy", claims(func(c *ClaimsImports) {
			c.Localpart.OnConflict, c.Localpart.Template = ConflictReplace, "{{ (user.email or '') | split('@') | first }}"
		}), only(local+"on_conflict", "account-takeover", warns)},
		{"conflict unknown", claims(func(c *ClaimsImports) { c.Localpart.OnConflict = "link" }), []finding{
			{local + "on_conflict", "unknown-value", fails},
			{local + "on_conflict", "links-by-name", warns},
		}},
		{"skip", skipping(func(*Config) {}), nil},
		{"skip with suggested name", skipping(claims(func(c *ClaimsImports) { c.Localpart.Action = ImportForce })), only(local+"action", "needs-action", fails)},
		{"skip with suggested address", skipping(claims(func(c *ClaimsImports) { c.Email.Action = ImportSuggest })), only(at+"email.action", "needs-action", fails)},
		{"skip with suggested display name", skipping(claims(func(c *ClaimsImports) { c.Displayname.Action = ImportSuggest })), only(at+"displayname.action", "needs-action", fails)},
		{"skip without display name", skipping(claims(func(c *ClaimsImports) { c.Displayname = ClaimImport{} })), only(at+"displayname.action", "display-name-asked", warns)},
		{"skip of terms", skipping(func(c *Config) { c.Branding = &Branding{TOSURI: "https://example.com/"} }), only(at+"skip_confirmation", "terms-not-recorded", warns)},
		{"skip of policy", skipping(func(c *Config) { c.Policy = validPolicy() }), only(at+"skip_confirmation", "policy-skipped", warns)},
		{"parameter malformed", parameters(func(p *UpstreamProvider) { p.AdditionalAuthorizationParameters["prompt"] = "{{ }}" }), only(params+"prompt", "template-invalid", fails)},
		{"parameter of MAS", parameters(func(p *UpstreamProvider) { p.AdditionalAuthorizationParameters["nonce"] = "1" }), only(params+"nonce", "parameter-reserved", fails)},
		{"login hint as before", parameters(func(p *UpstreamProvider) { p.ForwardLoginHint = true }), only(firstProvider+"forward_login_hint", "deprecated", warns)},
		{"login hint twice", parameters(func(p *UpstreamProvider) {
			p.ForwardLoginHint, p.AdditionalAuthorizationParameters["login_hint"] = true, "{{ params.login_hint }}"
		}), only(firstProvider+"forward_login_hint", "both-set", fails)},
	})
}
