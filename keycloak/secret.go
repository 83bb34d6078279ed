package keycloak

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/maskit-dev/maskit"
)

// minSecret is the least length of a client secret: 128 bits in base64.
const minSecret = 22

// NewSecret makes a client secret of 256 bits from a source of randomness, usually
// crypto/rand.Reader. Make it once and store it: for [Client].Secret and for the
// client_secret of MAS's provider. It needs no encoding anywhere.
func NewSecret(rand io.Reader) (maskit.Secret, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return maskit.Secret{}, fmt.Errorf("keycloak: make client secret: %w", err)
	}
	return maskit.NewSecret(base64.RawURLEncoding.EncodeToString(raw)), nil
}

// validateSecret refuses a mask, and warns of what clients encode in different ways.
func validateSecret(secret maskit.Secret) maskit.Problems {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"
	value := secret.Reveal()
	switch {
	case secret.IsZero():
		return nil
	case value == mask:
		return maskit.Problems{{Path: "secret", Code: "secret-masked", Message: "is what Keycloak shows in place of a secret", Hint: "use the secret itself"}}
	case strings.Trim(value, letters) != "":
		return maskit.Problems{{Path: "secret", Code: "secret-characters", Severity: maskit.SeverityWarning, Message: "has characters that clients encode in different ways", Hint: "use letters, digits and . _ ~ -; NewSecret makes such a secret"}}
	case len(value) < minSecret:
		return maskit.Problems{{Path: "secret", Code: "secret-short", Severity: maskit.SeverityWarning, Message: fmt.Sprintf("has fewer than %d characters", minSecret), Hint: "make a new one by NewSecret"}}
	}
	return nil
}
