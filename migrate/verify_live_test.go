package migrate

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
)

// liveServers are a MAS and a Synapse in memory that know the tokens of the small homeserver.
type liveServers struct {
	mas  *mastest.Server
	urls LiveOptions
	// whoami is what Synapse says of a token.
	whoami map[string][2]string
}

func newLiveServers(t *testing.T, v *verified) *liveServers {
	t.Helper()
	server, err := mastest.New(mastest.Config{SharedSecret: v.m.Target.Config.Matrix.Secret.Inline})
	require.NoError(t, err)
	s := &liveServers{mas: server, whoami: map[string][2]string{}}
	masHTTP, synapseHTTP := httptest.NewServer(server), httptest.NewServer(http.HandlerFunc(s.synapse))
	t.Cleanup(masHTTP.Close)
	t.Cleanup(synapseHTTP.Close)
	s.urls = LiveOptions{MASURL: masHTTP.URL, SynapseURL: synapseHTTP.URL + "/"}
	require.NoError(t, server.PutUser(mastest.User{Username: "alice"}))
	for token, device := range map[string]string{"syt_canary_a": "ADEVICE", "syt_canary_a2": "ADEVICE", "syt_canary_none": ""} {
		_, err := server.AddToken(mastest.Token{Value: maskit.NewSecret(token), Kind: mastest.CompatToken, Username: "alice", DeviceID: device})
		require.NoError(t, err)
		s.whoami[token] = [2]string{"@alice:example.com", device}
	}
	return s
}

func (s *liveServers) synapse(w http.ResponseWriter, r *http.Request) {
	answer, known := s.whoami[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	switch {
	case r.URL.Path != "/_matrix/client/v3/account/whoami":
		http.NotFound(w, r)
	case !known:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"errcode": "M_UNKNOWN_TOKEN", "error": "syt_canary"}`))
	default:
		body := map[string]string{"user_id": answer[0]}
		if answer[1] != "" {
			body["device_id"] = answer[1]
		}
		_ = json.NewEncoder(w).Encode(body)
	}
}

func (v *verified) verifyLive(t *testing.T, o LiveOptions) LiveReport {
	t.Helper()
	report, err := v.m.VerifyLive(t.Context(), o)
	require.NoError(t, err)
	requireNoToken(t, report)
	return report
}

func TestVerifyLive(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	s := newLiveServers(t, v)
	report := v.verifyLive(t, s.urls)
	require.NoError(t, report.Err())
	require.Equal(t, 3, report.Tokens, "neither expired tokens nor those of locked users")
	require.Equal(t, "3 of 3 tokens work at MAS and Synapse\n", report.String())
	require.Empty(t, s.mas.Unserved())

	one := s.urls
	one.Tokens, one.SkipSynapse = 1, true
	require.Equal(t, "1 of 1 tokens work at MAS\n", v.verifyLive(t, one).String())
	first := s.mas.Requests()[3].FormValue("token")
	require.Equal(t, first, s.mas.Requests()[0].FormValue("token"), "the same tokens each time")

	require.NoError(t, s.mas.RevokeToken(maskit.NewSecret("syt_canary_a")))
	s.whoami["syt_canary_a2"] = [2]string{"@alice:example.com", "OTHER"}
	s.whoami["syt_canary_none"] = [2]string{"@mallory:example.com", ""}
	delete(s.whoami, "syt_canary_a")
	report = v.verifyLive(t, s.urls)
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
	require.ElementsMatch(t, []LiveFailure{
		{Key: "@alice:example.com ADEVICE", Server: "MAS", Problem: "the token is not active"},
		{Key: "@alice:example.com ADEVICE", Server: "Synapse", Problem: "the token is refused: M_UNKNOWN_TOKEN"},
		{Key: "@alice:example.com ADEVICE", Server: "Synapse", Problem: `the token is taken for one of device "OTHER"`},
		{Key: "@alice:example.com (no device)", Server: "Synapse", Problem: `the token is taken for one of "mallory"`},
	}, report.Failures)
	require.Contains(t, report.String(), "0 of 3 tokens work at MAS and Synapse\n  @alice:example.com ")
}

func TestVerifyLiveFails(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	s := newLiveServers(t, v)
	for name, c := range map[string]struct {
		change func(*LiveOptions)
		want   string
	}{
		"no MAS":       {func(o *LiveOptions) { o.MASURL = "http://127.0.0.1:1/" }, "httpx: POST http://127.0.0.1:1/oauth2/introspect: "},
		"not MAS":      {func(o *LiveOptions) { o.MASURL = o.SynapseURL }, "404"},
		"not Synapse":  {func(o *LiveOptions) { o.SynapseURL = o.MASURL }, "404"},
		"wrong secret": {func(*LiveOptions) { v.m.Target.Config.Matrix.Secret.Inline = maskit.NewSecret("canary") }, "ask MAS about a token"},
		"no secret":    {func(*LiveOptions) { v.m.Target.Config.Matrix.Secret.Inline = maskit.Secret{} }, "matrix.secret is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			before := v.m.Target.Config.Matrix.Secret.Inline
			defer func() { v.m.Target.Config.Matrix.Secret.Inline = before }()
			o := s.urls
			c.change(&o)
			_, err := v.m.VerifyLive(t.Context(), o)
			require.ErrorContains(t, err, "migrate: verify tokens: ")
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "anary")
		})
	}
}
