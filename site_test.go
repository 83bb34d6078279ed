package maskit_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func goodSite() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse-main.matrix.svc.cluster.local:8008/",
		MASURL:       "http://mas.matrix-auth.svc.cluster.local:8080/",
	}
}

const someULID = maskit.ULID("01J0000000000000000000000Z")

func TestSiteDerivesEveryAddress(t *testing.T) {
	t.Parallel()
	type derived struct{ issuer, callback, logout, jwks, delegation, introspection, prefix string }
	cases := map[string]struct {
		account, mas string
		want         derived
	}{
		"own host": {"https://account.example.com/", "http://mas:8080/", derived{
			"https://account.example.com/",
			"https://account.example.com/upstream/callback/01J0000000000000000000000Z",
			"https://account.example.com/upstream/backchannel-logout/01J0000000000000000000000Z",
			"https://account.example.com/oauth2/keys.json",
			"http://mas:8080/", "http://mas:8080/oauth2/introspect", "",
		}},
		"no final slash": {"https://account.example.com", "http://mas:8080", derived{
			"https://account.example.com/",
			"https://account.example.com/upstream/callback/01J0000000000000000000000Z",
			"https://account.example.com/upstream/backchannel-logout/01J0000000000000000000000Z",
			"https://account.example.com/oauth2/keys.json",
			"http://mas:8080/", "http://mas:8080/oauth2/introspect", "",
		}},
		"sub-path and port": {"https://example.com:8443/auth/v1/", "http://mas:8080/auth/v1/", derived{
			"https://example.com:8443/auth/v1/",
			"https://example.com:8443/auth/v1/upstream/callback/01J0000000000000000000000Z",
			"https://example.com:8443/auth/v1/upstream/backchannel-logout/01J0000000000000000000000Z",
			"https://example.com:8443/auth/v1/oauth2/keys.json",
			"http://mas:8080/auth/v1/", "http://mas:8080/auth/v1/oauth2/introspect", "/auth/v1",
		}},
		"IPv6": {"https://[2001:db8::1]:8443/", "http://[::1]:8080/", derived{
			"https://[2001:db8::1]:8443/",
			"https://[2001:db8::1]:8443/upstream/callback/01J0000000000000000000000Z",
			"https://[2001:db8::1]:8443/upstream/backchannel-logout/01J0000000000000000000000Z",
			"https://[2001:db8::1]:8443/oauth2/keys.json",
			"http://[::1]:8080/", "http://[::1]:8080/oauth2/introspect", "",
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := goodSite()
			site.AccountURL, site.MASURL = c.account, c.mas
			require.Empty(t, site.Validate())
			require.Equal(t, c.want, derived{
				site.Issuer(), site.CallbackURL(someULID), site.BackchannelLogoutURL(someULID), site.JWKSURL(),
				site.DelegationEndpoint(), site.IntrospectionURL(), site.Prefix(),
			})
		})
	}
}

func TestSiteOfNothingDerivesNothingAndPanicsNot(t *testing.T) {
	t.Parallel()
	require.Empty(t, maskit.Site{}.Issuer())
	require.Empty(t, maskit.Site{}.DelegationEndpoint())
	require.Empty(t, maskit.Site{}.Prefix())
	require.Empty(t, maskit.Site{AccountURL: "://"}.Prefix())
}

func TestSiteValidateReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	problems := maskit.Site{AccountURL: "https://a.example.com/x", ClientAPIURL: "ftp://m.example.com/", SynapseURL: "synapse:8008"}.Validate()
	var got []string
	for _, p := range problems {
		require.Equal(t, maskit.SeverityError, p.Severity)
		require.NotEmpty(t, p.Message)
		require.NotEmpty(t, p.Hint)
		got = append(got, p.Path+" "+p.Code)
	}
	require.Equal(t, []string{
		"server_name required", "account_url url-no-slash", "client_api_url url-scheme", "synapse_url url-invalid", "mas_url required",
	}, got)
}

