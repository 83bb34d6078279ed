package github_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/github"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := github.Config{
		Client: oidc.Client{ID: "Ov23liExample", Secret: mas.SecretValue{Inline: maskit.NewSecret("from the vault")}},
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
	fmt.Println(entry.UserinfoEndpoint, entry.PKCEMethod)
	fmt.Println(upstream.SetupSteps(provider, env)[0])
	// Output:
	// https://api.github.com/user always
	// Register an OAuth app at https://github.com/settings/developers
	//   Application name: Matrix
	//   Homepage URL: https://account.example.com/
	//   Authorization callback URL: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
	//   Enable Device Flow: Off
	//   Better under an organisation (its Settings, Developer settings, OAuth apps) than under a person. An OAuth app has one callback URL.
	//   (labels as in the vendor's documentation, not seen on a real tenant)
}
