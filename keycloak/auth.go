package keycloak

import (
	"cmp"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/Nerzal/gocloak/v13"
	"github.com/go-jose/go-jose/v4"

	"github.com/maskit-dev/maskit"
)

// Auth is how a [Provisioner] logs in: an [AdminPassword], a [ServiceAccount], a
// [SignedJWT] or a [TokenSource].
type Auth interface {
	check() error
	// obtain gets a new token. The previous one may help to get it.
	obtain(ctx context.Context, w *wire, previous token) (token, error)
}

// checkRealm refuses what would lead to another address.
func checkRealm(name string) error {
	if name != "" && isDots(name) {
		return errors.New("the realm of the account is no name")
	}
	return nil
}

// token is what a login gave.
type token struct {
	access  maskit.Secret
	refresh maskit.Secret
	issued  time.Time
	life    time.Duration // zero: unknown
	// skew is how far the server's clock is ahead of ours, if that is known.
	skew      time.Duration
	skewKnown bool
}

// AdminPassword logs a user in by the password grant. Prefer [ServiceAccount]: a
// person's password has more rights than this package needs.
type AdminPassword struct {
	// Realm is the user's realm. Default: master.
	Realm string
	// ClientID is the client that may use the password grant. Default: admin-cli.
	ClientID string
	// User is the name of the user. Required.
	User string
	// Password is the user's password. Required.
	Password maskit.Secret
	// OTP returns a one-time password that is valid now, for a user who has one. It is
	// called for every login; sessions are kept alive without.
	OTP func(context.Context) (maskit.Secret, error)
}

func (a AdminPassword) check() error {
	if a.User == "" || a.Password.Reveal() == "" {
		return errors.New("the name of the user or the password is missing")
	}
	return checkRealm(a.Realm)
}

func (a AdminPassword) obtain(ctx context.Context, w *wire, previous token) (token, error) {
	realm, client := cmp.Or(a.Realm, "master"), cmp.Or(a.ClientID, "admin-cli")
	if !previous.refresh.IsZero() {
		fresh, err := w.login(ctx, realm, gocloak.TokenOptions{
			ClientID: &client, GrantType: gocloak.StringP("refresh_token"), RefreshToken: gocloak.StringP(previous.refresh.Reveal()),
		})
		if err == nil || ctx.Err() != nil {
			return fresh, err
		}
	}
	options := gocloak.TokenOptions{
		ClientID: &client, GrantType: gocloak.StringP("password"), Username: &a.User, Password: gocloak.StringP(a.Password.Reveal()),
	}
	if a.OTP != nil {
		code, err := a.OTP(ctx)
		if err != nil {
			return token{}, fmt.Errorf("get the one-time password: %w", err)
		}
		options.Totp = gocloak.StringP(code.Reveal())
	}
	return w.login(ctx, realm, options)
}

// ServiceAccount logs a client in by its secret (client_secret_post).
type ServiceAccount struct {
	// Realm is the client's realm: master, or the realm that is managed. Default: master.
	Realm string
	// ClientID is the clientId of a confidential client with a service account. Required.
	ClientID string
	// Secret is the client's secret. Required.
	Secret maskit.Secret
}

func (a ServiceAccount) check() error {
	if a.ClientID == "" || a.Secret.Reveal() == "" {
		return errors.New("the id of the client or its secret is missing")
	}
	return checkRealm(a.Realm)
}

// obtain does without gocloak, whose basic authentication does not encode the secret.
func (a ServiceAccount) obtain(ctx context.Context, w *wire, _ token) (token, error) {
	return w.loginForm(ctx, cmp.Or(a.Realm, "master"), url.Values{
		"grant_type": {"client_credentials"}, "client_id": {a.ClientID}, "client_secret": {a.Secret.Reveal()},
	})
}

// SignedJWT logs a client in by a signed assertion (private_key_jwt, RFC 7523).
type SignedJWT struct {
	// Realm is the client's realm. Default: master.
	Realm string
	// ClientID is the clientId of a client with a service account whose
	// authenticator is "Signed JWT". Required.
	ClientID string
	// Key signs: an RSA, ECDSA or Ed25519 key. Required.
	Key crypto.Signer
	// KeyID is the kid of the key in the JWKS that Keycloak knows. Optional if
	// Keycloak knows one key only.
	KeyID string
	// Algorithm is the JWS algorithm. Default: RS256.
	Algorithm string
	// Rand makes the unique id of each assertion. Required; crypto/rand.Reader fits.
	Rand io.Reader
}

func (a SignedJWT) check() error {
	if a.ClientID == "" || a.Key == nil || a.Rand == nil {
		return errors.New("the id of the client, its key, or the source of randomness is missing")
	}
	if err := checkRealm(a.Realm); err != nil {
		return err
	}
	_, err := a.signer()
	return err
}

// String names the client, and not the key, which fmt would print with the rest.
func (a SignedJWT) String() string { return "signed JWT of client " + a.ClientID }

// GoString is String, for %#v.
func (a SignedJWT) GoString() string { return a.String() }

func (a SignedJWT) signer() (jose.Signer, error) {
	key := jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(cmp.Or(a.Algorithm, "RS256")),
		Key:       jose.JSONWebKey{Key: a.Key, KeyID: a.KeyID},
	}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("the key does not fit the algorithm: %w", err)
	}
	return signer, nil
}

func (a SignedJWT) obtain(ctx context.Context, w *wire, _ token) (token, error) {
	realm := cmp.Or(a.Realm, "master")
	assertion, err := a.assertion(w.cfg.issuer(realm))
	if err != nil {
		return token{}, err
	}
	return w.login(ctx, realm, gocloak.TokenOptions{
		ClientID: &a.ClientID, GrantType: gocloak.StringP("client_credentials"),
		ClientAssertionType: gocloak.StringP("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ClientAssertion: &assertion,
	})
}

// assertion has one audience, the issuer: several are refused since 26.7.
func (a SignedJWT) assertion(audience string) (string, error) {
	signer, err := a.signer()
	if err != nil {
		return "", err
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(a.Rand, id); err != nil {
		return "", fmt.Errorf("make the id of the assertion: %w", err)
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": a.ClientID, "sub": a.ClientID, "aud": audience, "jti": fmt.Sprintf("%x", id),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	})
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(claims)
	if err != nil {
		return "", fmt.Errorf("sign the assertion: %w", err)
	}
	return jws.CompactSerialize()
}

// TokenSource returns an access token for the admin API. It is called at the
// beginning, and again when the server no longer accepts the token, when three quarters
// of a minute have passed, and after a realm was created, since rights are written into some tokens.
type TokenSource func(context.Context) (maskit.Secret, error)

func (s TokenSource) check() error {
	if s == nil {
		return errors.New("the token source is nil")
	}
	return nil
}

func (s TokenSource) obtain(ctx context.Context, _ *wire, _ token) (token, error) {
	access, err := s(ctx)
	if err != nil {
		return token{}, err
	}
	if access.Reveal() == "" {
		return token{}, errors.New("the token source gave no token")
	}
	return token{access: access, issued: time.Now(), life: time.Minute}, nil
}
