package mastest_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
)

const form = "application/x-www-form-urlencoded"

func introspect(t *testing.T, s http.Handler, token string) map[string]any {
	t.Helper()
	w := do(t, s, "POST", "/oauth2/introspect", "token="+token, "Authorization", bearer, "Content-Type", form)
	require.Equal(t, http.StatusOK, w.Code)
	var reply map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &reply))
	return reply
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// caller is a request for introspection and MAS's answer.
type caller struct {
	authorization, contentType, body string
	status                           int
	want                             string
}

// callers are requests that are judged before any token is looked at. The live
// tests send them to a real MAS too.
func callers() map[string]caller {
	const (
		malformed    = `{"error":"invalid_request","error_description":"The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed."}`
		badHeader    = `{"error":"invalid_request","error_description":"Invalid Authorization header"}`
		noneGiven    = `{"error":"invalid_request","error_description":"No credentials were presented"}`
		wrongBearer  = `{"error":"access_denied","error_description":"bearer token presented is invalid"}`
		noClient     = `{"error":"invalid_client","error_description":"Client authentication failed."}`
		badAssertion = `{"error":"invalid_request","error_description":"Invalid client_assertion"}`
		jwtBearer    = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
		inactive     = `{"active":false}`
		jsonType     = "application/json"
	)
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	header, claims := encode(`{"alg":"RS256"}`)+".", encode(`{"sub":"me"}`)+"."
	assertion := "token=x&client_assertion_type=" + jwtBearer + "&client_assertion="
	return map[string]caller{
		"homeserver":                    {bearer, form, "token=x", 200, inactive},
		"homeserver, scheme lower case": {"bearer " + secret, form, "token=x", 200, inactive},
		"homeserver, charset":           {bearer, form + "; charset=utf-8", "token=x", 200, inactive},
		"homeserver, empty token":       {bearer, form, "token=", 200, inactive},
		"homeserver, unknown hint":      {bearer, form, "token=x&token_type_hint=weird", 200, inactive},
		"wrong bearer":                  {"Bearer wrong", form, "token=x", 401, wrongBearer},
		"bearer with a space":           {"Bearer a b", form, "token=x", 401, wrongBearer},
		"empty bearer":                  {"Bearer ", form, "token=x", 400, badHeader},
		"other scheme":                  {"Digest x", form, "token=x", 400, badHeader},
		"basic, no base64":              {"Basic !!!", form, "token=x", 400, badHeader},
		"basic, no colon":               {"Basic bm9jb2xvbg==", form, "token=x", 400, badHeader},
		"basic synapse":                 {basic("synapse", secret), form, "token=x", 401, noClient},
		"basic and other client_id":     {basic("synapse", secret), form, "token=x&client_id=other", 400, `{"error":"invalid_grant","error_description":"client_id in form (\"other\") does not match credential (\"synapse\")"}`},
		"basic and client_secret":       {basic("synapse", secret), form, "token=x&client_secret=y", 400, malformed},
		"bearer and client_id":          {bearer, form, "token=x&client_id=y", 400, malformed},
		"nothing":                       {"", form, "token=x", 400, noneGiven},
		"nothing at all":                {"", "", "", 400, noneGiven},
		"client_id alone":               {"", form, "token=x&client_id=synapse", 401, noClient},
		"client_id and secret":          {"", form, "token=x&client_id=synapse&client_secret=y", 401, noClient},
		"secret without id":             {"", form, "token=x&client_secret=y", 400, malformed},
		"unknown assertion type":        {"", form, "token=x&client_assertion_type=foo&client_assertion=y", 400, `{"error":"invalid_request","error_description":"Unsupported client_assertion_type: foo"}`},
		"assertion without type":        {"", form, "token=x&client_assertion=y", 400, malformed},
		"assertion is no JWT":           {"", form, assertion + "y", 400, badAssertion},
		"assertion without algorithm":   {"", form, assertion + "e30." + claims + "AAAA", 400, badAssertion},
		"assertion of nobody":           {"", form, assertion + header + "e30.AAAA", 400, badAssertion},
		"assertion with bad signature":  {"", form, assertion + header + claims + "x", 400, badAssertion},
		"assertion of unknown client":   {"", form, assertion + header + claims + "AAAA", 401, noClient},
		"assertion of another client":   {"", form, "client_id=you&" + assertion + header + claims + "AAAA", 400, `{"error":"invalid_grant","error_description":"client_id in form (\"you\") does not match credential (\"me\")"}`},
		"assertion of itself":           {"", form, "client_id=me&" + assertion + header + claims + "AAAA", 401, noClient},
		"assertion and secret":          {"", form, "client_secret=x&" + assertion + header + claims + "AAAA", 400, malformed},
		"no form":                       {bearer, "", "", 400, malformed},
		"JSON":                          {bearer, jsonType, `{"token":"x"}`, 400, malformed},
		"JSON, wrong bearer":            {"Bearer wrong", jsonType, `{"token":"x"}`, 401, wrongBearer},
		"form without token":            {bearer, form, "foo=bar", 500, `{"error":"server_error","error_description":"Failed to deserialize form body: missing field ` + "`token`" + `"}`},
		"token twice":                   {bearer, form, "token=x&token=y", 500, `{"error":"server_error","error_description":"Failed to deserialize form body: duplicate field ` + "`token`" + `"}`},
	}
}

