package keycloak

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// metadata is what a realm says about itself (OpenID Connect Discovery 1.0, section 3).
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Userinfo      string   `json:"userinfo_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	EndSession    string   `json:"end_session_endpoint"`
	ResponseTypes []string `json:"response_types_supported"`
	PKCE          []string `json:"code_challenge_methods_supported"`
	IDTokenAlgs   []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods   []string `json:"token_endpoint_auth_methods_supported"`
	Logout        bool     `json:"backchannel_logout_supported"`
	LogoutSession bool     `json:"backchannel_logout_session_supported"`
}

// discover reads the metadata where MAS does, and judges it.
func (r *run) discover(ctx context.Context) (string, maskit.Problems) {
	want := r.p.cfg.issuer(r.realm)
	at := want + "/.well-known/openid-configuration"
	var m metadata
	if err := r.public(ctx, at, &m); err != nil {
		return "", maskit.Problems{{
			Path: at, Code: "discovery-unreadable", Message: httpx.Printable(err.Error(), 300),
			Hint: "MAS reads it at this address: is the realm enabled, and IssuerURL the public address?",
		}}
	}
	ps := m.judge(at, want, r.spec.Client)
	if m.JWKS != "" {
		ps = append(ps, r.judgeKeys(ctx, m.JWKS)...)
	}
	return m.Issuer, ps
}

func (m metadata) judge(at, issuer string, c Client) maskit.Problems {
	var ps maskit.Problems
	bad := func(ok bool, code, message, hint string) {
		if !ok {
			ps = append(ps, maskit.Problem{Path: at, Code: code, Message: message, Hint: hint})
		}
	}
	bad(m.Issuer == issuer, "issuer-differs", fmt.Sprintf("the issuer is %q, not %q, and MAS compares them letter by letter", httpx.Printable(m.Issuer, 200), issuer),
		"set Keycloak's hostname, or IssuerURL, to the public address")
	for _, e := range []struct{ name, value string }{
		{"authorization_endpoint", m.Authorization},
		{"token_endpoint", m.Token},
		{"userinfo_endpoint", m.Userinfo},
		{"jwks_uri", m.JWKS},
		{"end_session_endpoint", m.EndSession},
	} {
		bad(e.value != "", "endpoint-missing", e.name+" is missing", "is this Keycloak?")
	}
	bad(slices.Contains(m.ResponseTypes, "code"), "no-code-flow", "the authorization code flow is not supported", "")
	bad(slices.Contains(m.PKCE, "S256"), "no-pkce", "PKCE with S256 is not supported", "")
	bad(slices.Contains(m.IDTokenAlgs, "RS256"), "no-rs256", "ID tokens signed with RS256 are not supported", "")
	bad(m.Logout && m.LogoutSession, "no-backchannel-logout", "back-channel logout is not supported", "")
	methods := []string{"client_secret_basic", "client_secret_post"}
	if c.Auth == ClientJWTAuth {
		methods = []string{"private_key_jwt"}
	}
	bad(slices.ContainsFunc(methods, func(method string) bool { return slices.Contains(m.AuthMethods, method) }),
		"no-auth-method", "the way in which MAS authenticates is not supported", "")
	return ps
}

// judgeKeys looks for a key that signs ID tokens. Others, for encryption, stand beside it.
func (r *run) judgeKeys(ctx context.Context, at string) maskit.Problems {
	var set struct {
		Keys []struct {
			Use string `json:"use"`
			Alg string `json:"alg"`
		} `json:"keys"`
	}
	if err := r.public(ctx, at, &set); err != nil {
		return maskit.Problems{{Path: at, Code: "keys-unreadable", Message: httpx.Printable(err.Error(), 300), Hint: "MAS reads the keys at this address"}}
	}
	for _, key := range set.Keys {
		if key.Use == "sig" && key.Alg == "RS256" {
			return nil
		}
	}
	return maskit.Problems{{Path: at, Code: "no-rs256-key", Message: "there is no RS256 key that signs", Hint: "add an RSA key provider to the realm"}}
}

// public reads something that everyone may read.
func (r *run) public(ctx context.Context, address string, out any) error {
	got, err := r.wire.exchange(r.wire.client.RestyClient().R().SetContext(ctx), http.MethodGet, address)
	if err != nil {
		return err
	}
	return got.decode(out)
}
