package upstream

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/clientauth"
)

// client is who MAS authenticates as. Without ok, the report says what is missing.
func (r *checkRun) client() (clientauth.Client, bool) {
	entry, ok := r.resolved()
	if !ok {
		return clientauth.Client{}, false
	}
	client := clientauth.Client{
		ID: entry.ClientID, Method: entry.TokenEndpointAuthMethod, Alg: entry.TokenEndpointAuthSigningAlg, Secret: entry.ClientSecret.Inline,
	}
	missing := func(key, hint string) (clientauth.Client, bool) {
		r.skip(key, "the credentials are", "they were not given", hint)
		return clientauth.Client{}, false
	}
	switch client.Method {
	case mas.AuthPrivateKeyJWT:
		if client.Key, client.KeyID = r.cfg.SigningKey.PEM, r.cfg.SigningKey.ID; client.Key.IsZero() {
			return missing("token_endpoint_auth_method", "give the key of MAS that signs, as CheckConfig.SigningKey")
		}
	case mas.AuthSignInWithApple:
		apple := entry.SignInWithApple
		if apple == nil || apple.PrivateKey.Inline.IsZero() {
			return missing("sign_in_with_apple", "")
		}
		client.Key, client.KeyID, client.TeamID = apple.PrivateKey.Inline, apple.KeyID, apple.TeamID
	case mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT:
		if client.Secret.IsZero() {
			return missing("client_secret", "")
		}
	}
	return client, true
}

// resolved is the entry with the content of the files that it names.
func (r *checkRun) resolved() (Entry, bool) {
	named := r.entry.ClientSecret.File != "" || r.entry.SignInWithApple != nil && r.entry.SignInWithApple.PrivateKey.File != ""
	if !named {
		return r.entry, true
	}
	if r.cfg.FS == nil {
		r.skip("client_secret_file", "the credentials are", "no file system was given", "give CheckConfig.FS, rooted at / as MAS sees it")
		return Entry{}, false
	}
	config := &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []Entry{r.entry}}}
	config, problems := config.Inline(r.cfg.FS)
	for _, p := range problems {
		p.Path = strings.TrimPrefix(p.Path, "upstream_oauth2.providers[0].")
		r.report.Problems = append(r.report.Problems, p)
	}
	entry := config.UpstreamOAuth2.Providers[0]
	return entry, problems.Err() == nil && r.usable(entry)
}

// usable reports what is wrong with the content of the files, which nobody needs to be asked
// about: an empty secret, or one in two lines.
func (r *checkRun) usable(entry Entry) bool {
	fine := true
	for _, p := range Validate(entry, r.cfg.Env) {
		for _, key := range []string{"client_secret", "sign_in_with_apple.private_key"} {
			if p.Path == key {
				p.Path += "_file"
				r.report.Problems = append(r.report.Problems, p)
				fine = false
			}
		}
	}
	return fine
}

// maySend says whether the credentials may go to an endpoint. own says that it stands
// in the entry, where the operator wrote it.
func (r *checkRun) maySend(endpoint string, own bool) bool {
	refuse := func(because, hint string) bool {
		r.add(maskit.SeveritySkip, httpx.Redact(endpoint), finding{"probe-secret-host", "the credentials are not sent there: " + because, hint})
		return false
	}
	host := hostname(endpoint)
	switch {
	case r.unverified || r.skipsVerification():
		return refuse("nobody verifies the certificate", "check with an HTTPClient that verifies")
	case own:
		return true
	case !r.trusted:
		return refuse("this address comes from metadata that is not the issuer's own", "mend the findings about the metadata first")
	case !isHTTPS(endpoint) && r.entry.DiscoveryMode != mas.DiscoveryInsecure:
		return refuse("it is not https", "serve it by https")
	case sameSite(r.entry.Issuer, endpoint), knownPair(hostname(r.entry.Issuer), host), r.allowed(endpoint):
		return true
	}
	return refuse(
		"the metadata of "+hostname(r.entry.Issuer)+" names another host, "+host+", and MAS will send the client secret to it",
		"if this is your provider, add "+host+" to CheckConfig.SecretHosts, or write token_endpoint into the entry; if not, do not use this metadata",
	)
}

// allowed reports whether the caller has allowed the host, with its port or without.
func (r *checkRun) allowed(endpoint string) bool {
	return slices.ContainsFunc(r.cfg.SecretHosts, func(host string) bool {
		return strings.EqualFold(host, hostname(endpoint)) || strings.EqualFold(host, hostPort(endpoint))
	})
}

// skipsVerification reports whether the injected client verifies no certificate.
func (r *checkRun) skipsVerification() bool {
	if r.cfg.HTTPClient == nil {
		return false
	}
	transport, ok := r.cfg.HTTPClient.Transport.(*http.Transport)
	return ok && transport.TLSClientConfig != nil && transport.TLSClientConfig.InsecureSkipVerify
}

func hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// sameSite reports whether two addresses are those of one organisation: the same host, or
// hosts below one domain that somebody has registered.
func sameSite(a, b string) bool {
	x, y := hostname(a), hostname(b)
	if x == "" || x == y {
		return x != ""
	}
	if net.ParseIP(x) != nil || net.ParseIP(y) != nil {
		return false
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(x)
	other, err2 := publicsuffix.EffectiveTLDPlusOne(y)
	return err == nil && err2 == nil && domain == other
}

// knownPair knows vendors whose metadata names another domain for tokens.
func knownPair(issuer, endpoint string) bool {
	switch {
	case issuer == "accounts.google.com":
		return endpoint == "oauth2.googleapis.com"
	case strings.HasPrefix(issuer, "cognito-idp.") && strings.HasSuffix(issuer, ".amazonaws.com"):
		return strings.HasSuffix(endpoint, ".amazoncognito.com")
	}
	return false
}
