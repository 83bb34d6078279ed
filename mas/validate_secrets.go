package mas

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// minRSABits is the RSA key length below which NIST SP 800-131A forbids signing.
const minRSABits = 2048

// secrets checks the section secrets: configuration reference of MAS 1.22, "secrets".
func (c *checker) secrets() {
	const at place = "secrets"
	s := c.config.Secrets
	c.encryption(at, s.Encryption)
	ring := signingKeys{kids: map[string]bool{}, complete: true}
	if s.KeysDir != "" {
		c.keysDir(at.key("keys_dir"), s.KeysDir, &ring)
	}
	for i, key := range s.Keys {
		c.signingKey(at.key("keys").at(i), key, &ring)
	}
	if len(s.Keys) == 0 && s.KeysDir == "" {
		c.requiredItems(at.key("keys"), s.Keys == nil, "add a private RSA key: without one MAS starts, and every login fails")
	} else if ring.complete && !ring.has(keys.RSA) {
		c.fail(at.key("keys"), string(keys.ReasonNoRSA), "holds no RSA key, so every login fails: ID tokens are signed with RS256", "add an RSA key of 2048 bits or more")
	}
	c.signers = ring
}

// signingKeys is what is known of the keys that MAS signs with.
type signingKeys struct {
	kinds    []keys.Kind
	keys     []keys.SigningKey
	kids     map[string]bool
	complete bool // false if some key could not be looked at
}

func (r *signingKeys) has(kind keys.Kind) bool {
	for _, k := range r.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

func (c *checker) encryption(at place, v SecretValue) {
	if v.IsZero() {
		c.required(at.key("encryption"), "64 hex digits, generated once and never changed")
		return
	}
	if key, ok := c.value(at.key("encryption")); ok {
		c.refused(key.at, keys.CheckEncryptionKey(key.value))
	}
}

func (c *checker) signingKey(at place, entry SigningKey, ring *signingKeys) {
	if entry.Key.IsZero() {
		c.required(at.key("key"), "set key or key_file")
		ring.complete = false
		return
	}
	key, ok := c.privateKey(at, entry.Password)
	if !ok {
		ring.complete = false
		return
	}
	c.addKey(at, keys.Entry{KID: entry.KID, Key: key}, ring)
}

func (c *checker) addKey(at place, entry keys.Entry, ring *signingKeys) {
	ring.kinds = append(ring.kinds, entry.Key.Kind())
	if slices.ContainsFunc(ring.keys, entry.Key.Equal) {
		c.fail(at, string(keys.ReasonDuplicateKey), "is the same key as an earlier entry", "remove one of them")
	} else if ring.kids[entry.ID()] {
		c.fail(at, string(keys.ReasonDuplicateKid), "has the key id of an earlier key", "remove one of them, or give it a kid of its own")
	}
	ring.kids[entry.ID()] = true
	ring.keys = append(ring.keys, entry.Key)
	if entry.Key.Kind() == keys.RSA && entry.Key.Bits() < minRSABits {
		c.warn(at, "key-weak", "is an RSA key of fewer than 2048 bits", "generate a longer one, and rotate")
	}
}

// keysDir checks a directory of which MAS reads every file as a key, in the order
// of the directory.
func (c *checker) keysDir(at place, name string, ring *signingKeys) {
	if !c.directory(at, name) {
		ring.complete = false
		return
	}
	entries, err := fs.ReadDir(c.files, inFS(name))
	if err != nil {
		c.fail(at, "file-unreadable", "cannot be read", "give the user that MAS runs as read access")
		ring.complete = false
		return
	}
	before := len(ring.kinds)
	for _, entry := range entries {
		c.keyFile(at, path.Join(name, entry.Name()), ring)
	}
	if kind, found := repeated(ring.kinds[before:]); found {
		c.warn(at, "keys-dir-order", "holds several "+string(kind)+" keys, and which of them signs depends on the order of the directory", "list them in secrets.keys: the last one signs")
	}
}

func (c *checker) keyFile(at place, name string, ring *signingKeys) {
	info, err := fs.Stat(c.files, inFS(name)) // follows the symbolic links of Kubernetes volumes
	if err == nil && info.IsDir() {
		return
	}
	content, ok := c.read(at, name)
	if !ok {
		ring.complete = false
		return
	}
	key, err := keys.Parse(maskit.NewSecret(content), maskit.Secret{})
	if refusal := (*keys.RefusedError)(nil); errors.As(err, &refusal) {
		problem := *refusal
		problem.Message = path.Base(name) + " " + problem.Message
		c.refused(at, &problem)
	}
	if err != nil {
		ring.complete = false
		return
	}
	c.addKey(at, keys.Entry{Key: key}, ring)
}

func repeated(kinds []keys.Kind) (keys.Kind, bool) {
	seen := map[keys.Kind]bool{}
	for _, kind := range kinds {
		if seen[kind] {
			return kind, true
		}
		seen[kind] = true
	}
	return "", false
}

// refused reports what package keys has against a key.
func (c *checker) refused(at place, err error) {
	if refusal := (*keys.RefusedError)(nil); errors.As(err, &refusal) {
		c.found.add(refusal.Problem(string(at)))
	} else if err != nil {
		c.fail(at, string(keys.ReasonMalformed), "cannot be used", "generate a new key")
	}
}

// opensTrimmed reports whether the password fits without the white space around it.
func opensTrimmed(key, password maskit.Secret) bool {
	stripped := strings.TrimSpace(password.Reveal())
	if stripped == password.Reveal() {
		return false
	}
	_, err := keys.Parse(key, maskit.NewSecret(stripped))
	return err == nil
}
