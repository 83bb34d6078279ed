package upstreamtest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func newSigner(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// listen takes logout tokens and answers as nobody else does.
func listen(t *testing.T, received chan<- string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received <- r.PostFormValue("logout_token")
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Each quirk shows in the messages of the provider, and nothing else changes: a login
// goes its way unless the quirk is in it.
func TestIDPQuirks(t *testing.T) {
	t.Parallel()
	metadata := "/.well-known/openid-configuration"
	for quirk, check := range map[upstreamtest.Quirk]func(*testing.T, *flow){
		upstreamtest.IssuerSlash: func(t *testing.T, f *flow) {
			require.Equal(t, f.idp.URL+"/", f.document(f.idp.URL + metadata)["issuer"])
			require.Equal(t, f.idp.URL+"/", f.claims()["iss"])
		},
		upstreamtest.IssuerPlaceholder: func(t *testing.T, f *flow) {
			require.Equal(t, origin(f.idp)+"/{tenantid}/v2.0", f.document(f.idp.URL + metadata)["issuer"])
			require.Equal(t, origin(f.idp)+"/common/v2.0", f.idp.URL)
			require.Equal(t, f.idp.Issuer, f.claims()["iss"])
		},
		upstreamtest.StringEmailVerified: func(t *testing.T, f *flow) {
			require.Equal(t, "false", f.claims()["email_verified"])
		},
		upstreamtest.NoNonce: func(t *testing.T, f *flow) { require.NotContains(t, f.claims(), "nonce") },
		upstreamtest.HS256: func(t *testing.T, f *flow) {
			require.Empty(t, f.document(f.idp.URL + "/jwks")["keys"])
			_, tokens := f.exchange(f.code())
			signed, err := jose.ParseSignedCompact(tokens["id_token"].(string), []jose.SignatureAlgorithm{jose.HS256})
			require.NoError(t, err)
			_, err = signed.Verify(padded(secret))
			require.NoError(t, err)
		},
		upstreamtest.EdDSAOnly: func(t *testing.T, f *flow) {
			_, tokens := f.exchange(f.code())
			f.verify(tokens["id_token"].(string), jose.EdDSA)
			require.Equal(t, []any{"EdDSA"}, f.document(f.idp.URL + metadata)["id_token_signing_alg_values_supported"])
		},
		upstreamtest.OneBadJWK: func(t *testing.T, f *flow) {
			keys := f.document(f.idp.URL + "/jwks")["keys"].([]any)
			require.Len(t, keys, 2)
			require.Equal(t, "AKP", keys[1].(map[string]any)["kty"])
		},
		upstreamtest.ThinIDToken: func(t *testing.T, f *flow) {
			require.NotContains(t, f.claims(), "email")
			_, tokens := f.exchange(f.code())
			require.Equal(t, "alice@example.com", f.userinfo(tokens["access_token"])["email"])
		},
		upstreamtest.UserinfoOnly: func(t *testing.T, f *flow) {
			_, tokens := f.exchange(f.code())
			require.NotContains(t, tokens, "id_token")
			require.Equal(t, "alice@example.com", f.userinfo(tokens["access_token"])["email"])
			require.Equal(t, http.StatusNotFound, f.get(metadata))
		},
		upstreamtest.Error200: func(t *testing.T, f *flow) {
			status, answer := f.exchange("nobody issued it")
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, "bad_verification_code", answer["error"])
			f.authenticate = wrongSecret
			status, answer = f.exchange(f.code())
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, "incorrect_client_credentials", answer["error"])
		},
		upstreamtest.EmptyBody401: func(t *testing.T, f *flow) {
			f.authenticate = wrongSecret
			status, answer := f.exchange(f.code())
			require.Equal(t, http.StatusUnauthorized, status)
			require.Empty(t, answer)
		},
		upstreamtest.UnauthorizedClient: func(t *testing.T, f *flow) {
			f.authenticate = wrongSecret
			status, answer := f.exchange(f.code())
			require.Equal(t, http.StatusUnauthorized, status)
			require.Equal(t, "unauthorized_client", answer["error"])
			status, answer = f.post("/par", f.authorize)
			require.Equal(t, http.StatusUnauthorized, status)
			require.Equal(t, "invalid_request", answer["error"])
		},
		upstreamtest.NoPKCEList: func(t *testing.T, f *flow) {
			require.NotContains(t, f.document(f.idp.URL+metadata), "code_challenge_methods_supported")
			f.claims() // and it works
		},
		upstreamtest.RequirePAR: func(t *testing.T, f *flow) {
			require.Equal(t, true, f.document(f.idp.URL + metadata)["require_pushed_authorization_requests"])
			require.Equal(t, "invalid_request", f.logIn().Get("error"))
		},
		upstreamtest.HTMLDiscovery: func(t *testing.T, f *flow) { require.Equal(t, http.StatusOK, f.get(metadata)) },
		upstreamtest.LogoutTokenWithoutExp: func(t *testing.T, f *flow) {
			f.idp.PutClient(upstreamtest.Client{
				ID: "matrix", Secret: maskit.NewSecret(secret), RedirectURIs: []string{redirect}, BackchannelLogoutURI: listen(t, make(chan string, 1)),
			})
			f.code()
			deliveries, err := f.idp.LogOut(t.Context(), "alice")
			require.NoError(t, err)
			require.NotContains(t, f.verify(deliveries[0].Token, jose.RS256), "exp")
		},
	} {
		t.Run(string(quirk), func(t *testing.T) {
			t.Parallel()
			check(t, newFlow(t, quirk))
		})
	}
}

func TestQuirksAreAllTested(t *testing.T) {
	t.Parallel()
	require.Len(t, upstreamtest.Quirks(), 16)
}

func wrongSecret(r *http.Request, _ url.Values) { r.SetBasicAuth("matrix", "wrong") }

// claims logs in and returns the claims of the ID token.
func (f *flow) claims() map[string]any {
	f.t.Helper()
	status, tokens := f.exchange(f.code())
	require.Equal(f.t, http.StatusOK, status, "%v", tokens)
	return f.verify(tokens["id_token"].(string), jose.RS256)
}

func (f *flow) get(path string) int {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, origin(f.idp)+path, http.NoBody)
	require.NoError(f.t, err)
	status, _ := f.do(r)
	return status
}
