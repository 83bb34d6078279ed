package mas

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// refuseEncryption refuses another encryption key than the one in use.
func refuseEncryption(old, next *Config) maskit.Problems {
	before, after := old.Secrets.Encryption, next.Secrets.Encryption
	if before.File != "" || after.File != "" || before.IsZero() {
		return nil // see compareEncryptionFiles
	}
	// One that no MAS can have been started with is in no use.
	if keys.CheckEncryptionKey(before.Inline) != nil {
		return nil
	}
	return refused("secrets.encryption", keys.CheckEncryptionChange(before.Inline, after.Inline))
}

// compareEncryptionFiles says that two encryption keys could not be compared: files of
// the same name can hold different keys. Another key cannot be undone, so whoever
// knows that it is the same has to say so.
func compareEncryptionFiles(old, next *Config) maskit.Problems {
	before, after := old.Secrets.Encryption, next.Secrets.Encryption
	if before.File == "" && after.File == "" || before.IsZero() {
		return nil // both inline, or no key yet
	}
	return maskit.Problems{{
		Path: "secrets.encryption", Code: "encryption-key-not-compared",
		Message: "one of the encryption keys stands in a file, so nobody knows whether it is the one in use",
		Hint:    "compare configurations after Config.Inline, or accept the finding if the key only moved",
	}}
}

// inFile reports whether one of two secrets stands in a file, which is not read here.
func inFile(before, after SecretValue) bool { return before.File != "" || after.File != "" }

// notCompared says that two values could not be compared: files of the same name can hold
// different ones, and a value that moved to a file may be the same.
func notCompared(path, code, what string) maskit.Problem {
	return maskit.Problem{
		Path: path, Code: code, Severity: maskit.SeveritySkip,
		Message: what + " stands in a file, so nobody knows whether it changes",
		Hint:    "compare configurations after Config.Inline",
	}
}

// compareSigningKeys judges the list of signing keys by what relying parties see:
// they verify ID tokens, of one hour (MAS 1.22), with a key set that they may cache.
func compareSigningKeys(old, next *Config) maskit.Problems {
	switch {
	case old.Secrets.KeysDir != "" || next.Secrets.KeysDir != "":
		return maskit.Problems{notCompared("secrets.keys_dir", "signing-keys-not-compared", "each of the signing keys in the directory")}
	case keysInFiles(old) || keysInFiles(next):
		return maskit.Problems{notCompared("secrets.keys", "signing-keys-not-compared", "a signing key or its password")}
	}
	before, after := readKeys(old), readKeys(next)
	var problems maskit.Problems
	for name, key := range before.all() {
		i := slices.Index(after.names, name)
		switch {
		case i >= 0 && after.entries[i].ID() != key.ID():
			problems = append(problems, warnKeys("signing-key-id-changed",
				"the key "+key.ID()+" gets another key id, so what it signed cannot be verified",
				"keep its kid"))
		case i < 0 && before.signs(name):
			problems = append(problems, maskit.Problem{
				Path: "secrets.keys", Code: "signing-key-signer-removed",
				Message: "the key " + key.ID() + " is removed while it signs, so ID tokens of the last hour cannot be verified",
				Hint:    "rotate in steps: add the new key first in the list, then move it last, then remove the old one",
			})
		case i < 0:
			problems = append(problems, warnKeys("signing-key-removed",
				"the key "+key.ID()+" is removed: what it signed cannot be verified any more",
				"remove it no sooner than an hour after it last signed"))
		}
	}
	return append(problems, newSigners(before, after)...)
}

func keysInFiles(c *Config) bool {
	return slices.ContainsFunc(c.Secrets.Keys, func(k SigningKey) bool { return k.Key.File != "" || k.Password.File != "" })
}

// newSigners warns about keys that sign before relying parties can have seen them.
func newSigners(before, after keyList) maskit.Problems {
	var problems maskit.Problems
	for name, key := range after.all() {
		if !slices.Contains(before.names, name) && after.signs(name) && before.has(key.Key.Kind()) {
			problems = append(problems, warnKeys("signing-key-not-introduced",
				"the key "+key.ID()+" is new and signs at once: relying parties that cache the key set refuse what it signs",
				"put it first in the list, and move it last once the caches have expired"))
		}
	}
	return problems
}

func warnKeys(code, message, hint string) maskit.Problem {
	return maskit.Problem{Path: "secrets.keys", Code: code, Severity: maskit.SeverityWarning, Message: message, Hint: hint}
}

// keyList is secrets.keys with the names of keyName.
type keyList struct {
	names   []string
	entries []keys.Entry
}

func readKeys(c *Config) keyList {
	list := keyList{names: namesOf(c.Secrets.Keys, keyName)}
	for i, k := range c.Secrets.Keys {
		entry := keys.Entry{KID: k.KID}
		if key, err := keys.Parse(k.Key.Inline, k.Password.Inline); err == nil {
			entry.Key = key
		} else if entry.KID == "" {
			entry.KID = list.names[i]
		}
		list.entries = append(list.entries, entry)
	}
	return list
}

// all ranges over the keys by name, in their order.
func (l keyList) all() func(yield func(string, keys.Entry) bool) {
	return func(yield func(string, keys.Entry) bool) {
		for i, name := range l.names {
			if !yield(name, l.entries[i]) {
				return
			}
		}
	}
}

func (l keyList) has(kind keys.Kind) bool {
	return slices.ContainsFunc(l.entries, func(e keys.Entry) bool { return e.Key.Kind() == kind })
}

// signs reports whether the named key is the last of its kind. A key that cannot be
// read is not known to sign.
func (l keyList) signs(name string) bool {
	i := slices.Index(l.names, name)
	kind := l.entries[i].Key.Kind()
	return kind != "" && !(keyList{entries: l.entries[i+1:]}).has(kind)
}
