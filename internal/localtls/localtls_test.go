package localtls_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/localtls"
)

func TestOnlyItsClientTrustsTheServer(t *testing.T) {
	t.Parallel()
	authority, err := localtls.New(time.Now())
	require.NoError(t, err)
	other, err := localtls.New(time.Now())
	require.NoError(t, err)
	certificate, key, err := authority.ServerPEM()
	require.NoError(t, err)
	_, err = tls.X509KeyPair(certificate, key)
	require.NoError(t, err)

	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	server.TLS = authority.ServerConfig()
	server.StartTLS()
	defer server.Close()
	for _, c := range []struct {
		client *http.Client
		works  bool
	}{{authority.Client(), true}, {other.Client(), false}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		require.NoError(t, err)
		response, err := c.client.Do(request)
		if !c.works {
			require.ErrorContains(t, err, "certificate")
			continue
		}
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
}
