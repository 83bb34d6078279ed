package live

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
	"github.com/maskit-dev/maskit/internal/localtls"
)

//go:embed oidcprovider.js
var oidcProviderScript string

// OIDCProviderConfig is a certified OpenID provider, as its administrator sets it up.
type OIDCProviderConfig struct {
	// IssuerSlash ends the issuer in a slash. Default: no.
	IssuerSlash bool
	// Algorithms sign ID tokens: RS256, ES256, EdDSA. Default: RS256.
	Algorithms []string
	// OmitMetadata are members that the discovery document lacks. Default: none.
	OmitMetadata []string
	// OpaqueErrors makes every error of a POST an empty answer with the status 400.
	OpaqueErrors bool
	// Clients are clients in the words of OpenID Connect Dynamic Client Registration.
	Clients []map[string]any
	// Accounts are the claims of people by their sub. The first one logs in unless
	// login_hint names another.
	Accounts map[string]map[string]any
	// Settings are further settings of oidc-provider, such as features.
	Settings map[string]any
}

// OIDCProvider is a running provider.
type OIDCProvider struct {
	// Issuer is its issuer.
	Issuer string
	// CertificatePEM is the certificate of the authority that its own is from.
	CertificatePEM []byte

	client *http.Client
}

// HTTPClient returns a client that trusts the provider's certificate.
func (p OIDCProvider) HTTPClient() *http.Client { return p.client }

// OIDCProviders starts one provider for each configuration, all in one process that ends
// with the test.
func OIDCProviders(t testing.TB, configs map[string]OIDCProviderConfig) map[string]OIDCProvider {
	t.Helper()
	enter(t)
	home, err := install.FindOIDCProvider(cacheDir(t))
	check(t, mandatory, err)
	authority, err := localtls.New(time.Now())
	if err != nil {
		t.Fatal("live: certificates:", err)
	}
	certificate, key, err := authority.ServerPEM()
	if err != nil {
		t.Fatal("live: certificates:", err)
	}
	settings := oidcProviderSettings{Certificate: string(certificate), Key: string(key)}
	providers := map[string]OIDCProvider{}
	for name, config := range configs {
		s := config.settings(FreePort(t))
		settings.Providers = append(settings.Providers, s)
		providers[name] = OIDCProvider{Issuer: s.Issuer, CertificatePEM: authority.RootPEM(), client: authority.Client()}
	}
	startOIDCProviders(t, home, settings)
	return providers
}

// oidcProviderSettings is what the script reads.
type oidcProviderSettings struct {
	Certificate string                `json:"cert"`
	Key         string                `json:"key"`
	Providers   []oidcProviderAddress `json:"providers"`
}

type oidcProviderAddress struct {
	Port         int                       `json:"port"`
	Issuer       string                    `json:"issuer"`
	Algorithms   []string                  `json:"algorithms"`
	Accounts     map[string]map[string]any `json:"accounts"`
	Clients      []map[string]any          `json:"clients"`
	OmitMetadata []string                  `json:"omitMetadata"`
	OpaqueErrors bool                      `json:"opaqueErrors"`
	Settings     map[string]any            `json:"settings"`
}

// settings fills in the defaults: the script wants no null.
func (c OIDCProviderConfig) settings(port int) oidcProviderAddress {
	s := oidcProviderAddress{
		Port: port, Issuer: fmt.Sprintf("https://127.0.0.1:%d", port), Algorithms: c.Algorithms, Accounts: c.Accounts, Clients: c.Clients,
		OmitMetadata: append([]string{}, c.OmitMetadata...), OpaqueErrors: c.OpaqueErrors, Settings: c.Settings,
	}
	if c.IssuerSlash {
		s.Issuer += "/"
	}
	if len(s.Algorithms) == 0 {
		s.Algorithms = []string{"RS256"}
	}
	if s.Settings == nil {
		s.Settings = map[string]any{}
	}
	return s
}

func startOIDCProviders(t testing.TB, home string, settings oidcProviderSettings) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("live:", err)
	}
	data, err := json.Marshal(settings)
	if err != nil {
		t.Fatal("live: settings of oidc-provider:", err)
	}
	file := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal("live: settings of oidc-provider:", err)
	}
	spec := proc.Spec{
		Name: "oidc-provider", Path: node, Dir: home, Env: []string{"SETTINGS=" + file},
		Args: []string{"--input-type=module", "-e", oidcProviderScript},
	}
	startWhenReady(t, spec, "", func(ctx context.Context) error {
		for _, provider := range settings.Providers {
			if err := proc.Listening(fmt.Sprintf("127.0.0.1:%d", provider.Port))(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// LogIn does what a browser does that comes from a client with an authorization request,
// and returns the query of the address that it is sent back to. Where the provider shows a
// page instead, the test ends.
func (p OIDCProvider) LogIn(t testing.TB, authorizationURL string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal("live: cookies:", err)
	}
	client := *p.client
	client.Jar = jar
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.URL.Host != via[0].URL.Host {
			return http.ErrUseLastResponse
		}
		return nil
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, authorizationURL, http.NoBody)
	if err != nil {
		t.Fatal("live: log in:", err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal("live: log in:", err)
	}
	defer func() { _ = response.Body.Close() }()
	location, err := response.Location()
	if err != nil {
		t.Fatalf("live: log in: %s answered %d", cmp.Or(response.Request.URL.Path, "/"), response.StatusCode)
	}
	return location.Query()
}
