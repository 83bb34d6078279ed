package pingone_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/pingone"
)

func Example() {
	provider := pingone.Config{
		Region: pingone.Europe, Environment: "0c9b6d3a-3c0e-4a55-9f5e-5f4e1d0f7a11",
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
	fmt.Println(entry.Issuer)
	// Output:
	// https://auth.pingone.eu/0c9b6d3a-3c0e-4a55-9f5e-5f4e1d0f7a11/as
}
