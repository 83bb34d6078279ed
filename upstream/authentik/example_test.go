package authentik_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/authentik"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := authentik.Config{
		URL:         "https://sso.example.com",
		Application: "matrix",
		Client:      oidc.Client{ID: "4Fp0", Secret: mas.SecretValue{Inline: maskit.NewSecret("from the vault")}},
		Claims:      claims.Rules{Email: claims.Email{Trust: claims.TrustDirectory}}, // since 2025.10 none is verified
	}
	entry, problems := provider.Entry(upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer, entry.OnBackchannelLogout)
	// Output:
	// https://sso.example.com/application/o/matrix/ logout_all
}
