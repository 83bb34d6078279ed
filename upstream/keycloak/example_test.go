package keycloak_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := upkc.Config{
		Client: oidc.Client{
			HumanName: "Example",
			ID:        "matrix",
			Secret:    mas.SecretValue{Inline: maskit.NewSecret("from the vault")},
		},
		BaseURL: "https://sso.example.com",
		Realm:   "staff",
	}
	env := upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	}
	entry, problems := provider.Entry(env)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	for _, step := range upstream.SetupSteps(provider, env) {
		fmt.Println(step)
	}
	// Output:
	// https://sso.example.com/realms/staff
	// Create an OpenID Connect client in the realm staff
	//   Client ID: matrix
	//   Client authentication: On
	//   Authentication flow: Standard flow, nothing else
	//   Home URL: https://account.example.com/
	//   Valid redirect URIs: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
	//   Web origins: (none)
	//   Proof Key for Code Exchange Code Challenge Method: S256
	//   The redirect URI is compared exactly: no wildcard is needed. The last setting is under Advanced.
	// Set the client's credentials
	//   Client Authenticator: Client Id and Secret
	//   Copy the client secret from here into the configuration.
	// Let Keycloak tell MAS about logouts
	//   Front channel logout: Off
	//   Backchannel logout URL: https://account.example.com/upstream/backchannel-logout/01JSHPZHAXC50QBKH67MH33TNF
	//   Backchannel logout session required: On
	//   Backchannel logout revoke offline sessions: On
	//   Keycloak must reach that address. It tells nothing when a user is disabled or deleted: log the user out first.
	// Check the login settings of the realm
	//   User registration: Off
	//   Edit username: Off
	//   Verify email: On
	//   User names become Matrix user names for good, and an address is imported only once it is verified.
}
