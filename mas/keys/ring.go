package keys

import (
	"errors"
	"fmt"
	"slices"
)

// Entry is one item of secrets.keys.
type Entry struct {
	// KID is the key id that the configuration names; empty means the thumbprint.
	KID string
	// Key is the private key. Required.
	Key SigningKey
}

// ID is the key id under which MAS publishes the key and signs with it.
func (e Entry) ID() string {
	if e.KID != "" {
		return e.KID
	}
	return e.Key.Kid()
}

// Ring is the ordered list secrets.keys of a MAS that can serve logins: at least
// one RSA key, no key and no key id twice. It is a value: nothing changes it.
//
// The order decides who signs: of the keys for an algorithm MAS takes the last.
type Ring struct{ entries []Entry }

// NewRing checks a list of keys. The error joins every [*RefusedError] that there is.
func NewRing(entries ...Entry) (Ring, error) {
	var errs []error
	for i, entry := range entries {
		errs = append(errs, checkEntry(entries, i, entry))
	}
	if !slices.ContainsFunc(entries, func(e Entry) bool { return e.Key.Kind() == RSA }) {
		errs = append(errs, refuseRing(ReasonNoRSA, "has no RSA key, so every login fails at the token endpoint", "add an RSA key of 2048 bits"))
	}
	if err := errors.Join(errs...); err != nil {
		return Ring{}, err
	}
	return Ring{entries: slices.Clone(entries)}, nil
}

// checkEntry compares entries[i] with those before it.
func checkEntry(entries []Entry, i int, entry Entry) error {
	if entry.Key.IsZero() {
		return refuseRing(ReasonNoKey, fmt.Sprintf("entry %d holds no key", i), "")
	}
	for j, earlier := range entries[:i] {
		switch {
		case earlier.Key.IsZero():
		case earlier.Key.Equal(entry.Key):
			return refuseRing(ReasonDuplicateKey, fmt.Sprintf("entries %d and %d are the same key", j, i), "remove one of them")
		case earlier.ID() == entry.ID():
			return refuseRing(ReasonDuplicateKid, fmt.Sprintf("entries %d and %d have the same kid", j, i), "remove the kid of one of them")
		}
	}
	return nil
}

// Entries returns a copy of the list, in order.
func (r Ring) Entries() []Entry { return slices.Clone(r.entries) }

// IDs returns the key ids, in order.
func (r Ring) IDs() []string {
	ids := make([]string, len(r.entries))
	for i, entry := range r.entries {
		ids[i] = entry.ID()
	}
	return ids
}

// Signer returns the entry that signs with a JWS algorithm such as "RS256": the
// last one that can. It reports false if no key can.
func (r Ring) Signer(algorithm string) (Entry, bool) {
	for _, entry := range slices.Backward(r.entries) {
		if slices.Contains(entry.Key.Algorithms(), algorithm) {
			return entry, true
		}
	}
	return Entry{}, false
}

func (r Ring) find(id string) (Entry, bool) {
	i := slices.IndexFunc(r.entries, func(e Entry) bool { return e.ID() == id })
	if i < 0 {
		return Entry{}, false
	}
	return r.entries[i], true
}

func refuseRing(reason Reason, message, hint string) error {
	return &RefusedError{Subject: "key ring", Reason: reason, Message: message, Hint: hint}
}

// signerOf returns the last entry of a kind; all algorithms of a kind share it.
func (r Ring) signerOf(kind Kind) (Entry, bool) {
	for _, entry := range slices.Backward(r.entries) {
		if entry.Key.Kind() == kind {
			return entry, true
		}
	}
	return Entry{}, false
}

func (r Ring) without(id string) []Entry {
	return slices.DeleteFunc(r.Entries(), func(e Entry) bool { return e.ID() == id })
}
