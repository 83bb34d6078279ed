package keys

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"github.com/maskit-dev/maskit"
)

// encryptionDigits is the length of secrets.encryption: 32 bytes in hex.
const encryptionDigits = 64

// CheckEncryptionKey says why MAS would refuse the value of secrets.encryption or
// the content of secrets.encryption_file. It must be exactly 64 hex digits in
// either case, without a final newline: MAS 1.22 does not trim the file.
func CheckEncryptionKey(key maskit.Secret) error {
	const generate = "use 64 hex digits, such as openssl rand -hex 32 prints"
	text := key.Reveal()
	switch {
	case text == "":
		return refuseEncryption(ReasonEncryptionMissing, "is missing", generate)
	case strings.ContainsFunc(text, unicode.IsSpace):
		return refuseEncryption(ReasonEncryptionSpace, spaceMessage(text), "write the 64 digits and nothing else: MAS does not trim the file")
	case isHex(text) && len(text) == encryptionDigits:
		return nil
	case isHex(text):
		return refuseEncryption(ReasonEncryptionLength, fmt.Sprintf("has %d hex digits", len(text)), generate)
	case isBase64(text) && len(text) != encryptionDigits: // of that length it is rather a slip in hex
		return refuseEncryption(ReasonEncryptionBase64, "is base64, not hex", generate)
	}
	return refuseEncryption(ReasonEncryptionNotHex, "is not made of hex digits", generate)
}

// CheckEncryptionChange refuses another encryption key than the one in use. With
// another key MAS cannot decrypt the secrets of dynamically registered clients,
// which is final, and every browser session and login in progress is lost.
//
// The digits may change their case. A zero value in use means that MAS has not
// run yet, so any valid key will do.
func CheckEncryptionChange(inUse, next maskit.Secret) error {
	if next.IsZero() && !inUse.IsZero() {
		return refuseEncryption(ReasonEncryptionMissing, "is missing, though there is one in use", "keep the key that MAS was first started with: it can never be changed")
	}
	if err := CheckEncryptionKey(next); err != nil {
		return err
	}
	if inUse.IsZero() || foldHex(inUse).Equal(foldHex(next)) {
		return nil
	}
	return refuseEncryption(ReasonEncryptionChanged, "differs from the one in use", "keep the key that MAS was first started with: it can never be changed")
}

func foldHex(key maskit.Secret) maskit.Secret {
	return maskit.NewSecret(strings.ToLower(key.Reveal()))
}

func spaceMessage(text string) string {
	if trimmed := strings.TrimRight(text, "\r\n"); trimmed != text && !strings.ContainsFunc(trimmed, unicode.IsSpace) {
		return "ends with a newline"
	}
	return "contains white space"
}

func isHex(text string) bool {
	return text != "" && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

func isBase64(text string) bool {
	text = strings.TrimRight(text, "=")
	if len(text) < 24 { // shorter words are more likely placeholders
		return false
	}
	_, std := base64.RawStdEncoding.DecodeString(text)
	_, url := base64.RawURLEncoding.DecodeString(text)
	return std == nil || url == nil
}

func refuseEncryption(reason Reason, message, hint string) error {
	return &RefusedError{Subject: "encryption key", Reason: reason, Message: message, Hint: hint}
}
