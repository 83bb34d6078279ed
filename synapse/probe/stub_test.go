package probe_test

import (
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
