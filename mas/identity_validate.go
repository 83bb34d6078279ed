package mas

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas/keys"
)

const providerNameRule = "a provider name has 1 to 64 characters out of a-z, 0-9, '-', '_' and '.'"

// Validate reports everything that MAS would refuse or misuse, with the keys of
// identity.yaml as paths.
func (i Identity) Validate() maskit.Problems {
	problems := refused("encryption_key", keys.CheckEncryptionKey(i.EncryptionKey))
	problems = append(problems, checkSharedSecret("shared_secret", i.SharedSecret)...)
	problems = append(problems, i.checkSigningKeys()...)
	return append(problems, i.checkProviders()...)
}

func (i Identity) checkSigningKeys() maskit.Problems {
	var problems maskit.Problems
	var entries []keys.Entry
	for n, entry := range i.SigningKeys {
		path := fmt.Sprintf("signing_keys[%d]", n)
		if entry.Key.File != "" || entry.Password.File != "" {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "identity-file-reference",
				Message: "is a reference to a file, which an identity cannot keep",
				Hint:    "put the key itself here",
			})
			continue
		}
		key, err := keys.Parse(entry.Key.Inline, entry.Password.Inline)
		if err != nil {
			problems = append(problems, refused(path+".key", err)...)
			continue
		}
		entries = append(entries, keys.Entry{KID: entry.KID, Key: key})
	}
	if len(problems) > 0 {
		return problems // a ring of fewer keys would complain of what is missing only here
	}
	_, err := keys.NewRing(entries...)
	return refused("signing_keys", err)
}

func (i Identity) checkProviders() maskit.Problems {
	var problems maskit.Problems
	names := map[maskit.ULID]string{}
	for _, name := range slices.Sorted(maps.Keys(i.Providers)) {
		id, path := i.Providers[name], strictyaml.ChildPath("providers", name)
		if !validProviderName(name) {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "provider-name-invalid",
				Message: "is not a provider name", Hint: providerNameRule,
			})
		}
		if err := id.Validate(); err != nil {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "ulid-invalid", Message: err.Error(),
				Hint: "restore the id that MAS was run with",
			})
		}
		if first, taken := names[id]; taken {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "provider-id-duplicate",
				Message: "has the id of the provider " + first,
				Hint:    "restore the id that MAS was run with, or remove one of the two names",
			})
			continue
		}
		names[id] = name
	}
	return problems
}

func validProviderName(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	return name != "" && len(name) <= 64 && strings.Trim(name, letters) == ""
}

// checkSharedSecret judges matrix.secret, which travels in an HTTP header.
func checkSharedSecret(path string, secret maskit.Secret) maskit.Problems {
	text := secret.Reveal()
	switch {
	case text == "":
		return maskit.Problems{{
			Path: path, Code: "required", Message: "the secret that MAS and Synapse share is missing",
			Hint: "restore it, or make a new one and give it to both",
		}}
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return maskit.Problems{{
			Path: path, Code: "shared-secret-space", Message: "contains white space or control characters",
			Hint: "it is sent in an HTTP header: use 64 hex digits",
		}}
	}
	return nil
}

// refused turns an error of package keys, or several joined ones, into problems at path.
func refused(path string, err error) maskit.Problems {
	var refusal *keys.RefusedError
	switch joined, several := err.(interface{ Unwrap() []error }); {
	case err == nil:
		return nil
	case several:
		var problems maskit.Problems
		for _, one := range joined.Unwrap() {
			problems = append(problems, refused(path, one)...)
		}
		return problems
	case errors.As(err, &refusal):
		return maskit.Problems{refusal.Problem(path)}
	}
	return maskit.Problems{{Path: path, Code: "key-malformed", Message: err.Error()}}
}
