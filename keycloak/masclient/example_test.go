package masclient_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := upkc.Config{
		Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/etc/mas/keycloak/client-secret"}},
		BaseURL: "https://sso.example.com", Realm: "staff",
	}
	env := upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	}
	spec, problems := masclient.Spec(env, provider)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	text, err := spec.YAML()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// realm:
	//   name: staff
	// client:
	//   id: matrix
	//   site:
	//     account_url: https://account.example.com/
	//   provider: "01JSHPZHAXC50QBKH67MH33TNF"
	//   attributes:
	//     id.token.signed.response.alg: RS256
}
