package apple

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Apple's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		idProblems("team_id", c.TeamID),
		idProblems("key_id", c.KeyID),
		c.keyProblems(),
	)
}

// idProblems judges an id of Apple's developer site.
func idProblems(path, id string) maskit.Problems {
	const where = "ten letters and digits from Apple's developer site"
	if id == "" {
		return check.Required(path, "", where)
	}
	if len(id) != 10 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return maskit.Problems{{Path: path, Code: "apple-id", Message: "is not ten upper-case letters and digits", Hint: where}}
	}
	return nil
}

// keyProblems reads the key, if it is not in a file of MAS's host.
func (c Config) keyProblems() maskit.Problems {
	const path = "private_key"
	switch {
	case c.PrivateKey.IsZero():
		return check.Required(path, "", "the content of the .p8 file, or its path as private_key_file")
	case !c.PrivateKey.Inline.IsZero() && c.PrivateKey.File != "":
		return maskit.Problems{{Path: path, Code: "both-set", Message: "is set beside private_key_file", Hint: "keep one of the two"}}
	case c.PrivateKey.Inline.IsZero():
		return check.Text("private_key_file", c.PrivateKey.File)
	}
	if !isP256(c.PrivateKey.Inline) {
		return maskit.Problems{{
			Path: path, Code: "key-kind", Message: "is not a P-256 key in PKCS#8 form, the only kind that Apple gives out",
			Hint: "the whole .p8 file, from BEGIN PRIVATE KEY to END PRIVATE KEY, with its line breaks",
		}}
	}
	return nil
}

func isP256(key maskit.Secret) bool {
	block, rest := pem.Decode([]byte(strings.TrimSpace(key.Reveal())))
	if block == nil || block.Type != "PRIVATE KEY" || len(rest) > 0 {
		return false
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return false
	}
	ec, ok := parsed.(*ecdsa.PrivateKey)
	return ok && ec.Curve == elliptic.P256()
}
