package maskit

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
)

// redacted is what every representation of a set [Secret] shows.
const redacted = "[redacted]"

// Secret holds a value that must not be seen: a key, a password, a token.
//
// It shows as "[redacted]" through fmt (every verb), JSON, YAML, log/slog,
// errors and panics, also when it is nested in a struct, map, slice or
// unexported field. The only way to read it is [Secret.Reveal].
//
// The zero value holds no secret, which differs from holding the empty string.
// Secrets are compared by [Secret.Equal], never by ==, which compares identity.
type Secret struct {
	// A pointer, because fmt prints a plain string inside an unexported field
	// without asking its methods, but prints a nested pointer as an address.
	p *string
}

// NewSecret wraps s. The empty string gives a set, empty secret.
func NewSecret(s string) Secret { return Secret{p: &s} }

// SecretFromFile reads a secret from a file. Exactly one final newline ("\n" or
// "\r\n"), which editors and "echo" add, is dropped; any other white space is kept.
// It fails when the file cannot be read, holds more than 1 MiB, or nothing is left.
func SecretFromFile(path string) (Secret, error) {
	data, err := readBounded(path)
	if err != nil {
		return Secret{}, fmt.Errorf("maskit: read secret: %w", err)
	}
	s, found := strings.CutSuffix(string(data), "\n")
	if found {
		s = strings.TrimSuffix(s, "\r")
	}
	if s == "" {
		return Secret{}, fmt.Errorf("maskit: read secret %s: file is empty", path)
	}
	return NewSecret(s), nil
}

// readBounded reads a file of at most 1 MiB, the most that a Kubernetes Secret holds,
// so that a wrong path such as /dev/zero fails.
func readBounded(path string) ([]byte, error) {
	const most = 1 << 20
	f, err := os.Open(path) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(data) > most {
		err = fmt.Errorf("%s: file is larger than %d KiB", path, most>>10)
	}
	return data, err
}

// SecretFromEnv reads a secret from the environment variable name. It fails
// when the variable is unset or empty.
func SecretFromEnv(name string) (Secret, error) {
	s, ok := os.LookupEnv(name) //nolint:forbidigo // the one place of the SDK that reads the environment, when asked to
	if !ok || s == "" {
		return Secret{}, fmt.Errorf("maskit: read secret: environment variable %s is not set or empty", name)
	}
	return NewSecret(s), nil
}

// Reveal returns the secret value, or "" for the zero Secret. Every call of
// Reveal is a place where a secret leaves its wrapping: keep them few.
func (s Secret) Reveal() string {
	if s.p == nil {
		return ""
	}
	return *s.p
}

// IsZero reports whether no secret is held.
func (s Secret) IsZero() bool { return s.p == nil }

// Equal reports whether both hold the same value, or both hold none. The
// comparison takes constant time for values of equal length.
func (s Secret) Equal(other Secret) bool {
	if s.p == nil || other.p == nil {
		return s.p == nil && other.p == nil
	}
	return subtle.ConstantTimeCompare([]byte(*s.p), []byte(*other.p)) == 1
}

// String returns "[redacted]", or "" for the zero Secret.
func (s Secret) String() string {
	if s.p == nil {
		return ""
	}
	return redacted
}

// GoString implements [fmt.GoStringer] for %#v.
func (s Secret) GoString() string { return "maskit.Secret(" + s.String() + ")" }

// Format implements [fmt.Formatter], so that no verb reaches the value.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'v' && f.Flag('#') {
		text = s.GoString()
	}
	_, _ = f.Write([]byte(text)) // a failed write to a fmt.State has no one to tell
}

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements [encoding.TextMarshaler].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON implements [json.Marshaler]. The zero Secret is null.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s.p == nil {
		return []byte("null"), nil
	}
	return json.Marshal(redacted)
}

// MarshalYAML implements the marshaler of YAML libraries. The zero Secret is null.
func (s Secret) MarshalYAML() (any, error) {
	if s.p == nil {
		return nil, nil
	}
	return redacted, nil
}

// UnmarshalText implements [encoding.TextUnmarshaler], so that a secret can be
// decoded from JSON or YAML. The text "[redacted]" is refused: it is what a
// Secret marshals to, never a secret.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == redacted {
		return errors.New(`maskit: decode secret: the value is the placeholder "[redacted]"`)
	}
	*s = NewSecret(string(text))
	return nil
}
