package mas

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// Identity is what is made once for a deployment and must outlive it: keys,
// the secret that MAS and Synapse share, and the ids of the providers.
//
// Make one with [NewIdentity], or adopt that of a running MAS with [IdentityFrom];
// store what [Identity.Encode] returns, with mode 0600 and a backup, and read it
// back with [ParseIdentity]. Nothing in this package mints any of it in passing.
//
// Every method leaves the receiver as it is. An Identity prints without its secrets.
type Identity struct {
	// EncryptionKey is secrets.encryption: 64 hex digits. It can never change once
	// MAS has run: the secrets of dynamically registered clients could not be
	// decrypted any more (MAS 1.22 answers 401).
	EncryptionKey maskit.Secret
	// SharedSecret is matrix.secret, and the secret of matrix_authentication_service
	// in homeserver.yaml.
	SharedSecret maskit.Secret
	// SigningKeys is secrets.keys, in that order: of several keys for one algorithm
	// the last signs. At least one is RSA. They are inline, never file references.
	SigningKeys []SigningKey
	// Providers holds the id of each upstream provider under a name of the caller's
	// choice. The id is part of URLs registered at the provider and the key of all
	// account links.
	Providers map[string]maskit.ULID
}

// NewIdentity makes a new identity without providers: an encryption key, a shared
// secret, an RSA-2048 key, which MAS cannot do without, and a P-256 key.
//
// The two secrets come from random, mostly crypto/rand.Reader. The signing keys do
// not: Go's key generation has its own source, see [keys.Generate].
func NewIdentity(random io.Reader) (Identity, error) {
	var identity Identity
	var err error
	if identity.EncryptionKey, err = keys.NewEncryptionKey(random); err != nil {
		return Identity{}, fmt.Errorf("mas: make identity: %w", err)
	}
	if identity.SharedSecret, err = keys.NewSharedSecret(random); err != nil {
		return Identity{}, fmt.Errorf("mas: make identity: %w", err)
	}
	for _, kind := range []keys.Kind{keys.RSA, keys.P256} {
		key, err := keys.Generate(kind)
		if err != nil {
			return Identity{}, fmt.Errorf("mas: make identity: %w", err)
		}
		identity.SigningKeys = append(identity.SigningKeys, SigningKey{
			KID: key.Kid(),
			Key: SecretValue{Inline: key.PEM()},
		})
	}
	return identity, nil
}

// WithProvider returns a copy that has an id for the named provider. A name that
// is known keeps its id; a new one gets an id from random, see [NewULID]. It fails
// if the name is not one that [Identity.Validate] accepts.
func (i Identity) WithProvider(name string, random io.Reader) (Identity, error) {
	if !validProviderName(name) {
		return Identity{}, fmt.Errorf("mas: add provider %q: %s", name, providerNameRule)
	}
	out := i.clone()
	if _, known := out.Providers[name]; known {
		return out, nil
	}
	id, err := NewULID(random)
	if err != nil {
		return Identity{}, fmt.Errorf("mas: add provider %q: %w", name, err)
	}
	if out.Providers == nil {
		out.Providers = map[string]maskit.ULID{}
	}
	out.Providers[name] = id
	return out, nil
}

// WithProviderID returns a copy in which the named provider has an id that exists
// already, such as that of an adopted provider. If another name had it, that one is
// gone: the provider is renamed. It fails for an invalid name or id, and for a name
// that has another id, which would orphan its links. The id is kept as MAS stores it,
// which takes lower case for upper case.
func (i Identity) WithProviderID(name string, id maskit.ULID) (Identity, error) {
	if !validProviderName(name) {
		return Identity{}, fmt.Errorf("mas: add provider %q: %s", name, providerNameRule)
	}
	id = maskit.ULID(canonicalULID(id))
	if err := id.Validate(); err != nil {
		return Identity{}, fmt.Errorf("mas: add provider %q: %w", name, err)
	}
	if known := i.Providers[name]; known != "" && known != id {
		return Identity{}, fmt.Errorf("mas: add provider %q: it has the id %s, which never changes: %w", name, known, maskit.ErrConflict)
	}
	out := i.clone()
	maps.DeleteFunc(out.Providers, func(_ string, known maskit.ULID) bool { return known == id })
	if out.Providers == nil {
		out.Providers = map[string]maskit.ULID{}
	}
	out.Providers[name] = id
	return out, nil
}

// Equal reports whether both hold the same keys, in the same order, the same
// secret and the same ids under the same names.
func (i Identity) Equal(other Identity) bool {
	return i.EncryptionKey.Equal(other.EncryptionKey) &&
		i.SharedSecret.Equal(other.SharedSecret) &&
		slices.EqualFunc(i.SigningKeys, other.SigningKeys, sameSigningKey) &&
		maps.Equal(i.Providers, other.Providers)
}

func (i Identity) clone() Identity {
	i.SigningKeys = slices.Clone(i.SigningKeys)
	i.Providers = maps.Clone(i.Providers)
	return i
}

func sameSigningKey(a, b SigningKey) bool {
	return a.KID == b.KID && sameSecret(a.Key, b.Key) && sameSecret(a.Password, b.Password)
}

func sameSecret(a, b SecretValue) bool {
	return a.File == b.File && a.Inline.Equal(b.Inline)
}
