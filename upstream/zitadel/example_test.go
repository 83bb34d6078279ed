package zitadel_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/zitadel"
)

func Example() {
	provider := zitadel.Config{
		URL:    "https://acme-a1b2c3.zitadel.cloud",
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
	fmt.Println(entry.Issuer, entry.FetchUserinfo)
	// Output:
	// https://acme-a1b2c3.zitadel.cloud true
}
