package mas_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

func ExampleConfig_Validate() {
	config := &mas.Config{
		HTTP: &mas.HTTP{PublicBase: "https://account.example.com/auth", TrustedProxies: []string{"10.0.0.0/8"}},
		Matrix: mas.Matrix{
			Homeserver: "https://example.com",
			Secret:     mas.SecretValue{Inline: maskit.NewSecret("file:///run/secrets/shared")},
		},
		Secrets:  mas.Secrets{Encryption: mas.SecretValue{File: "/etc/mas/encryption"}},
		Database: &mas.Database{MaxConnections: mas.Set[uint32](1)},
	}
	problems := config.Validate(mas.ValidateOptions{})
	for _, p := range problems.Only(maskit.SeverityError) {
		fmt.Printf("%s: %s [%s]\n", p.Path, p.Message, p.Code)
	}
	// Output:
	// matrix.secret: is a reference or placeholder, which MAS takes for the secret itself [placeholder]
	// http.public_base: has a path that does not end in / [url-no-slash]
	// http.listeners: is missing [required]
	// database.max_connections: leaves no connection for requests: the job listener holds one [pool-too-small]
	// matrix.homeserver: is a URL, but must be a name [server-name-is-url]
	// secrets.keys: is missing [required]
}
