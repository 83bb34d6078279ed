package adfs_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/adfs"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// A directory whose addresses only administrators set.
func Example() {
	provider := adfs.Config{
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/adfs"}},
		Host:   "sts.example.com",
		Claims: claims.Rules{Email: claims.Email{Trust: claims.TrustDirectory}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	fmt.Println(entry.Scope)
	// Output:
	// https://sts.example.com/adfs
	// openid profile email allatclaims
}
