package authelia_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/authelia"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := authelia.Config{
		URL:    "https://auth.example.com",
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret("from the vault")}},
	}
	entry, problems := provider.Entry(upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer, entry.Scope, entry.FetchUserinfo)
	// Output:
	// https://auth.example.com openid profile email groups true
}
