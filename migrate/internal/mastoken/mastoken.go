// Package mastoken says which tokens MAS recognises by their form: what it does not, it
// refuses without a look into its database (MAS 1.22, crates/data-model).
package mastoken

import (
	"encoding/base64"
	"hash/crc32"
	"strings"
)

// Access reports whether MAS takes the token for an access token of a session that came
// from Synapse: "syt_…", a macaroon, or one that MAS made for such a session. What it
// takes for a token of another kind, such as "mat_…", it looks up elsewhere.
func Access(token string) bool {
	return strings.HasPrefix(token, "syt_") || macaroon(token) || made(token) == "mct"
}

// Refresh reports whether MAS takes the token for a refresh token of a session that
// came from Synapse: "syr_…", or one that MAS made for such a session.
func Refresh(token string) bool {
	switch {
	case strings.HasPrefix(token, "syt_"), macaroon(token):
		return false
	case strings.HasPrefix(token, "syr_"):
		return true
	}
	return made(token) == "mcr"
}

// macaroon reports whether the token is the base64url of a packet "location …".
func macaroon(token string) bool {
	const start, end = 4, 13
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && !strings.ContainsAny(token, "\r\n") && len(decoded) >= end && string(decoded[start:end]) == "location "
}

// made returns the prefix of a token whose checksum is right, and "" for others.
func made(token string) string {
	const random, sum = 30, 6
	parts := strings.Split(token, "_")
	if len(parts) != 3 || len(parts[0]) != 3 || len(parts[1]) != random || len(parts[2]) != sum {
		return ""
	}
	if parts[2] != base62(crc32.ChecksumIEEE([]byte(parts[0]+"_"+parts[1]))) {
		return ""
	}
	return parts[0]
}

// base62 writes at least six digits, the least significant one first, but zeros that
// fill up stand in front.
func base62(n uint32) string {
	const (
		digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		width  = 6
	)
	var text []byte
	for ; n > 0; n /= uint32(len(digits)) {
		text = append(text, digits[n%uint32(len(digits))])
	}
	return strings.Repeat("0", width-len(text)) + string(text)
}
