package probe_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
)

const issuer = "https://account.example.com/"

func secret() maskit.Secret { return maskit.NewSecret("correct-horse-battery-staple") }

// masStub is a MAS in memory. What mastest leaves out of the compatibility layer
// answers here as MAS 1.22 does to requests that it refuses.
type masStub struct{ *mastest.Server }

func newMAS(t *testing.T, change ...func(*mastest.Config)) masStub {
	t.Helper()
	cfg := mastest.Config{SharedSecret: secret(), Issuer: issuer}
	for _, c := range change {
		c(&cfg)
	}
	server, err := mastest.New(cfg)
	require.NoError(t, err)
	return masStub{server}
}

func (m masStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/_matrix/client/")
	_, rest, _ = strings.Cut(rest, "/")
	switch {
	case ok && r.Method == http.MethodPost && (rest == "logout" || rest == "logout/all"):
		code, text := "M_UNKNOWN_TOKEN", "Invalid access token"
		if r.Header.Get("Authorization") == "" {
			code, text = "M_MISSING_TOKEN", "Missing access token"
		}
		compatRefusal(w, code, text)
	case ok && r.Method == http.MethodPost && rest == "refresh":
		compatRefusal(w, "M_UNKNOWN_TOKEN", "Invalid refresh token")
	case ok && strings.HasPrefix(rest, "login/sso/redirect"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "<!DOCTYPE html>\n<title>matrix-authentication-service</title>")
	default:
		m.Server.ServeHTTP(w, r)
	}
}

func compatRefusal(w http.ResponseWriter, code, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Vary", "origin, access-control-request-method, access-control-request-headers")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, `{"errcode":"`+code+`","error":"`+text+`"}`)
}

// synapseStub answers as Synapse does that delegates to MAS.
type synapseStub struct {
	version string
	issuer  string // what it relays; empty: it never reached MAS
	whoami  string // inactive, unable or own: how it fares with tokens
	secret  maskit.Secret
	legacy  bool // it does not delegate
}

func (s synapseStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "Synapse/"+s.version)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "Synapse-Trace-Id, Server")
	w.Header().Set("Content-Type", "application/json")
	code, body := s.answer(r)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, body)
}

func (s synapseStub) answer(r *http.Request) (int, string) {
	const unrecognized = `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`
	switch path := r.URL.Path; {
	case path == "/_matrix/client/versions":
		return 200, `{"versions":["v1.15"]}`
	case path == "/_matrix/federation/v1/version":
		return 200, `{"server":{"name":"Synapse","version":"` + s.version + `"}}`
	case path == "/_synapse/admin/v1/server_version":
		return 200, `{"server_version":"` + s.version + `"}`
	case strings.HasSuffix(path, "/auth_metadata") && !s.legacy:
		if s.issuer == "" {
			return 500, `{"errcode":"M_UNKNOWN","error":"Internal server error"}`
		}
		body, err := json.Marshal(map[string]string{"issuer": s.issuer, "org.matrix.matrix-authentication-service.graphql_endpoint": s.issuer + "graphql"})
		if err != nil {
			return 500, err.Error()
		}
		return 200, string(body)
	case path == "/_matrix/client/v3/account/whoami":
		return s.token(r)
	case strings.HasPrefix(path, "/_synapse/mas/") && !s.legacy:
		return s.masAPI(r)
	case strings.Contains(path, "/account_data/"), strings.Contains(path, "/state/"):
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case s.legacy && strings.HasSuffix(path, "/login"):
		return 200, `{"flows":[{"type":"m.login.password"}]}`
	case s.legacy && isCompat(path):
		return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}`
	}
	return 404, unrecognized
}

func (s synapseStub) token(r *http.Request) (int, string) {
	switch {
	case r.Header.Get("Authorization") == "":
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case s.legacy:
		return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}`
	case s.whoami == "unable":
		return 503, `{"errcode":"M_UNKNOWN","error":"Unable to introspect the access token"}`
	}
	return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Token is not active","soft_logout":false}`
}

func (s synapseStub) masAPI(r *http.Request) (int, string) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case !ok:
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case strings.Contains(token, " "):
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Invalid Authorization header."}`
	case token != s.secret.Reveal():
		return 403, `{"errcode":"M_UNKNOWN","error":"This endpoint must only be called by MAS"}`
	}
	return 400, `{"errcode":"M_UNKNOWN","error":"Missing localpart"}`
}
