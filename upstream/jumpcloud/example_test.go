package jumpcloud_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/jumpcloud"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := jumpcloud.Config{
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
	// https://oauth.id.jumpcloud.com/
}
