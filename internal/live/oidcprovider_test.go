package live_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// Each configuration is a provider of its own, and somebody can log in.
func TestOIDCProviders(t *testing.T) {
	t.Parallel()
	const redirect = "https://account.example.com/callback"
	clients := []map[string]any{{"client_id": "matrix", "client_secret": "s3cret", "redirect_uris": []string{redirect}}}
	accounts := map[string]map[string]any{"alice": {"email": "alice@example.com"}}
	providers := live.OIDCProviders(t, map[string]live.OIDCProviderConfig{
		"plain": {Clients: clients, Accounts: accounts},
		"odd":   {Clients: clients, Accounts: accounts, IssuerSlash: true, OmitMetadata: []string{"code_challenge_methods_supported"}},
	})
	for name, provider := range providers {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, provider.Issuer+"/.well-known/openid-configuration", http.NoBody)
		require.NoError(t, err)
		if name == "odd" {
			request.URL.Path = request.URL.Path[1:]
		}
		response, err := provider.HTTPClient().Do(request)
		require.NoError(t, err)
		var document map[string]any
		require.NoError(t, json.NewDecoder(response.Body).Decode(&document))
		require.NoError(t, response.Body.Close())
		require.Equal(t, provider.Issuer, document["issuer"])
		require.Equal(t, name == "plain", document["code_challenge_methods_supported"] != nil)

		query := url.Values{
			"client_id": {"matrix"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"x"},
			"code_challenge_method": {"S256"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
		}
		result := provider.LogIn(t, document["authorization_endpoint"].(string)+"?"+query.Encode())
		require.Equal(t, "x", result.Get("state"))
		require.NotEmpty(t, result.Get("code"), "%v", result)
	}
}
