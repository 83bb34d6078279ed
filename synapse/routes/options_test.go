package routes_test

import (
	"net/netip"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func TestValidateReportsAllAtOnce(t *testing.T) {
	t.Parallel()
	options := routes.Options{
		Site:         site(),
		SynapsePaths: []string{"/ok", "no-slash", "/_synapse/mas/x", "/_synapse", "/_synapse/admin", "/a/../b", "/a b", "/a;x", "/a$x", "/", "/a//b"},
		MAS:          routes.Upstream{URL: "http://mas:8080/auth/", CAFile: "relative.pem"},
		Synapse:      routes.Upstream{URL: "http://synapse:8008/x/", CAFile: "/a;b.pem"},
		Listener: routes.Listener{
			Address:            "localhost:80",
			Certificate:        routes.Certificate{KeyFile: "/k\n"},
			AccountCertificate: routes.Certificate{File: "/account.pem"},
			TrustedProxies:     []netip.Prefix{{}, netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("10.0.0.0/8")},
		},
		MaxBodyBytes: -1,
		Name:         "Bad Name",
	}
	require.Equal(t, []string{
		"synapse.url path-unsupported", "mas.url prefix-mismatch",
		"synapse_paths[1] path-invalid", "synapse_paths[2] path-guarded", "synapse_paths[3] path-guarded", "synapse_paths[4] path-guarded",
		"synapse_paths[5] path-invalid", "synapse_paths[6] path-invalid", "synapse_paths[7] path-invalid", "synapse_paths[8] path-invalid",
		"synapse_paths[9] path-invalid", "synapse_paths[10] path-invalid",
		"listener.address address-invalid",
		"listener.certificate.key_file path-invalid", "listener.certificate.file required", "listener.certificate.file required",
		"listener.trusted_proxies[0] network-invalid", "listener.trusted_proxies[1] network-everyone",
		"mas.ca_file path-invalid", "synapse.ca_file path-invalid",
		"max_body_bytes out-of-range", "name name-invalid",
	}, codes(options.Validate()))
	for _, p := range options.Validate() {
		require.Equal(t, maskit.SeverityError, p.Severity)
		require.NotContains(t, p.String(), "\n")
	}
	_, problems := options.Table()
	require.Equal(t, options.Validate(), problems)
	for _, r := range renderers() {
		config, problems := r.render(options)
		require.Nil(t, config)
		require.Error(t, problems.Err())
	}
}

func codes(problems maskit.Problems) []string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Path+" "+p.Code)
	}
	return list
}

func TestValidateSites(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*routes.Options)
		want   []string
	}{
		"the usual one":          {func(*routes.Options) {}, nil},
		"no server name":         {func(o *routes.Options) { o.Site.ServerName = "" }, nil},
		"a wrong server name":    {func(o *routes.Options) { o.Site.ServerName = "a b" }, []string{"site.server_name server-name-invalid"}},
		"nothing":                {func(o *routes.Options) { *o = routes.Options{} }, []string{"site.account_url required", "site.client_api_url required", "site.synapse_url required", "site.mas_url required"}},
		"upstreams instead":      {func(o *routes.Options) { o.Site.MASURL, o.MAS.URL = "", "http://mas/" }, nil},
		"a wrong upstream":       {func(o *routes.Options) { o.MAS.URL, o.Synapse.URL = "mas:8080", "http://a b/" }, []string{"synapse.url url-invalid", "mas.url url-invalid"}},
		"quotes in a host":       {func(o *routes.Options) { o.Site.ClientAPIURL = `https://a";}b/` }, []string{"site.client_api_url url-invalid"}},
		"a flag of HAProxy":      {func(o *routes.Options) { o.Site.ClientAPIURL = "https://-f/" }, []string{"site.client_api_url host-invalid"}},
		"an expression of nginx": {func(o *routes.Options) { o.Site.AccountURL = "https://~a.example.com/" }, []string{"site.account_url host-invalid"}},
		"a final dot": {func(o *routes.Options) {
			o.Site.ClientAPIURL, o.Site.MASURL = "https://matrix.example.com./", "http://mas.matrix-auth.svc.cluster.local.:8080/"
		}, []string{"site.client_api_url host-invalid"}},
		"odd servers":            {func(o *routes.Options) { o.Site.MASURL, o.Synapse.URL = "http://matrix_mas_1:8080/", "http://-m:8008/" }, []string{"synapse.url host-invalid"}},
		"one host, two ports":    {func(o *routes.Options) { o.Site.AccountURL = "https://matrix.example.com:8443/" }, []string{"site.account_url host-shared"}},
		"two schemes":            {func(o *routes.Options) { o.Site.AccountURL = "http://localhost/" }, []string{"site.account_url scheme-mismatch"}},
		"an API below a path":    {func(o *routes.Options) { o.Site.ClientAPIURL += "x/" }, []string{"site.client_api_url path-unsupported"}},
		"MAS without its prefix": {func(o *routes.Options) { o.Site.AccountURL += "auth/" }, []string{"site.mas_url prefix-mismatch"}},
		"MAS in the way": {func(o *routes.Options) {
			o.Site.AccountURL, o.Site.MASURL = "https://matrix.example.com/_matrix/x/", "http://mas/_matrix/x/"
		}, []string{"site.account_url prefix-taken"}},
		"a path of MAS for Synapse": {func(o *routes.Options) {
			o.Site.AccountURL, o.Site.MASURL = "https://matrix.example.com/auth/", "http://mas/auth/"
			o.SynapsePaths = []string{"/auth/x"}
		}, []string{"synapse_paths[0] path-taken"}},
		"a certificate for http": {func(o *routes.Options) {
			o.Site.AccountURL, o.Site.ClientAPIURL = "http://127.0.0.1/", "http://localhost/"
			o.Listener.Certificate.File = "/a.pem"
		}, []string{"listener.certificate.file certificate-unused"}},
		"http for people": {func(o *routes.Options) {
			o.Site.AccountURL, o.Site.ClientAPIURL = "http://account.example.com/", "http://matrix.example.com/"
		}, []string{"site.account_url url-not-https", "site.client_api_url url-not-https"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := routes.Options{Site: site()}
			test.change(&options)
			require.Equal(t, test.want, codes(options.Validate()))
		})
	}
}