func TestSiteServerName(t *testing.T) {
	t.Parallel()
	cases := map[string]string{ // name → code
		"example.com":            "",
		"matrix.example.com":     "",
		"example.com:8448":       "",
		"EXAMPLE.com":            "",
		"localhost":              "",
		"xn--bcher-kva.example":  "",
		"192.0.2.1":              "",
		"192.0.2.1:8448":         "",
		"[2001:db8::1]":          "",
		"example.com.":           "",
		"1.example.com":          "",
		"a..b":                   "server-name-invalid",
		".example.com":           "server-name-invalid",
		"127.1":                  "server-name-invalid",
		"010.0.0.1":              "server-name-invalid",
		"192.0.2.300:8448":       "server-name-invalid",
		"[2001:db8::1]:8448":     "",
		"[::ffff:192.0.2.1]":     "",
		strings.Repeat("a", 230): "",
		"":                       "required",
		"https://example.com":    "server-name-is-url",
		"example.com/":           "server-name-invalid",
		"example.com:":           "server-name-invalid",
		"example.com:port":       "server-name-invalid",
		"example.com:123456":     "server-name-invalid",
		":8448":                  "server-name-invalid",
		"bücher.example":         "server-name-invalid",
		"exa mple.com":           "server-name-invalid",
		"exam_ple.com":           "server-name-invalid",
		"@user:example.com":      "server-name-invalid",
		"2001:db8::1":            "server-name-invalid",
		"[2001:db8::1":           "server-name-invalid",
		"2001:db8::1]":           "server-name-invalid",
		"192.0.2.1]":             "server-name-invalid",
		"[192.0.2.1]":            "server-name-invalid",
		"[fe80::1%eth0]":         "server-name-invalid",
		"[example.com]":          "server-name-invalid",
		"example.com\n":          "server-name-invalid",
		strings.Repeat("a", 231): "server-name-invalid",
	}
	for name, code := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := goodSite()
			site.ServerName = name
			requireCodes(t, "server_name", code, site.Validate())
		})
	}
}

func TestSiteURLs(t *testing.T) {
	t.Parallel()
	cases := map[string]string{ // URL → code
		"https://account.example.com/":        "",
		"https://account.example.com":         "",
		"https://account.example.com:8443/":   "",
		"https://account.example.com/auth/":   "",
		"https://192.0.2.1/":                  "",
		"https://[2001:db8::1]/":              "",
		"http://localhost:8080/":              "",
		"http://127.0.0.1:8080/":              "",
		"http://[::1]:8080/":                  "",
		"https://1.example.com/":              "",
		"https://0xyz/":                       "",
		"http://127.1/":                       "url-invalid",
		"http://0.0.0.0:8080/":                "url-invalid",
		"http://[::]:8080/":                   "url-invalid",
		"http://010.0.0.1/":                   "url-invalid",
		"http://2130706433/":                  "url-invalid",
		"http://a.0x7f/":                      "url-invalid",
		"http://192.0.2.300/":                 "url-invalid",
		"https://a..b/":                       "url-invalid",
		"https://.example.com/":               "url-invalid",
		"":                                    "required",
		"account.example.com":                 "url-invalid",
		"account.example.com:8443":            "url-invalid",
		"/auth/":                              "url-invalid",
		"//account.example.com/":              "url-invalid",
		"https:account.example.com":           "url-invalid",
		"https:///auth/":                      "url-invalid",
		"https://:8443/":                      "url-invalid",
		"https://account.example.com:port/":   "url-invalid",
		"https://account.example.com:0/":      "url-invalid",
		"https://account.example.com:65536/":  "url-invalid",
		"https://::1/":                        "url-invalid",
		"https://exa mple.com/":               "url-invalid",
		"https://account.example.com/ ":       "url-invalid",
		"https://account.example.com/\n":      "url-invalid",
		"https://bücher.example/":             "url-invalid",
		"https://account.example.com/ü/":      "url-invalid",
		"https://account.example.com/a%20b/":  "url-invalid",
		"https://account.example.com/a\\b/":   "url-invalid",
		"https://account.example.com/a//b/":   "url-invalid",
		"https://account.example.com//":       "url-invalid",
		"https://[fe80::1%25eth0]/":           "url-invalid",
		"ftp://account.example.com/":          "url-scheme",
		"file:///etc/passwd":                  "url-invalid",
		"https://user:pw@account.example.com": "url-userinfo",
		"https://user@account.example.com/":   "url-userinfo",
		"https://account.example.com/?a=b":    "url-query",
		"https://account.example.com/?":       "url-query",
		"https://account.example.com/#a":      "url-query",
		"https://account.example.com/#":       "url-query",
		"https://account.example.com/auth":    "url-no-slash",
		"https://Account.example.com/":        "url-not-canonical",
		"HTTPS://account.example.com/":        "url-not-canonical",
		"https://account.example.com:443/":    "url-not-canonical",
		"https://account.example.com:0443/":   "url-not-canonical",
		"https://account.example.com:/":       "url-not-canonical",
		"https://account.example.com/./":      "url-not-canonical",
		"https://account.example.com/a/../":   "url-not-canonical",
		"https://[2001:db8:0::1]/":            "url-not-canonical",
		"http://localhost:80/":                "url-not-canonical",
	}
	for value, code := range cases {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			for path, set := range map[string]func(*maskit.Site){
				"client_api_url": func(s *maskit.Site) { s.ClientAPIURL = value },
				"synapse_url":    func(s *maskit.Site) { s.SynapseURL = value },
			} {
				site := goodSite()
				set(&site)
				requireCodes(t, path, code, site.Validate())
			}
		})
	}
}

