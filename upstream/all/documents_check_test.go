package all_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// vendor answers for the servers of a vendor, without a network.
type vendor struct {
	document
	t     *testing.T
	keys  jose.JSONWebKeySet
	entry upstream.Entry
}

// RoundTrip implements [http.RoundTripper].
func (v vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	at := r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
	answer := func(status int, body any) (*http.Response, error) {
		data, err := json.Marshal(body)
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(data)), Request: r, ProtoMajor: 1, ProtoMinor: 1,
		}, err
	}
	switch at {
	case strings.TrimSuffix(v.issuer, "/") + "/.well-known/openid-configuration":
		return answer(http.StatusOK, v.metadata())
	case v.url(v.jwks), v.entry.JWKSURI:
		return answer(http.StatusOK, v.keys)
	case v.url(v.userinfo), v.entry.UserinfoEndpoint:
		return answer(http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
	case v.url(v.par):
		return answer(http.StatusCreated, map[string]any{"request_uri": "urn:x", "expires_in": 60})
	case v.url(v.token), v.entry.TokenEndpoint:
		return answer(http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
	case v.url(v.authorize), v.entry.AuthorizationEndpoint:
		response, err := answer(http.StatusFound, nil)
		response.Header.Set("Location", r.URL.Query().Get("redirect_uri")+"?"+url.Values{"error": {"login_required"}, "state": {r.URL.Query().Get("state")}}.Encode())
		return response, err
	}
	v.t.Errorf("asked for %s", at)
	return answer(http.StatusNotFound, nil)
}

// url is the address of an endpoint; of none, it is one that nobody asks for.
func (d document) url(endpoint string) string {
	switch {
	case endpoint == "":
		return "none"
	case strings.HasPrefix(endpoint, "https://"):
		return endpoint
	case d.at != "":
		return d.at + endpoint
	}
	return d.issuer + endpoint
}

func (d document) metadata() map[string]any {
	m := map[string]any{
		"issuer": d.issuer, "authorization_endpoint": d.url(d.authorize), "token_endpoint": d.url(d.token), "jwks_uri": d.url(d.jwks),
		"response_types_supported": []string{"code", "id_token", "code id_token"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": d.algorithms,
	}
	for name, list := range map[string][]string{
		"token_endpoint_auth_methods_supported": d.methods, "code_challenge_methods_supported": d.pkce, "scopes_supported": d.scopes,
		"response_modes_supported": d.modes, "subject_types_supported": d.subjects,
	} {
		if list != nil {
			m[name] = list
		}
	}
	if d.userinfo != "" {
		m["userinfo_endpoint"] = d.url(d.userinfo)
	}
	if d.par != "" {
		m["pushed_authorization_request_endpoint"] = d.url(d.par)
		m["require_pushed_authorization_requests"] = false
	}
	for name, value := range d.more {
		m[name] = value
	}
	return m
}

// signingKeys has a key for RS256 and one for ES256.
func signingKeys(t *testing.T) jose.JSONWebKeySet {
	t.Helper()
	one, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: one.Public(), KeyID: "a", Use: "sig", Algorithm: "RS256"}, {Key: other.Public(), KeyID: "b", Use: "sig", Algorithm: "ES256"},
	}}
}

// The entry of each module and the documents of its vendor give no false alarm.
func TestCheckFindsNothingAtTheVendors(t *testing.T) {
	t.Parallel()
	keys := signingKeys(t)
	for _, kind := range all.Registry().Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			provider := sample(t, kind)
			entry, problems := provider.Entry(upstreamtest.Env())
			require.NoError(t, problems.Err())
			d, known := documents()[kind]
			require.True(t, known || kind == "facebook" || kind == "github", "there is no document")
			report, err := upstream.Check(t.Context(), entry, upstream.CheckConfig{
				Env: upstreamtest.Env(), Provider: provider, HTTPClient: &http.Client{Transport: vendor{d, t, keys, entry}},
			})
			require.NoError(t, err)
			found := []string(nil)
			for _, p := range report.Problems {
				if p.Severity != maskit.SeverityInfo || p.Code != "net-tls-private" {
					found = append(found, p.Severity.String()+" "+p.Code)
				}
			}
			require.Equal(t, d.found, found, "%s", report.Problems)
			require.LessOrEqual(t, report.Requests, 6)
		})
	}
}
