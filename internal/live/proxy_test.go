package live

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProxiesServe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		proxy      func(testing.TB) *Proxy
		site, junk string
	}{
		"nginx":   {NGINX, "server { listen 127.0.0.1:%d; return 200 hello; }", "server { lisen 80; }"},
		"haproxy": {HAProxy, "frontend f\n    bind 127.0.0.1:%d\n    http-request return status 200 content-type text/plain string hello\n", "frontend f\n    bnd :80\n"},
		"caddy":   {Caddy, "http://127.0.0.1:%d {\n\trespond hello\n}\n", "http://127.0.0.1:80 {\n\trespnd hello\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy, port := test.proxy(t), FreePort(t)
			site := fmt.Sprintf(test.site, port)
			output, err := proxy.Check(t, site)
			require.NoError(t, err, output)
			_, err = proxy.Check(t, test.junk)
			require.Error(t, err)

			server := proxy.Start(t, site, fmt.Sprintf("127.0.0.1:%d", port))
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
			require.NoError(t, err)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, "hello", string(body))
		})
	}
}
