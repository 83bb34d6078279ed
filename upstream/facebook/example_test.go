package facebook_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/facebook"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := facebook.Config{
		Client:       oidc.Client{ID: "1234567890", Secret: mas.SecretValue{File: "/run/secrets/facebook"}},
		GraphVersion: "v24.0",
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.AuthorizationEndpoint, entry.PKCEMethod)
	fmt.Println(entry.ClaimsImports.Email.Action)
	// Output:
	// https://www.facebook.com/v24.0/dialog/oauth always
	// ignore
}