func (c caller) headers() []string {
	var headers []string
	if c.authorization != "" {
		headers = append(headers, "Authorization", c.authorization)
	}
	if c.contentType != "" {
		headers = append(headers, "Content-Type", c.contentType)
	}
	return headers
}

func TestWhoMayIntrospect(t *testing.T) {
	t.Parallel()
	for name, row := range callers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, newServer(t), "POST", "/oauth2/introspect", row.body, row.headers()...)
			require.Equal(t, row.want, w.Body.String())
			require.Equal(t, row.status, w.Code)
			require.Equal(t, "application/json", w.Header().Get("Content-Type"))
		})
	}
}

// The wanted bodies are those of MAS 1.22.0 for the same tokens.
func TestActiveTokens(t *testing.T) {
	t.Parallel()
	const sub = maskit.ULID("01M86AVBNMB6QP0MR0FH5FSVP6")
	now := time.Unix(1795509039, 0)
	for name, row := range map[string]struct {
		token   mastest.Token
		headers []string
		want    string
	}{
		"compat": {
			mastest.Token{Kind: mastest.CompatToken, Username: "alice", DeviceID: "DEV1"},
			nil,
			`{"active":true,"scope":"urn:matrix:client:api:* urn:matrix:client:device:DEV1 urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:DEV1","client_id":"legacy","username":"alice","token_type":"access_token","iat":1795509039,"nbf":1795509039,"sub":"01M86AVBNMB6QP0MR0FH5FSVP6","device_id":"DEV1"}`,
		},
		"compat, for a homeserver that reads device_id": {
			mastest.Token{Kind: mastest.CompatToken, Username: "alice", DeviceID: "DEV1"},
			[]string{"X-MAS-Supports-Device-Id", "1"},
			`{"active":true,"scope":"urn:matrix:client:api:* urn:matrix:org.matrix.msc2967.client:api:*","client_id":"legacy","username":"alice","token_type":"access_token","iat":1795509039,"nbf":1795509039,"sub":"01M86AVBNMB6QP0MR0FH5FSVP6","device_id":"DEV1"}`,
		},
		"compat, administrator": {
			mastest.Token{Kind: mastest.CompatToken, Username: "alice", DeviceID: "DEV2", SynapseAdmin: true},
			nil,
			`{"active":true,"scope":"urn:matrix:client:api:* urn:matrix:client:device:DEV2 urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:DEV2 urn:synapse:admin:*","client_id":"legacy","username":"alice","token_type":"access_token","iat":1795509039,"nbf":1795509039,"sub":"01M86AVBNMB6QP0MR0FH5FSVP6","device_id":"DEV2"}`,
		},
		"client's own": {
			mastest.Token{ClientID: "0000000000000000000C1EN100"},
			nil,
			`{"active":true,"scope":"","client_id":"0000000000000000000C1EN100","token_type":"access_token","exp":1795509339,"expires_in":300,"iat":1795509039,"nbf":1795509039,"jti":"0JTI"}`,
		},
		"OAuth, unstable spelling asked for": {
			mastest.Token{ClientID: "0000000000000000000C1EN100", Username: "alice", Scope: []string{"openid", "urn:matrix:org.matrix.msc2967.client:api:*", "urn:matrix:org.matrix.msc2967.client:device:D"}},
			[]string{"X-MAS-Supports-Device-Id", "1"},
			`{"active":true,"scope":"openid urn:matrix:client:api:* urn:matrix:client:device:D urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:D","client_id":"0000000000000000000C1EN100","username":"alice","token_type":"access_token","exp":1795509339,"expires_in":300,"iat":1795509039,"nbf":1795509039,"sub":"01M86AVBNMB6QP0MR0FH5FSVP6","jti":"0JTI"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, func(c *mastest.Config) { c.Now = func() time.Time { return now } })
			require.NoError(t, s.PutUser(mastest.User{Username: "alice", Sub: sub}))
			token, err := s.AddToken(row.token)
			require.NoError(t, err)
			w := do(t, s, "POST", "/oauth2/introspect", "token="+token.Reveal()+"&token_type_hint=access_token",
				append(row.headers, "Authorization", bearer, "Content-Type", form)...)
			got := w.Body.String()
			if i := strings.Index(got, `"jti":"`); i >= 0 {
				i += len(`"jti":"`)
				require.NoError(t, maskit.ULID(got[i:i+26]).Validate())
				got = got[:i] + "0JTI" + got[i+26:]
			}
			require.Equal(t, row.want, got)
			require.Equal(t, map[string]any{"active": false}, introspect(t, s, token.Reveal()+"&token_type_hint=refresh_token"))
		})
	}
}

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	now := time.Unix(1795509039, 0)
	s := newServer(t, func(c *mastest.Config) { c.Now = func() time.Time { return now } })
	require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
	add := func(token mastest.Token) string {
		value, err := s.AddToken(token)
		require.NoError(t, err)
		return value.Reveal()
	}
	active := func(token string) bool { return introspect(t, s, token)["active"] == true }

	short, long := add(mastest.Token{Username: "alice"}), add(mastest.Token{Username: "alice", Kind: mastest.PersonalToken})
	migrated := add(mastest.Token{Username: "alice", Kind: mastest.CompatToken, Value: maskit.NewSecret("syt_YWxpY2U_abc_123")})
	require.True(t, active(short))
	now = now.Add(299 * time.Second)
	require.True(t, active(short))
	require.EqualValues(t, 1, introspect(t, s, short)["expires_in"])
	now = now.Add(time.Second)
	require.False(t, active(short), "after 300 seconds")
	now = now.Add(365 * 24 * time.Hour)
	require.True(t, active(long))
	require.True(t, active(migrated))

	sub := introspect(t, s, long)["sub"]
	require.NoError(t, s.PutUser(mastest.User{Username: "alice", Locked: true}))
	require.False(t, active(long), "locked")
	require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
	require.True(t, active(long))
	require.Equal(t, sub, introspect(t, s, long)["sub"], "a user keeps the id")
	require.NoError(t, s.PutUser(mastest.User{Username: "alice", Deactivated: true}))
	require.False(t, active(migrated), "deactivated")

	require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
	require.NoError(t, s.RevokeToken(maskit.NewSecret(long)))
	require.False(t, active(long), "revoked")
	require.ErrorIs(t, s.RevokeToken(maskit.NewSecret("unknown")), maskit.ErrNotFound)
}

