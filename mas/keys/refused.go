package keys

import "github.com/maskit-dev/maskit"

// RefusedError says why a key, a value or a list of keys cannot be used. It holds
// no key material and matches [maskit.ErrInvalid].
type RefusedError struct {
	// Subject is what was refused: "signing key", "encryption key", "key ring" or "rotation".
	Subject string
	// Reason is a stable identifier of why.
	Reason Reason
	// Message says what is wrong, in one sentence without a final period.
	Message string
	// Hint says how to mend it; may be empty.
	Hint string
}

// Error implements error.
func (e *RefusedError) Error() string {
	text := "keys: check " + e.Subject + ": " + e.Message
	if e.Hint != "" {
		text += " (fix: " + e.Hint + ")"
	}
	return text
}

// Is reports that the error matches [maskit.ErrInvalid].
func (e *RefusedError) Is(target error) bool {
	return target == maskit.ErrInvalid
}

// Problem returns the refusal as a finding at a YAML path such as "secrets.keys[0].key".
func (e *RefusedError) Problem(path string) maskit.Problem {
	return maskit.Problem{Path: path, Code: string(e.Reason), Message: e.Message, Hint: e.Hint}
}

// Reason is a stable identifier in kebab case, fit for [maskit.Problem.Code].
type Reason string

// Why [Parse] refuses a signing key.
const (
	// ReasonEmpty: there is nothing.
	ReasonEmpty Reason = "key-empty"
	// ReasonNotAKey: random bytes, base64 or hex text, a URL, a placeholder.
	ReasonNotAKey Reason = "key-not-a-key"
	// ReasonPublic: a public key or a certificate where the private key belongs.
	ReasonPublic Reason = "key-public"
	// ReasonSeveralBlocks: more than one PEM block.
	ReasonSeveralBlocks Reason = "key-several-blocks"
	// ReasonECParameters: an EC PARAMETERS block, as "openssl ecparam -genkey" writes it.
	ReasonECParameters Reason = "key-ec-parameters"
	// ReasonPEM: the lines of the PEM block are not as MAS wants them.
	ReasonPEM Reason = "key-pem-malformed"
	// ReasonTrailingData: something follows the key.
	ReasonTrailingData Reason = "key-trailing-data"
	// ReasonMalformed: the content does not decode, or its numbers do not fit together.
	ReasonMalformed Reason = "key-malformed"
	// ReasonFormat: a private key in a format that MAS does not read, such as OpenSSH's.
	ReasonFormat Reason = "key-format-unsupported"
	// ReasonType: an algorithm other than RSA and EC, such as Ed25519.
	ReasonType Reason = "key-type-unsupported"
	// ReasonCurve: a curve other than P-256, P-384 and secp256k1, such as P-521.
	ReasonCurve Reason = "key-curve-unsupported"
	// ReasonTooLarge: an RSA key of more than 4096 bits, or a file that is too long to be a key.
	ReasonTooLarge Reason = "key-too-large"
	// ReasonCipher: encrypted in a way that MAS cannot decrypt, such as 3DES.
	ReasonCipher Reason = "key-cipher-unsupported"
	// ReasonTooCostly: the key derivation asks for an unreasonable amount of work.
	ReasonTooCostly Reason = "key-cipher-too-costly"
	// ReasonPasswordMissing: the key is encrypted and there is no password.
	ReasonPasswordMissing Reason = "key-password-missing"
	// ReasonPasswordWrong: the password does not decrypt the key.
	ReasonPasswordWrong Reason = "key-password-wrong"
	// ReasonPasswordSuperfluous: there is a password and the key is not encrypted, which stops MAS.
	ReasonPasswordSuperfluous Reason = "key-password-superfluous"
)

// Why [CheckEncryptionKey] and [CheckEncryptionChange] refuse an encryption key.
const (
	// ReasonEncryptionMissing: there is none.
	ReasonEncryptionMissing Reason = "encryption-key-missing"
	// ReasonEncryptionSpace: a newline or other white space, mostly at the end of the file.
	ReasonEncryptionSpace Reason = "encryption-key-space"
	// ReasonEncryptionBase64: base64 instead of hex.
	ReasonEncryptionBase64 Reason = "encryption-key-base64"
	// ReasonEncryptionNotHex: not hex digits.
	ReasonEncryptionNotHex Reason = "encryption-key-not-hex"
	// ReasonEncryptionLength: hex, but not 64 digits.
	ReasonEncryptionLength Reason = "encryption-key-length"
	// ReasonEncryptionChanged: another key than the one in use.
	ReasonEncryptionChanged Reason = "encryption-key-changed"
)

// Why [NewRing] and [Rotation] refuse a list of keys.
const (
	// ReasonNoKey: an entry holds no key.
	ReasonNoKey Reason = "signing-key-missing"
	// ReasonNoRSA: no key of the list is RSA.
	ReasonNoRSA Reason = "signing-key-no-rsa"
	// ReasonDuplicateKey: a key stands in the list twice.
	ReasonDuplicateKey Reason = "signing-key-duplicate"
	// ReasonDuplicateKid: two keys have one key id.
	ReasonDuplicateKid Reason = "signing-key-duplicate-kid"
	// ReasonNothingToRotate: the list has no key of the new key's kind.
	ReasonNothingToRotate Reason = "rotation-nothing-to-replace"
	// ReasonOtherRing: the list is not one that the rotation can have led to.
	ReasonOtherRing Reason = "rotation-other-ring"
)

func refuseKey(reason Reason, message, hint string) error {
	return &RefusedError{Subject: "signing key", Reason: reason, Message: message, Hint: hint}
}
