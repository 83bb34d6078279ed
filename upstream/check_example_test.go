package upstream_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// A provider with a final slash in its issuer, and one without in the entry: MAS would
// start, and refuse every login.
func ExampleCheck() {
	var provider *httptest.Server
	provider = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/openid-configuration" {
			_, _ = fmt.Fprintf(w, `{"issuer": "%[1]s/", "authorization_endpoint": "%[1]s/authorize", "token_endpoint": "%[1]s/token",
				"jwks_uri": "%[1]s/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
				"id_token_signing_alg_values_supported": ["RS256"]}`, provider.URL)
			return
		}
		_, _ = fmt.Fprint(w, `{"keys": [{"kty": "oct", "k": "AAAA"}]}`)
	}))
	defer provider.Close()

	entry := upstream.Entry{
		ID: "01JSHPZHAXC50QBKH67MH33TNF", Issuer: provider.URL, ClientID: "matrix",
		ClientSecret:            mas.SecretValue{Inline: maskit.NewSecret("0bd4f7b1c5d14e4b")},
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic,
	}
	report, err := upstream.Check(context.Background(), entry, upstream.CheckConfig{HTTPClient: provider.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range report.Problems.Only(maskit.SeverityError) {
		fmt.Println(p.Code, strings.ReplaceAll(p.Message, provider.URL, "https://sso.example.com"))
	}
	// Output:
	// disc-issuer the issuer is "https://sso.example.com/", not "https://sso.example.com": a final slash is missing
	// jwks-fetch keys[0] has the kty "oct", and MAS reads RSA, EC and OKP alone, and for this one key MAS refuses all, at every login
}