func TestTokenForms(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
	// Tokens that MAS 1.22.0 issued: the check sum is the proof.
	for kind, value := range map[mastest.TokenKind]string{
		mastest.OAuthToken:  "mat_oxm3qQFyamZLWJ0hG03bdPKhnNDkQk_CFa892",
		mastest.CompatToken: "mct_DKqyuQSZKv6NddlAJyHKWGnHHPcSXL_KNIlZ2",
	} {
		_, err := s.AddToken(mastest.Token{Kind: kind, Username: "alice", Value: maskit.NewSecret(value)})
		require.NoError(t, err)
		require.Equal(t, true, introspect(t, s, value)["active"])
		_, err = s.AddToken(mastest.Token{Kind: kind, Username: "alice", Value: maskit.NewSecret(value)})
		require.ErrorIs(t, err, maskit.ErrConflict)
		require.NotContains(t, err.Error(), value)
	}
	for name, token := range map[string]mastest.Token{
		"free text":      {Username: "alice", Value: maskit.NewSecret("abc")},
		"empty":          {Username: "alice", Value: maskit.NewSecret("")},
		"check sum":      {Username: "alice", Value: maskit.NewSecret("mat_oxm3qQFyamZLWJ0hG03bdPKhnNDkQk_CFa893")},
		"other kind":     {Username: "alice", Kind: mastest.PersonalToken, Value: maskit.NewSecret("mat_oxm3qQFyamZLWJ0hG03bdPKhnNDkQk_CFa892")},
		"refresh token":  {Username: "alice", Value: maskit.NewSecret("mcr_iHIDK9FJzvbr2uaLb6EwcuJNV16dAh_YStGD1")},
		"unknown user":   {Username: "bob"},
		"compat of none": {Kind: mastest.CompatToken},
		"unknown kind":   {Username: "alice", Kind: 9},
	} {
		_, err := s.AddToken(token)
		require.ErrorContains(t, err, "mastest: add token: ", name)
		if v := token.Value.Reveal(); v != "" {
			require.NotContains(t, err.Error(), v)
		}
	}
	macaroon := base64.RawURLEncoding.EncodeToString([]byte("001blocation example.com\n"))
	_, err := s.AddToken(mastest.Token{Kind: mastest.CompatToken, Username: "alice", Value: maskit.NewSecret(macaroon)})
	require.NoError(t, err)
}

func TestPutUserRefuses(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	require.ErrorContains(t, s.PutUser(mastest.User{}), "must be a localpart")
	require.ErrorContains(t, s.PutUser(mastest.User{Username: "@alice:example.com"}), "must be a localpart")
	require.ErrorContains(t, s.PutUser(mastest.User{Username: "alice", Sub: "1"}), "Sub: ")
}

func TestRandomnessIsInjected(t *testing.T) {
	t.Parallel()
	mint := func() string {
		s := newServer(t, func(c *mastest.Config) { c.Rand = strings.NewReader(strings.Repeat("maskit", 50)) })
		require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
		token, err := s.AddToken(mastest.Token{Username: "alice"})
		require.NoError(t, err)
		return token.Reveal()
	}
	require.Equal(t, mint(), mint())

	broken := errors.New("broken")
	s := newServer(t, func(c *mastest.Config) { c.Rand = iotest.ErrReader(broken) })
	require.ErrorIs(t, s.PutUser(mastest.User{Username: "alice"}), broken)
}
