package upstream

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// CheckConfig says how [Check] looks at a provider. The zero value is usable; what
// lacks something is skipped, and says what to give.
type CheckConfig struct {
	// Env gives the redirect URI. Without it the provider is not asked about it.
	Env Env
	// FS has the files that the entry names, rooted at "/" as MAS sees them: the same as in
	// mas.ValidateOptions. Nil: a secret in a file is not checked.
	FS fs.FS
	// Provider made the entry. If it is a [Classifier], it reads the answers of its vendor.
	// Optional.
	Provider Provider
	// SigningKey is the key of MAS that signs for private_key_jwt. Without it such
	// credentials are not checked.
	SigningKey CheckKey
	// OnlyLogin says that people can sign in by this provider and in no other way: there
	// is no second one, and no password.
	OnlyLogin bool
	// SecretHosts are further hosts that may get the credentials, where the metadata names
	// them. Without it they go to hosts of the issuer's own domain, to an endpoint that
	// stands in the entry itself, and to what is known of Google and Amazon Cognito.
	SecretHosts []string
	// WithoutAuthorizationProbe does not ask the authorization endpoint whether it knows the
	// client and its redirect URI. The pushed authorization request counts as a
	// credential probe.
	WithoutAuthorizationProbe bool
	// WithoutCredentialProbe does not send the credentials. Do so where a failed
	// authentication raises an alarm, or may lock the client.
	WithoutCredentialProbe bool
	// ControlProbe sends, after an answer that does not refuse the credentials, the same
	// again with a secret that is wrong on purpose. It shows whether the provider looks
	// at the secret at all, at the price of one failed authentication.
	ControlProbe bool
	// HTTPClient sends the requests. It is not changed; redirects and cookies are this
	// package's business. To keep it away from private addresses, give it a dialer that
	// refuses them. Default: one without a proxy.
	HTTPClient *http.Client
	// Timeout bounds the whole check. What was not answered by then counts as not
	// reachable. Default: 30 seconds.
	Timeout time.Duration
	// RequestTimeout bounds one attempt of a request. Documents are asked for twice at
	// most, everything else once. Default: 10 seconds.
	RequestTimeout time.Duration
	// Logger receives one debug line for each attempt. Default: silent.
	Logger *slog.Logger
}

// CheckKey is a private key of MAS.
type CheckKey struct {
	// ID is the kid under which MAS publishes it.
	ID string
	// PEM is the key in PKCS#8, as mas/keys writes it: RSA, P-256 or P-384.
	PEM maskit.Secret
}

// CheckReport is what [Check] saw. It never holds a secret.
type CheckReport struct {
	// Issuer is what the provider calls itself; empty if that was not seen.
	Issuer string `json:"issuer,omitempty"`
	// Endpoints are those that MAS would use.
	Endpoints CheckEndpoints `json:"endpoints"`
	// Redirect says whether the provider takes the redirect URI.
	Redirect Verdict `json:"redirect,omitempty"`
	// Credentials says whether the provider takes the credentials.
	Credentials Verdict `json:"credentials,omitempty"`
	// Requests is how many requests were sent.
	Requests int `json:"requests"`
	// Hosts are those that were asked, with their ports. They were reached from where the
	// check runs; MAS has to reach them from where it runs.
	Hosts []string `json:"hosts,omitempty"`
	// Problems are the findings. Path is the URL that was asked, or a key of the entry.
	// An error keeps people from signing in, a skip was not looked at.
	Problems maskit.Problems `json:"problems,omitempty"`
}

// CheckEndpoints are addresses of a provider; empty where there is none.
type CheckEndpoints struct {
	Authorization string `json:"authorization,omitempty"`
	Token         string `json:"token,omitempty"`
	Userinfo      string `json:"userinfo,omitempty"`
	JWKS          string `json:"jwks,omitempty"`
	// PushedAuthorization is that of RFC 9126, which MAS does not use and Check does.
	PushedAuthorization string `json:"pushed_authorization,omitempty"`
}

// Check looks at the identity provider of an entry, before anybody signs in by it:
// whether MAS 1.22 can reach it, reads its metadata and keys, and would be taken
// for the client that the entry describes.
//
// It works for every entry, and nobody has to sign in. Of a healthy provider it
// asks six things at most: the metadata, the keys, the userinfo endpoint (with a token
// that is nobody's), then the pushed authorization endpoint, or else the authorization
// endpoint with prompt=none and the token endpoint with a code that is nobody's. One
// cause gives one finding; what depends on it is skipped. What the answer of a vendor
// does not tell is an info with the code "probe-inconclusive", never an error.
//
// The credentials go by https to the token endpoint and the pushed authorization
// endpoint of the metadata, or of the entry, and nowhere else: not over a connection that
// nobody verified, not to whom a redirect names, not for metadata of another issuer, and
// to hosts of another domain than the issuer's only if [CheckConfig].SecretHosts
// has them. Plain http needs discovery_mode insecure, or an endpoint in the entry.
//
// The error is that of the context; the report then holds what was seen until it ended.
func Check(ctx context.Context, entry Entry, cfg CheckConfig) (CheckReport, error) {
	cfg.Timeout = cmp.Or(max(cfg.Timeout, 0), 30*time.Second)
	bounded, cancel := context.WithTimeout(ctx, cfg.Timeout)
	defer cancel()
	r := newCheckRun(entry, cfg)
	r.all(bounded)
	if err := ctx.Err(); err != nil {
		return r.report, fmt.Errorf("upstream: check %s: %w", entry.ID, err)
	}
	return r.report, nil
}

// newClient makes a client by the one policy.
func (c CheckConfig) newClient(attempts int) *httpx.Client {
	return httpx.New(httpx.Config{
		HTTPClient: c.HTTPClient, Logger: c.Logger, MaxBody: 1 << 20,
		AttemptTimeout: cmp.Or(max(c.RequestTimeout, 0), 10*time.Second),
		Retry:          httpx.Retry{Attempts: attempts, First: 200 * time.Millisecond, Longest: time.Second},
	})
}
