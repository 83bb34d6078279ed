package apple_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/apple"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() apple.Config {
	return apple.Config{
		Client:     oidc.Client{ID: "com.example.matrix"},
		TeamID:     "A1B2C3D4E5",
		KeyID:      "F6G7H8I9J0",
		PrivateKey: mas.SecretValue{File: "/run/secrets/apple.p8"},
	}
}

func full() apple.Config {
	config := minimal()
	config.Client = vendortest.FullClient("openid", "name", "email")
	config.Client.Secret = mas.SecretValue{}
	config.Claims = claims.Rules{
		Localpart:   claims.Localpart{Action: mas.ImportSuggest, FromEmail: true, Policy: claims.LocalpartSanitize, Prefix: "apple-"},
		DisplayName: claims.DisplayName{Action: mas.ImportForce, Claims: []string{"email"}},
	}
	return config
}

// key makes a private key in PKCS#8 form.
func key(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	return private
}

func pkcs8(t *testing.T, private *ecdsa.PrivateKey) mas.SecretValue {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return block("PRIVATE KEY", der)
}

func block(kind string, der []byte) mas.SecretValue {
	return mas.SecretValue{Inline: maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestConformanceWithTheKeyItself(t *testing.T) {
	t.Parallel()
	inline := minimal()
	inline.PrivateKey = pkcs8(t, key(t, elliptic.P256()))
	upstreamtest.Run(t, upstreamtest.Config{New: func() upstream.Provider { return inline }})
}

func TestKey(t *testing.T) {
	t.Parallel()
	sec1, err := x509.MarshalECPrivateKey(key(t, elliptic.P256()))
	require.NoError(t, err)
	good := pkcs8(t, key(t, elliptic.P256()))
	text := func(s string) mas.SecretValue { return mas.SecretValue{Inline: maskit.NewSecret(s)} }
	for name, c := range map[string]struct {
		key  mas.SecretValue
		want []string
	}{
		"P-256 in PKCS#8":   {good, nil},
		"without line end":  {text(good.Inline.Reveal()[:len(good.Inline.Reveal())-1]), nil},
		"P-384":             {pkcs8(t, key(t, elliptic.P384())), []string{"private_key key-kind"}},
		"SEC 1":             {block("EC PRIVATE KEY", sec1), []string{"private_key key-kind"}},
		"no key":            {block("PRIVATE KEY", []byte("x")), []string{"private_key key-kind"}},
		"no PEM":            {text("-----BEGIN"), []string{"private_key key-kind"}},
		"two keys":          {text(good.Inline.Reveal() + good.Inline.Reveal()), []string{"private_key key-kind"}},
		"name of the file":  {text("AuthKey_F6G7H8I9J0.p8"), []string{"private_key key-kind"}},
		"key and file":      {mas.SecretValue{Inline: good.Inline, File: "/run/secrets/apple.p8"}, []string{"private_key both-set"}},
		"nothing":           {mas.SecretValue{}, []string{"private_key required"}},
		"file with newline": {mas.SecretValue{File: "/run/secrets/apple.p8\n"}, []string{"private_key_file text-invalid"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.PrivateKey = c.key
			_, problems := config.Entry(upstreamtest.Env())
			var got []string
			for _, p := range problems {
				got = append(got, p.Path+" "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = apple.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error team_id required", "error key_id required", "error private_key required", "error client_id required"),
		"short team":        when(func(c *config) { c.TeamID = "A1B2" }, "error team_id apple-id"),
		"key id in lower":   when(func(c *config) { c.KeyID = "f6g7h8i9j0" }, "error key_id apple-id"),
		"a client secret":   when(func(c *config) { c.Client.Secret = vendortest.Client().Secret }, "error client_secret not-allowed"),
		"no openid":         when(func(c *config) { c.Client.Scopes = []string{"name"} }, "error scopes scope-no-openid"),
		"groups":            when(func(c *config) { c.Claims.Require.Groups = []string{"staff"} }, "error claims.require.groups gate-unavailable"),
		"no address":        when(func(c *config) { c.Claims.Email.Trust = claims.TrustNever }),
		"e-mail identifies": when(func(c *config) { c.Claims.Subject = "email" }, "error claims.subject subject-mutable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Return URLs"))
	require.Equal(t, []string{"account.example.com"}, vendortest.Values(steps, "Domains and Subdomains"))
	require.Equal(t, []string{"F6G7H8I9J0"}, vendortest.Values(steps, "Key ID"))
}
