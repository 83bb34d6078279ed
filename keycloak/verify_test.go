package keycloak

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func problemCodes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+": "+p.Code)
	}
	return out
}

func TestMetadataIsJudged(t *testing.T) {
	t.Parallel()
	const issuer = "https://sso.example.com/realms/staff"
	good := metadata{
		Issuer: issuer, Authorization: "a", Token: "t", Userinfo: "u", JWKS: "j", EndSession: "e", ResponseTypes: []string{"code"}, PKCE: []string{"plain", "S256"},
		IDTokenAlgs: []string{"RS256"}, AuthMethods: []string{"client_secret_post"}, Logout: true, LogoutSession: true,
	}
	for name, c := range map[string]struct {
		change func(*metadata, *Client)
		want   []string
	}{
		"good":               {func(*metadata, *Client) {}, nil},
		"final slash":        {func(m *metadata, _ *Client) { m.Issuer += "/" }, []string{"at: issuer-differs"}},
		"http":               {func(m *metadata, _ *Client) { m.Issuer = "http://sso.example.com/realms/staff" }, []string{"at: issuer-differs"}},
		"no endpoints":       {func(m *metadata, _ *Client) { m.Token, m.JWKS = "", "" }, []string{"at: endpoint-missing", "at: endpoint-missing"}},
		"implicit flow only": {func(m *metadata, _ *Client) { m.ResponseTypes = []string{"token"} }, []string{"at: no-code-flow"}},
		"plain PKCE":         {func(m *metadata, _ *Client) { m.PKCE = []string{"plain"} }, []string{"at: no-pkce"}},
		"other signatures":   {func(m *metadata, _ *Client) { m.IDTokenAlgs = []string{"ES256"} }, []string{"at: no-rs256"}},
		"no sessions":        {func(m *metadata, _ *Client) { m.LogoutSession = false }, []string{"at: no-backchannel-logout"}},
		"no keyless":         {func(_ *metadata, c *Client) { c.Auth = ClientJWTAuth }, []string{"at: no-auth-method"}},
		"keyless":            {func(m *metadata, c *Client) { c.Auth, m.AuthMethods = ClientJWTAuth, []string{"private_key_jwt"} }, nil},
	} {
		m, client := good, Client{}
		c.change(&m, &client)
		require.Equal(t, c.want, problemCodes(m.judge("at", issuer, client)), name)
	}
}

func TestClaimsAreJudged(t *testing.T) {
	t.Parallel()
	user := map[string]any{"id": "u1", "username": "alice", "email": "alice@example.com", "firstName": "Alice"}
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   []string
	}{
		"good":         {func(map[string]any) {}, nil},
		"no sub":       {func(m map[string]any) { delete(m, "sub") }, []string{"claims.sub: sub-missing"}},
		"other sub":    {func(m map[string]any) { m["sub"] = "u2" }, []string{"claims.sub: sub-differs"}},
		"no user name": {func(m map[string]any) { delete(m, "preferred_username") }, []string{"claims.preferred_username: claim-missing"}},
		"no email":     {func(m map[string]any) { delete(m, "email") }, []string{"claims.email: claim-missing"}},
		"no group":     {func(m map[string]any) { delete(m, "groups") }, []string{"claims.groups: claim-missing"}},
		"nested claim": {func(m map[string]any) { m["org"] = map[string]any{} }, []string{"claims.org.unit: claim-missing"}},
	} {
		claims := map[string]any{
			"sub": "u1", "preferred_username": "alice", "email": "alice@example.com", "name": "Alice", "groups": []any{"g"},
			"org": map[string]any{"unit": "x"}, "https://example.com/x": "y",
		}
		c.change(claims)
		r := &run{spec: Spec{Client: Client{Mappers: []Mapper{
			{Name: "g", Groups: true},
			{Name: "o", Attribute: "ou", Claim: "org.unit"},
			{Name: "x", Attribute: "x", Claim: `https://example\.com/x`},
			{Name: "t", Type: "oidc-other", Config: map[string]string{"claim.name": "not.there", "id.token.claim": "false"}},
		}}}}
		require.Equal(t, c.want, problemCodes(r.judgeClaims(claims, user)), name)
	}
}

func TestClockSkew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 6e8, time.UTC)
	token := func(iat string) maskit.Secret {
		return maskit.NewSecret("e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"iat":`+iat+`}`)) + ".sig")
	}
	for name, c := range map[string]struct {
		ahead time.Duration
		want  []string
	}{
		"none":     {0, nil},
		"a second": {time.Second, nil},
		"ahead":    {40 * time.Second, []string{"clock: clock-skew"}},
		"behind":   {-3 * time.Minute, []string{"clock: clock-skew"}},
	} {
		skew, known := measureSkew(token(fmt.Sprint(now.Add(c.ahead).Unix())), now, now.Add(200*time.Millisecond))
		require.True(t, known, name)
		require.InDelta(t, c.ahead.Seconds(), skew.Seconds(), 1, name)
		problems := (&tokens{current: tokenWith(skew)}).skewProblems()
		require.Equal(t, c.want, problemCodes(problems), name)
		require.Equal(t, name == "behind", problems.Err() != nil, name)
	}
	for _, opaque := range []maskit.Secret{maskit.NewSecret("opaque"), token(`"x"`), token("0"), maskit.NewSecret("a.!.c")} {
		_, known := measureSkew(opaque, now, now)
		require.False(t, known)
	}
	require.Equal(t, []string{"clock: clock-not-checked"}, problemCodes((&tokens{}).skewProblems()))
}

func tokenWith(skew time.Duration) token { return token{skew: skew, skewKnown: true} }

func TestTokensAreRenewedInTime(t *testing.T) {
	t.Parallel()
	now := time.Now()
	tokens := &tokens{current: token{access: maskit.NewSecret("t"), issued: now, life: 60 * time.Second}}
	require.True(t, tokens.usable(now.Add(44*time.Second)))
	require.False(t, tokens.usable(now.Add(46*time.Second)), "a quarter of its life is left")
	tokens.refused(maskit.NewSecret("another"))
	require.True(t, tokens.usable(now))
	tokens.renew()
	require.False(t, tokens.usable(now))
	tokens.stale = time.Time{}
	tokens.refused(maskit.NewSecret("t"))
	require.False(t, tokens.usable(now))
}