func TestSiteHintShowsTheCanonicalURL(t *testing.T) {
	t.Parallel()
	site := goodSite()
	for value, want := range map[string]string{
		"https://Account.Example.com:443/a/./b/": "write https://account.example.com/a/b/",
		"https://Account.Example.com":            "write https://account.example.com",
		"http://[2001:DB8:0::1]:80/":             "write http://[2001:db8::1]/",
	} {
		site.AccountURL = value
		require.Equal(t, want, site.Validate()[0].Hint)
		site.AccountURL = strings.TrimPrefix(want, "write ")
		require.NoError(t, site.Validate().Err())
	}
}

func TestSiteNeverQuotesAPassword(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"https://user:hunter2@example.com/", "user:hunter2@example.com", "https://user:hunter2@example.com:port/", "ftp://user:hunter2@example.com/"} {
		site := goodSite()
		site.MASURL = value
		require.NotContains(t, site.Validate().String(), "hunter2")
	}
}

func TestSiteWarnsOfPlainHTTPForPeople(t *testing.T) {
	t.Parallel()
	site := goodSite()
	site.AccountURL, site.ClientAPIURL = "http://account.example.com/", "http://matrix.example.com/"
	require.Equal(t, maskit.Problems{
		{Path: "account_url", Code: "url-not-https", Severity: maskit.SeverityWarning, Message: "is a plain http address that people use", Hint: "use https"},
		{Path: "client_api_url", Code: "url-not-https", Severity: maskit.SeverityWarning, Message: "is a plain http address that people use", Hint: "use https"},
	}, site.Validate())

	site.AccountURL = "account.example.com"
	require.Len(t, site.Validate(), 2, "a mistake in one address hides no warning about another")
	require.Empty(t, site.Prefix(), "not a URL")
}

func TestSiteWarnsOfAPrefixThatSynapseWouldMiss(t *testing.T) {
	t.Parallel()
	site := goodSite()
	site.AccountURL = "https://example.com/auth/"
	require.Equal(t, maskit.Problems{{
		Path: "mas_url", Code: "prefix-mismatch", Severity: maskit.SeverityWarning,
		Message: "MAS mounts everything under /auth, which is missing here",
		Hint:    "append it, unless a proxy between Synapse and MAS adds it",
	}}, site.Validate())
	site.MASURL = "http://mas:8080/auth/"
	require.Empty(t, site.Validate())
}

// requireCodes asserts that path has the one problem code, or none if it is empty.
func requireCodes(t testing.TB, path, code string, problems maskit.Problems) {
	t.Helper()
	if code == "" {
		require.Empty(t, problems)
		return
	}
	require.Len(t, problems, 1)
	require.Equal(t, path, problems[0].Path)
	require.Equal(t, code, problems[0].Code)
	require.Equal(t, maskit.SeverityError, problems[0].Severity)
}

// FuzzSiteValidate: no panic, and what is accepted is an address that derives
// others of the same host.
func FuzzSiteValidate(f *testing.F) {
	for _, seed := range []string{"https://account.example.com/", "https://[2001:db8::1]:8443/auth/", "https://Account.example.com:443/./", "https://u:p@h/?a#b", "example.com:8448", "[::1]"} {
		f.Add(seed, "example.com")
		f.Add("https://account.example.com/", seed)
	}
	f.Fuzz(func(t *testing.T, address, name string) {
		site := goodSite()
		site.ServerName, site.AccountURL, site.MASURL = name, address, address
		if site.Validate().Err() != nil {
			return
		}
		base, err := url.Parse(address)
		require.NoError(t, err)
		for _, derived := range []string{site.CallbackURL(someULID), site.JWKSURL(), site.IntrospectionURL()} {
			u, err := url.Parse(derived)
			require.NoError(t, err)
			require.Equal(t, base.Host, u.Host)
			require.Equal(t, base.Scheme, u.Scheme)
			require.True(t, strings.HasPrefix(u.Path, base.Path))
		}
		require.NotContains(t, site.Issuer()[len("https://"):], "//")
	})
}