func TestRenderersRefuseWhatTheirProxyCannotDo(t *testing.T) {
	t.Parallel()
	base := routes.Options{Site: site(), Listener: routes.Listener{Certificate: routes.Certificate{File: "/matrix.pem"}}}
	for name, test := range map[string]struct {
		change                func(*routes.Options)
		nginx, haproxy, caddy []string
	}{
		"https without a certificate": {
			func(o *routes.Options) { o.Listener = routes.Listener{} },
			[]string{"listener.certificate.file required"},
			[]string{"listener.certificate.file required"},
			nil,
		},
		"https that ends in front": {
			func(o *routes.Options) {
				o.Listener = routes.Listener{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
			}, nil, nil, nil,
		},
		"https to an address": {
			func(o *routes.Options) {
				o.Site.MASURL, o.Site.SynapseURL = "https://192.0.2.1/", "https://[2001:db8::1]/"
			},
			[]string{"site.mas_url tls-without-name", "site.synapse_url tls-without-name"},
			[]string{"site.mas_url tls-without-name", "site.synapse_url tls-without-name"},
			nil,
		},
		"a key elsewhere": {
			func(o *routes.Options) { o.Listener.Certificate.KeyFile = "/matrix.key" },
			nil,
			[]string{"listener.certificate.key_file key-file-name"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := base
			test.change(&options)
			want := [][]string{test.nginx, test.haproxy, test.caddy}
			for i, r := range renderers() {
				config, problems := r.render(options)
				require.Equal(t, want[i], codes(problems), r.name)
				require.Equal(t, want[i] == nil, config != nil, r.name)
			}
		})
	}
}

// FuzzRender: whatever the options hold, no configuration holds more than plain
// words of them: nothing that ends a string, a block, a line or a directive.
func FuzzRender(f *testing.F) {
	s := site()
	f.Add(s.AccountURL, s.ClientAPIURL, s.SynapseURL, s.MASURL, "/etc/ca.pem", ":443", "/etc/a.pem", "/etc/a.pem.key", "/_synapse/x", "maskit")
	f.Add("https://a.example/;}", "https://b.example/\"", "http://c\n/", "http://d {/", "/etc/ca pem", "::1:80", "/a\\b", "/a'b", "/x`y", "a${b}")
	f.Add("https://a.example/$host/", "https://b.example/{re}/", "http://c#/", "http://d%0a/", "", "[::1]:80", "/%[src]", "", "/x%0ay", "a")
	f.Fuzz(func(t *testing.T, account, client, synapse, mas, ca, address, certificate, key, path, name string) {
		options := routes.Options{
			Site: maskit.Site{AccountURL: account, ClientAPIURL: client, SynapseURL: synapse, MASURL: mas},
			MAS:  routes.Upstream{CAFile: ca}, SynapsePaths: []string{path}, Name: name,
			Listener: routes.Listener{Address: address, Certificate: routes.Certificate{File: certificate, KeyFile: key}},
		}
		problems := options.Validate()
		for _, r := range renderers() {
			config, found := r.render(options)
			require.Equal(t, found.Err() == nil, config != nil)
			require.Subset(t, codes(found), codes(problems))
		}
		if problems.Err() != nil {
			return
		}
		plain := regexp.MustCompile(`^[A-Za-z0-9._~:/@+\[\]-]*$`)
		for _, value := range []string{account, client, synapse, mas, ca, address, certificate, key, path, name} {
			require.Regexp(t, plain, value)
		}
	})
}

func TestNothingIsWrittenTo(t *testing.T) {
	t.Parallel()
	options := routes.Options{Site: site(), SynapsePaths: []string{"/b", "/a"}, Listener: routes.Listener{Certificate: routes.Certificate{File: "/a.pem"}}}
	for _, r := range renderers() {
		_, problems := r.render(options)
		require.Empty(t, problems)
	}
	require.True(t, slices.Equal([]string{"/b", "/a"}, options.SynapsePaths))
}
