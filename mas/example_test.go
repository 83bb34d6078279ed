package mas_test

import (
	"crypto/rand"
	"fmt"
	"testing/fstest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// A configuration is built from the addresses of the deployment, what was made once
// for it, and the intents.
func Example() {
	identity, err := mas.NewIdentity(rand.Reader) // once; then stored
	if err != nil {
		fmt.Println(err)
		return
	}
	identity, err = identity.WithProvider("keycloak", rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	config, problems := mas.NewBuilder(maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}, identity).
		Database(mas.Database{Host: "postgres", Username: "mas", Name: "mas"}).
		Upstream(mas.UpstreamProvider{
			ID:                      identity.Providers["keycloak"],
			Issuer:                  "https://id.example.com/realms/corp",
			ClientID:                "matrix-auth",
			ClientSecret:            mas.SecretValue{Inline: maskit.NewSecret("from the client's credentials tab")},
			TokenEndpointAuthMethod: mas.AuthClientSecretBasic,
			Scope:                   "openid profile email",
			OnBackchannelLogout:     mas.LogoutAll,
		}).
		Build()
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range config.HTTP.Listeners {
		fmt.Println(l.Name, l.Binds[0].Address)
	}
	fmt.Println(config.Database.SSLMode, config.Matrix.Secret.Inline)
	// Output:
	// public 0.0.0.0:8080
	// internal 0.0.0.0:8081
	// admin 0.0.0.0:8082
	// verify-full [redacted]
}

// What is wrong is reported all at once, with the fix.
func ExampleParse() {
	files := fstest.MapFS{"config.yaml": {Data: []byte("passwords:\n  min_length: 12\nmatrix:\n  homserver: example.com\n")}}
	_, problems, err := mas.Parse(files, "config.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range problems {
		fmt.Println(p.Pos, p.Path, p.Code)
	}
	// Output:
	// config.yaml:2:3 passwords.min_length unknown-key
	// config.yaml:4:3 matrix.homserver unknown-key
}

// A comparison says what the next configuration does to a running deployment.
func ExampleCompare() {
	old := &mas.Config{Matrix: mas.Matrix{Homeserver: "example.com", Secret: mas.SecretValue{Inline: maskit.NewSecret("one")}}}
	next := old.Clone()
	next.Matrix.Secret.Inline = maskit.NewSecret("two")
	comparison := mas.Compare(old, next)
	fmt.Println(comparison)
	for _, p := range comparison.Judge() {
		fmt.Println(p.Severity, p.Code)
	}
	// Output:
	// update matrix: matrix.secret: [redacted] → [redacted] [restart, logins fail] every login and every token check fails until Synapse has the same secret
	// warning shared-secret-changed
}
