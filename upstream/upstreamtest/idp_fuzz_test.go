package upstreamtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// Whatever a caller sends, the provider answers by what the specifications have, issues
// nothing, and records the request without a secret.
func FuzzIDP(f *testing.F) {
	const form = "application/x-www-form-urlencoded"
	f.Add("POST", "/token", form, "Basic bWF0cml4OmNhbmFyeQ==", "grant_type=authorization_code&code=x")
	f.Add("POST", "/token", form, "Basic !", "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=e30.e30.x")
	f.Add("POST", "/token", form, "", "client_assertion=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXRyaXgiLCJhdWQiOlsxXX0.x&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
	f.Add("POST", "/par", form, "Basic bWF0cml4OmNhbmFyeQ==", "response_type=code&redirect_uri=https%3A%2F%2Frp%2F&client_id=other")
	f.Add("GET", "/authorize?client_id=matrix&response_type=code&redirect_uri=https://rp/&scope=openid&prompt=none&state=%00&response_mode=form_post", "", "", "")
	f.Add("GET", "/authorize?client_id=matrix&response_type=code&redirect_uri=:&code_challenge=x", "", "", "")
	f.Add("POST", "/login?client_id=matrix&request_uri=x", form, "", "username=alice")
	f.Add("GET", "/userinfo", "", "Bearer ", "")
	f.Add("POST", "/authorize", "multipart/form-data", "", "%zz")
	f.Add("GET", "/.well-known/openid-configuration", "", "", "")
	f.Fuzz(func(t *testing.T, method, target, contentType, authorization, body string) {
		request, err := http.NewRequestWithContext(t.Context(), method, "https://idp.example"+target, strings.NewReader(body))
		if err != nil || !strings.HasPrefix(target, "/") {
			t.Skip()
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", authorization)
		p, err := newIDP([]Quirk{HS256})
		require.NoError(t, err)
		p.locate("https://idp.example")
		p.PutClient(Client{ID: "matrix", Secret: maskit.NewSecret("canary-9a7d"), RedirectURIs: []string{"https://rp/", ":"}})
		w := httptest.NewRecorder()
		p.ServeHTTP(w, request)

		require.Contains(t, []int{200, 201, 302, 400, 401, 404, 405, 413, 415}, w.Code)
		require.Empty(t, p.codes)
		require.Empty(t, p.tokens)
		require.Len(t, p.Requests(), 1)
		require.NotContains(t, w.Body.String(), "canary-9a7d")
		if w.Header().Get("Content-Type") == "application/json" {
			require.True(t, json.Valid(w.Body.Bytes()))
		}
	})
}
