package mas

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// differ compares two configurations.
type differ struct{ old, next *Config }

// effect says what the change of one value does: of a key, or of both keys of a pair.
func (d differ) effect(fields []maskit.FieldChange) effect {
	path := genericPath(fields[0].Path)
	e := effectOf(path, fields[0].After)
	switch {
	case path == subjectKey && fields[0].Before != fields[0].After:
		return subjectEffect(templateText(fields[0].Before), templateText(fields[0].After), e)
	case isDefaultWritten(path, fields):
		return effect{rollout: e.rollout, text: "it says the same in another way"}
	case e.impact == ImpactNone:
	case d.sameMeaning(path, fields):
		return effect{rollout: e.rollout, text: "it says the same in another way"}
	case slices.ContainsFunc(fields, isFileKey):
		e.text = "unless the file holds the same value: " + e.text
	}
	return e
}

func isFileKey(f maskit.FieldChange) bool { return strings.HasSuffix(f.Path, "_file") }

// sameMeaning reports whether MAS takes the new spelling for what the old one said.
func (d differ) sameMeaning(path string, fields []maskit.FieldChange) bool {
	oldBase, oldIssuer := addresses(d.old.HTTP)
	base, issuer := addresses(d.next.HTTP)
	switch path {
	case "http.public_base":
		return oldBase == base
	case "http.issuer":
		return oldIssuer == issuer
	case "matrix.homeserver":
		return homeserver(d.old) == homeserver(d.next)
	case "secrets.encryption":
		return len(fields) == 1 && sameEncryptionKey(d.old.Secrets.Encryption.Inline, d.next.Secrets.Encryption.Inline)
	}
	return false
}

// homeserver returns the server name that MAS uses (MAS 1.22).
func homeserver(c *Config) string { return cmp.Or(c.Matrix.Homeserver, "localhost:8008") }

func sameEncryptionKey(a, b maskit.Secret) bool {
	return maskit.NewSecret(strings.ToLower(a.Reveal())).Equal(maskit.NewSecret(strings.ToLower(b.Reveal())))
}
