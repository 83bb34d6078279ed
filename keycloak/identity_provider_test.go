package keycloak_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// certificate makes one: as PEM, and as its base64.
func certificate(t testing.TB) (asPEM, body string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), base64.StdEncoding.EncodeToString(der)
}

const samlHead = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example.com/">`

func samlMetadata(certificates ...string) string {
	keys := ""
	for i, c := range certificates {
		use := []string{` use="signing"`, ` use="encryption"`, ""}[i%3]
		keys += "<md:KeyDescriptor" + use + "><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n" + c + "\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
	}
	return samlHead + "<md:IDPSSODescriptor>" + keys + `
	<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/slo"/>
	<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/redirect"/>
	<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/post"/>
</md:IDPSSODescriptor></md:EntityDescriptor>`
}

func TestValidateIdentityProviders(t *testing.T) {
	t.Parallel()
	asPEM, body := certificate(t)
	oidc, saml := keycloak.IdentityProvider{Alias: "a", Type: "oidc"}, keycloak.IdentityProvider{Alias: "a", Type: "saml"}
	with := func(p keycloak.IdentityProvider, change func(p *keycloak.IdentityProvider)) keycloak.IdentityProvider {
		change(&p)
		return p
	}
	for name, c := range map[string]struct {
		provider keycloak.IdentityProvider
		want     []string // path: code
	}{
		"the least":      {oidc, nil},
		"nothing":        {keycloak.IdentityProvider{}, []string{"alias: required", "type: required"}},
		"alias":          {keycloak.IdentityProvider{Alias: "a b", Type: "github"}, []string{"alias: provider-alias"}},
		"alias of dots":  {keycloak.IdentityProvider{Alias: "..", Type: "github"}, []string{"alias: provider-alias"}},
		"group of dots":  {keycloak.IdentityProvider{Alias: "a", Type: "oidc", Mappers: []keycloak.ProviderMapper{{Name: "g", Group: "/a/../b"}}}, []string{"mappers[0].group: group-path"}},
		"sync mode":      {with(oidc, func(p *keycloak.IdentityProvider) { p.SyncMode = "never" }), []string{"sync_mode: unknown-value"}},
		"mask":           {with(oidc, func(p *keycloak.IdentityProvider) { p.Secret = maskit.NewSecret("**********") }), []string{"secret: secret-masked"}},
		"version":        {with(oidc, func(p *keycloak.IdentityProvider) { p.SecretVersion = "1" }), []string{"secret_version: unused"}},
		"version, file":  {with(oidc, func(p *keycloak.IdentityProvider) { p.SecretVersion, p.SecretFile = "1", "/x" }), nil},
		"the other type": {with(oidc, func(p *keycloak.IdentityProvider) { p.SAML.SignRequests = keycloak.Set(false) }), []string{"saml: unused"}},
		"and back": {
			with(saml, func(p *keycloak.IdentityProvider) { p.OIDC.Scopes, p.ClientID = []string{}, "x" }),
			[]string{"oidc: unused", "client_id: unused"},
		},
		"config": {
			with(oidc, func(p *keycloak.IdentityProvider) {
				p.Config = map[string]string{"clientSecret": "x", "prompt": "login"}
			}),
			[]string{"config.clientSecret: has-a-setting"},
		},
		"addresses": {
			with(oidc, func(p *keycloak.IdentityProvider) {
				p.OIDC = keycloak.OIDCProvider{TokenURL: "idp", JWKSURL: "https://u:p@idp.example.com/", Auth: "none", PKCE: keycloak.Set("S512")}
			}),
			[]string{"oidc.token_url: url-invalid", "oidc.jwks_url: url-invalid", "oidc.auth: unknown-value", "oidc.pkce: unknown-value"},
		},
		"metadata":      {with(saml, func(p *keycloak.IdentityProvider) { p.SAML.Metadata = samlMetadata(body) }), nil},
		"metadata, odd": {with(saml, func(p *keycloak.IdentityProvider) { p.SAML.Metadata = "<x" }), []string{"saml.metadata: saml-metadata"}},
		"certificates": {
			with(saml, func(p *keycloak.IdentityProvider) { p.SAML.Certificates = []string{asPEM, body, "garbage", "YQ=="} }),
			[]string{"saml.certificates[2]: certificate-invalid", "saml.certificates[3]: certificate-invalid"},
		},
		"unsigned":      {with(saml, func(p *keycloak.IdentityProvider) { p.SAML.SSOURL = "https://idp.example.com/" }), []string{"saml.certificates: saml-unsigned"}},
		"no signatures": {with(saml, func(p *keycloak.IdentityProvider) { p.SAML.ValidateSignature = keycloak.Set(false) }), []string{"saml.validate_signature: saml-unsigned"}},
		"mappers": {
			with(oidc, func(p *keycloak.IdentityProvider) {
				p.Mappers = []keycloak.ProviderMapper{
					{}, {Name: "a", From: "x"}, {Name: "a", From: "x", To: "y", Group: "/g"}, {Name: "b", Group: "g"}, {Name: "c", Type: "t", SyncMode: "x"},
				}
			}), []string{
				"mappers[0].name: required", "mappers[0]: mapper-kind", "mappers[1]: mapper-kind", "mappers[2]: mapper-kind", "mappers[2].name: duplicate",
				"mappers[3].group: group-path", "mappers[4].sync_mode: unknown-value",
			},
		},
		"mapper of another type": {
			keycloak.IdentityProvider{Alias: "a", Type: "github", Mappers: []keycloak.ProviderMapper{{Name: "a", From: "x", To: "y"}}},
			[]string{"mappers[0]: mapper-kind"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, IdentityProviders: []keycloak.IdentityProvider{c.provider}}
			var got []string
			for _, p := range spec.Validate() {
				got = append(got, strings.TrimPrefix(p.Path, "identity_providers[0].")+": "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
	twice := keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, IdentityProviders: []keycloak.IdentityProvider{oidc, oidc}}
	require.Equal(t, []string{"duplicate"}, codes(twice.Validate()))
}

func TestIdentityProviderFile(t *testing.T) {
	t.Parallel()
	_, body := certificate(t)
	l := liveRealm{}
	l.Name, l.Issuer = "staff", "https://sso.example.com/realms/staff"
	spec := l.oidcSpec(t, l.KeycloakRealm)
	spec.IdentityProviders = append(spec.IdentityProviders, l.samlSpec(t, samlMetadata(body)).IdentityProviders...)
	text, err := spec.YAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "hidden")
	spec.Client.Secret, spec.IdentityProviders[0].Secret = maskit.Secret{}, maskit.Secret{}
	spec.IdentityProviders[0].SecretVersion = ""
	spec.IdentityProviders[0].SecretFile = "/run/secrets/upstream"
	text, err = spec.YAML()
	require.NoError(t, err)
	again, problems := keycloak.ParseSpec("spec.yaml", text)
	require.Empty(t, problems)
	require.Equal(t, spec, again)
	read, err := again.ReadSecrets(func(string) (maskit.Secret, error) { return maskit.NewSecret("hidden"), nil })
	require.NoError(t, err)
	require.Equal(t, "hidden", read.IdentityProviders[0].Secret.Reveal())
	require.True(t, again.IdentityProviders[0].Secret.IsZero(), "the spec that was read is not changed")
}

func TestRedirectURI(t *testing.T) {
	t.Parallel()
	p := keycloak.IdentityProvider{Alias: "corp"}
	require.Equal(t, "https://sso.example.com/realms/staff/broker/corp/endpoint", p.RedirectURI("https://sso.example.com/realms/staff"))
	require.Equal(t, map[string]string{"kc_idp_hint": "corp"}, p.AuthorizationParameters())
}
