package wellknown_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse/routes/wellknown"
)

func goodSite() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}
}

func ExampleClient() {
	site := maskit.Site{ServerName: "example.com", ClientAPIURL: "https://matrix.example.com/"}
	document, problems := wellknown.Client(site, wellknown.ClientOptions{})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%s", wellknown.ClientPath, document)
	// Output:
	// /.well-known/matrix/client
	// {
	//   "m.homeserver": {
	//     "base_url": "https://matrix.example.com"
	//   }
	// }
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	prefixed := goodSite()
	prefixed.AccountURL, prefixed.ClientAPIURL = "https://example.com/auth/", "https://example.com:8448/hs/"
	client := func(options wellknown.ClientOptions, site maskit.Site) []byte {
		document, problems := wellknown.Client(site, options)
		require.Empty(t, problems)
		require.Empty(t, wellknown.CheckClient(served(document), site), "what is written passes the check")
		return document
	}
	server := func(options wellknown.ServerOptions, site maskit.Site) []byte {
		document, problems := wellknown.Server(site, options)
		require.Empty(t, problems)
		require.Empty(t, wellknown.CheckServer(served(document)), "what is written passes the check")
		return document
	}
	full := wellknown.ClientOptions{
		IncludeMSC2965: true, IdentityServer: "https://vector.im/",
		Extra: map[string]any{"org.matrix.msc4143.rtc_foci": []any{map[string]any{"type": "livekit", "livekit_service_url": "https://rtc.example.com/<&>"}}},
	}
	cases := map[string][]byte{
		"client":            client(wellknown.ClientOptions{}, goodSite()),
		"client-everything": client(full, goodSite()),
		"client-prefix":     client(wellknown.ClientOptions{IncludeMSC2965: true}, prefixed),
		"server":            server(wellknown.ServerOptions{}, goodSite()),
		"server-port":       server(wellknown.ServerOptions{}, prefixed),
		"server-address":    server(wellknown.ServerOptions{Address: "[2001:db8::1]:8448"}, maskit.Site{}),
	}
	for name, document := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.Require(t, "testdata/"+name+".json", string(document))
		})
	}
}

func TestHeaderIsNewOnEachCall(t *testing.T) {
	t.Parallel()
	wellknown.Header().Set("Content-Type", "text/html")
	require.Equal(t, "application/json", wellknown.Header().Get("Content-Type"))
	require.Equal(t, "*", wellknown.Header().Get("Access-Control-Allow-Origin"))
}

func TestRefused(t *testing.T) {
	t.Parallel()
	client := func(site maskit.Site, options wellknown.ClientOptions) maskit.Problems {
		document, problems := wellknown.Client(site, options)
		require.Nil(t, document)
		return problems
	}
	server := func(site maskit.Site, options wellknown.ServerOptions) maskit.Problems {
		document, problems := wellknown.Server(site, options)
		require.Nil(t, document)
		return problems
	}
	bad := goodSite()
	bad.AccountURL, bad.ClientAPIURL = "account.example.com", "ftp://matrix.example.com/"
	cases := map[string]struct {
		problems maskit.Problems
		want     []string
	}{
		"addresses": {client(bad, wellknown.ClientOptions{IncludeMSC2965: true}), []string{
			"client_api_url url-scheme", "account_url url-invalid",
		}},
		"account_url is not needed without MSC2965": {client(bad, wellknown.ClientOptions{}), []string{"client_api_url url-scheme"}},
		"owned keys and values that are no JSON": {
			client(goodSite(), wellknown.ClientOptions{IdentityServer: "vector.im", Extra: map[string]any{
				"m.homeserver": "x", "m.identity_server": "x", "org.matrix.msc2965.authentication": "x", "nan": math.NaN(), "fine": 1,
			}}),
			[]string{
				"identity_server url-invalid", `extra["m.homeserver"] key-owned`, `extra["m.identity_server"] key-owned`,
				`extra["nan"] not-json`, `extra["org.matrix.msc2965.authentication"] key-owned`,
			},
		},
		"server: no client API":  {server(maskit.Site{}, wellknown.ServerOptions{}), []string{"client_api_url required"}},
		"server: URL":            {server(goodSite(), wellknown.ServerOptions{Address: "https://matrix.example.com"}), []string{"address address-invalid"}},
		"server: no port":        {server(goodSite(), wellknown.ServerOptions{Address: "matrix.example.com"}), []string{"address address-invalid"}},
		"server: port too large": {server(goodSite(), wellknown.ServerOptions{Address: "matrix.example.com:65536"}), []string{"address address-invalid"}},
		"server: underscore":     {server(goodSite(), wellknown.ServerOptions{Address: "matrix_1.example.com:443"}), []string{"address address-invalid"}},
		"server: IPv6 zone":      {server(goodSite(), wellknown.ServerOptions{Address: "[fe80::1%25eth0]:443"}), []string{"address address-invalid"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range c.problems {
				require.Equal(t, maskit.SeverityError, p.Severity)
				got = append(got, p.Path+" "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}
