package apple_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/apple"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := apple.Config{
		Client:     oidc.Client{ID: "com.example.matrix"},
		TeamID:     "A1B2C3D4E5",
		KeyID:      "F6G7H8I9J0",
		PrivateKey: mas.SecretValue{File: "/run/secrets/apple.p8"},
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
	fmt.Println(entry.TokenEndpointAuthMethod, entry.ResponseMode)
	fmt.Println(provider.SetupSteps(env)[1])
	// Output:
	// sign_in_with_apple form_post
	// Register a Services ID (Identifiers, +, Services IDs)
	//   Identifier: com.example.matrix
	//   Sign in with Apple: enabled, with the App ID as primary
	//   Domains and Subdomains: account.example.com
	//   Return URLs: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
	//   Apple takes https only, and neither localhost nor an IP address.
	//   (labels as in the vendor's documentation, not seen on a real tenant)
}
