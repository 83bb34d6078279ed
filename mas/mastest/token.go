package mastest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// User is an account.
type User struct {
	// Username is the localpart of the Matrix user id. Required.
	Username string
	// Sub is MAS's id of the user. Default: a new one, or the one that the user has.
	Sub maskit.ULID
	// Locked and Deactivated accounts have no active tokens.
	Locked, Deactivated bool
}

// TokenKind says how a token came into being.
type TokenKind int

// The kinds of access tokens that MAS has.
const (
	// OAuthToken comes from the OAuth 2.0 token endpoint ("mat_…"). The zero value.
	OAuthToken TokenKind = iota
	// CompatToken comes from the Matrix login API ("mct_…"), or was migrated from Synapse ("syt_…").
	CompatToken
	// PersonalToken was made by an administrator for a bot ("mpt_…").
	PersonalToken
)

// Token is an access token.
type Token struct {
	// Value is the token. Default: a new one with the prefix and check sum of its
	// kind. MAS looks up no token of another form, so neither does this package;
	// "syt_…", as Synapse made them, is a compat token.
	Value maskit.Secret
	// Kind of the token. Default: OAuthToken.
	Kind TokenKind
	// Username is whose token it is: a user added before. Empty only for an
	// OAuthToken that a client got for itself.
	Username string
	// ClientID of the OAuth 2.0 client; MAS reports "legacy" for a CompatToken.
	ClientID string
	// Scope of an OAuthToken or PersonalToken. Default for a user's token: access
	// to the Matrix API, "openid urn:matrix:client:api:*"; for a client's: none.
	// Both spellings of a scope are reported.
	Scope []string
	// DeviceID is the Matrix device, reported as a scope; for a CompatToken also as device_id.
	DeviceID string
	// SynapseAdmin makes a CompatToken one of a server administrator.
	SynapseAdmin bool
	// IssuedAt is when the token was made. Default: now.
	IssuedAt time.Time
	// ExpiresAt is when it ends. Default: after 300 seconds for an OAuthToken (MAS
	// 1.22, experimental.access_token_ttl), never for the others.
	ExpiresAt time.Time

	id      maskit.ULID
	revoked bool
}

// PutUser adds a user, or replaces the one of the same name: to lock alice, put
// her again with Locked set.
func (s *Server) PutUser(u User) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Username == "" || strings.ContainsAny(u.Username, ":@") {
		return errors.New("mastest: put user: Username must be a localpart, such as alice")
	}
	if u.Sub == "" {
		u.Sub = s.users[u.Username].Sub
	}
	if u.Sub == "" {
		var err error
		if u.Sub, err = s.newULID(); err != nil {
			return fmt.Errorf("mastest: put user: %w", err)
		}
	}
	if err := u.Sub.Validate(); err != nil {
		return fmt.Errorf("mastest: put user: Sub: %w", err)
	}
	s.users[u.Username] = u
	return nil
}

// AddToken adds a token and returns its value.
func (s *Server) AddToken(t Token) (maskit.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.complete(t)
	if err != nil {
		return maskit.Secret{}, fmt.Errorf("mastest: add token: %w", err)
	}
	s.tokens[t.Value.Reveal()] = t
	return t.Value, nil
}

// RevokeToken ends a token, as a logout does. It fails when there is no such token.
func (s *Server) RevokeToken(value maskit.Secret) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[value.Reveal()]
	if !ok {
		return fmt.Errorf("mastest: revoke token: %w", maskit.ErrNotFound)
	}
	t.revoked = true
	s.tokens[value.Reveal()] = t
	return nil
}

// complete checks t and fills in the defaults.
func (s *Server) complete(t Token) (Token, error) {
	prefix, err := t.Kind.prefix()
	if err != nil {
		return Token{}, err
	}
	if _, ok := s.users[t.Username]; !ok && (t.Username != "" || t.Kind != OAuthToken) {
		return Token{}, fmt.Errorf("user %q: %w", t.Username, maskit.ErrNotFound)
	}
	if t.IssuedAt.IsZero() {
		t.IssuedAt = s.cfg.Now()
	}
	if t.ExpiresAt.IsZero() && t.Kind == OAuthToken {
		t.ExpiresAt = t.IssuedAt.Add(300 * time.Second)
	}
	if t.Scope == nil && t.Username != "" {
		t.Scope = []string{"openid", apiScope}
	}
	if t.id, err = s.newULID(); err != nil {
		return Token{}, err
	}
	if t.Value.IsZero() {
		value, err := newToken(prefix, s.cfg.Rand)
		t.Value = maskit.NewSecret(value)
		return t, err
	}
	if kind, ok := kindOf(t.Value.Reveal()); !ok || kind != t.Kind {
		return Token{}, fmt.Errorf("the value is no %s token: MAS would not look it up", prefix)
	}
	if _, ok := s.tokens[t.Value.Reveal()]; ok {
		return Token{}, fmt.Errorf("the value exists: %w", maskit.ErrConflict)
	}
	return t, nil
}

func (k TokenKind) prefix() (string, error) {
	switch k {
	case OAuthToken:
		return "mat", nil
	case CompatToken:
		return "mct", nil
	case PersonalToken:
		return "mpt", nil
	}
	return "", fmt.Errorf("unknown TokenKind %d", int(k))
}

// kindOf reads the form of an access token: prefix, 30 characters, and a check
// sum over both. Tokens that Synapse made carry none.
func kindOf(token string) (TokenKind, bool) {
	if strings.HasPrefix(token, "syt_") || isMacaroon(token) {
		return CompatToken, true
	}
	parts := strings.Split(token, "_")
	if len(parts) != 3 || len(parts[1]) != 30 || parts[2] != checkSum(parts[0]+"_"+parts[1]) {
		return 0, false
	}
	for _, kind := range []TokenKind{OAuthToken, CompatToken, PersonalToken} {
		if prefix, err := kind.prefix(); err == nil && prefix == parts[0] {
			return kind, true
		}
	}
	return 0, false
}

// isMacaroon recognises the oldest tokens of Synapse by their first field.
func isMacaroon(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) >= 13 && string(raw[4:13]) == "location "
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// checkSum is the CRC-32 in base 62, least significant digit first, padded by
// zeros on the left to six characters.
func checkSum(s string) string {
	var digits string
	for sum := crc32.ChecksumIEEE([]byte(s)); sum > 0; sum /= 62 {
		digits += string(base62[sum%62])
	}
	return strings.Repeat("0", 6-len(digits)) + digits
}

func newToken(prefix string, random io.Reader) (string, error) {
	text, err := pick(base62, 30, random)
	if err != nil {
		return "", err
	}
	base := prefix + "_" + text
	return base + "_" + checkSum(base), nil
}

// newULID needs no time in it: nothing here sorts by it.
func (s *Server) newULID() (maskit.ULID, error) {
	text, err := pick("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 25, s.cfg.Rand)
	return maskit.ULID("0" + text), err
}

// pick draws n characters. The slight bias of the remainder is no matter in a test.
func pick(alphabet string, n int, random io.Reader) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	for i := range raw {
		raw[i] = alphabet[int(raw[i])%len(alphabet)]
	}
	return string(raw), nil
}
