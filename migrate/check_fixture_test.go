package migrate

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// homeserver is a homeserver.yaml, with more lines.
func homeserver(lines ...string) []synapse.File {
	text := "server_name: example.com\n" +
		"database: {name: psycopg2, args: {host: db, user: synapse, password: canary, dbname: synapse, sslmode: disable}}\n" +
		strings.Join(append(lines, ""), "\n")
	return []synapse.File{{Name: "homeserver.yaml", Data: []byte(text)}}
}

const (
	providerA maskit.ULID = "01HFRQFT5QFMJFGF01P7JAV2ME"
	providerB maskit.ULID = "01HFRQHDJCCZ9ATKYA1P7AA7NF"
)

// identity is drawn once: RSA keys take a while.
var identity = sync.OnceValues(func() (mas.Identity, error) { return mas.NewIdentity(rand.Reader) })

// masConfig is a configuration of MAS that has no fault and fits homeserver, with changes.
func masConfig(t testing.TB, change ...func(*mas.Config)) *mas.Config {
	t.Helper()
	id, err := identity()
	require.NoError(t, err)
	c := &mas.Config{
		Database: &mas.Database{URI: maskit.NewSecret("postgresql://mas:canary@db/mas?sslmode=disable")},
		Matrix: mas.Matrix{
			Kind: mas.HomeserverSynapseModern, Homeserver: "example.com", Endpoint: "http://synapse:8008/", Secret: mas.SecretValue{Inline: id.SharedSecret},
		},
		Secrets: mas.Secrets{Encryption: mas.SecretValue{Inline: id.EncryptionKey}, Keys: id.SigningKeys},
		Passwords: &mas.Passwords{Schemes: []mas.PasswordScheme{
			{Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true},
		}},
		Account: &mas.Account{LoginWithEmailAllowed: true},
	}
	for _, f := range change {
		f(c)
	}
	return c
}

// provider is one of MAS, with changes.
func provider(id maskit.ULID, idpID string, change ...func(*mas.UpstreamProvider)) mas.UpstreamProvider {
	p := mas.UpstreamProvider{
		ID: id, SynapseIDPID: idpID, Issuer: "https://idp.example.com/", ClientID: "mas",
		ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("canary-client-secret")}, TokenEndpointAuthMethod: mas.AuthClientSecretBasic,
		Scope: "openid",
	}
	for _, f := range change {
		f(&p)
	}
	return p
}

func withProviders(providers ...mas.UpstreamProvider) func(*mas.Config) {
	return func(c *mas.Config) { c.UpstreamOAuth2 = &mas.UpstreamOAuth2{Providers: providers} }
}

// namedEngine is an engine of which only the name is asked.
type namedEngine struct {
	Engine

	name string
}

func (e namedEngine) Name() string { return e.name }

// found lists severity, path and code.
func found(fs Findings) []string {
	lines := []string{}
	for _, f := range fs {
		lines = append(lines, f.Severity.String()+" "+f.Path+" "+f.Code)
	}
	return lines
}

// requireNoSecret looks for the passwords and keys of the fixtures, which are all called so.
func requireNoSecret(t testing.TB, text string) {
	t.Helper()
	require.NotContains(t, text, "canary")
	id, err := identity()
	require.NoError(t, err)
	require.NotContains(t, text, id.SharedSecret.Reveal())
	require.NotContains(t, text, id.EncryptionKey.Reveal())
}
