package mas

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// IdentityFrom adopts the identity of a running MAS from its configuration, which
// must hold its secrets inline: call [Config.Inline] first.
//
// Each provider is named after its human name in lower case with dashes ("Corp
// SSO" gives corp-sso), else after the host of its issuer, else after its id. Where
// two would share a name, both get "-" and their id appended, or are called "provider-" and
// their id, so no name depends on the order. The names are the caller's: rename with [Identity.WithProviderID].
// Ids are spelled as MAS stores them, which takes lower case for upper case.
//
// Signing keys in DER, which identity.yaml cannot hold, become PEM without a password.
//
// The problems have the paths of the configuration. What could be adopted is
// returned beside them.
func IdentityFrom(c *Config) (Identity, maskit.Problems) {
	if c == nil {
		return Identity{}, maskit.Problems{{
			Code: "required", Message: "there is no configuration to adopt", Hint: "parse the files of the running MAS",
		}}
	}
	identity := Identity{
		EncryptionKey: c.Secrets.Encryption.Inline,
		SharedSecret:  c.Matrix.Secret.Inline,
		SigningKeys:   textKeys(c.Secrets.Keys),
		Providers:     providerNames(c.UpstreamOAuth2),
	}
	obstacles := adoptionObstacles(c)
	return identity, append(obstacles, notBehind(obstacles, atConfigPaths(identity.Validate()))...)
}

// notBehind drops the problems that only say that what stands in a file is not here.
func notBehind(obstacles, problems maskit.Problems) maskit.Problems {
	return slices.DeleteFunc(problems, func(p maskit.Problem) bool {
		return slices.ContainsFunc(obstacles, func(o maskit.Problem) bool {
			value := strings.TrimSuffix(o.Path, "_file")
			return p.Path == value || p.Path == parentPath(value) || p.Path == "secrets.keys" && within(o.Path, "secrets")
		})
	})
}

// textKeys returns a copy in which keys in DER are PEM. One that cannot be read stays
// as it is, for Validate to say why.
func textKeys(entries []SigningKey) []SigningKey {
	out := slices.Clone(entries)
	for i, entry := range out {
		if utf8.ValidString(entry.Key.Inline.Reveal()) {
			continue
		}
		if key, err := keys.Parse(entry.Key.Inline, entry.Password.Inline); err == nil {
			out[i] = SigningKey{KID: entry.KID, Key: SecretValue{Inline: key.PEM()}}
		}
	}
	return out
}

// adoptionObstacles reports what is not in the configuration but beside it.
func adoptionObstacles(c *Config) maskit.Problems {
	var problems maskit.Problems
	if c.Secrets.KeysDir != "" {
		problems = append(problems, maskit.Problem{
			Path: "secrets.keys_dir", Code: "identity-keys-dir",
			Message: "the signing keys lie in a directory, so there is nothing to adopt",
			Hint:    "inline the files first, see Config.Inline; of two keys for one algorithm put the one that signs last",
		})
	}
	reference := func(path string, value SecretValue) {
		if value.File == "" {
			return
		}
		problems = append(problems, maskit.Problem{
			Path: path, Code: "identity-file-reference",
			Message: "is a reference to a file, so there is nothing to adopt",
			Hint:    "inline the files first, see Config.Inline",
		})
	}
	reference("secrets.encryption_file", c.Secrets.Encryption)
	for n, key := range c.Secrets.Keys {
		reference(fmt.Sprintf("secrets.keys[%d].key_file", n), key.Key)
		reference(fmt.Sprintf("secrets.keys[%d].password_file", n), key.Password)
	}
	reference("matrix.secret_file", c.Matrix.Secret)
	return problems
}

// atConfigPaths moves the problems of an identity to where its parts stand in a Config.
func atConfigPaths(problems maskit.Problems) maskit.Problems {
	moved := strings.NewReplacer(
		"encryption_key", "secrets.encryption",
		"shared_secret", "matrix.secret",
		"signing_keys", "secrets.keys",
	)
	for n, p := range problems {
		if name, isProvider := strings.CutPrefix(p.Path, "providers."); isProvider {
			problems[n].Path = "upstream_oauth2.providers"
			problems[n].Message = "provider " + name + ": " + p.Message
			continue
		}
		problems[n].Path = moved.Replace(p.Path)
	}
	return problems
}

// providerNames gives each id a name that no other id has.
func providerNames(section *UpstreamOAuth2) map[string]maskit.ULID {
	if section == nil || len(section.Providers) == 0 {
		return nil
	}
	providers := section.Providers
	lengths := make([]int, len(providers)) // how much of its names each provider needs
	for longer(lengths, clashes(providers, lengths)) {
	}
	names := map[string]maskit.ULID{}
	for i, p := range providers {
		name, id := providerName(p, lengths[i]), maskit.ULID(canonicalULID(p.ID))
		if known, taken := names[name]; taken && known != id { // ids that are none
			name = fmt.Sprintf("%s-%d", name, i+1)
		}
		names[name] = id
	}
	return names
}

// longestName is the last choice of providerName.
const longestName = 2

// providerName names a provider: by what it says of itself, by that and its id, by its id.
func providerName(p UpstreamProvider, length int) string {
	switch length {
	case 0:
		return providerSlug(p)
	case 1:
		return slug(providerSlug(p) + "-" + string(p.ID))
	}
	return slug("provider-" + string(p.ID))
}

// clashes lists the providers whose name another id has, too.
func clashes(providers []UpstreamProvider, lengths []int) []int {
	ids := map[string]map[string]bool{}
	for i, p := range providers {
		name := providerName(p, lengths[i])
		if ids[name] == nil {
			ids[name] = map[string]bool{}
		}
		ids[name][canonicalULID(p.ID)] = true
	}
	var out []int
	for i, p := range providers {
		if len(ids[providerName(p, lengths[i])]) > 1 {
			out = append(out, i)
		}
	}
	return out
}

// longer lengthens names, and reports whether any could be.
func longer(lengths, which []int) bool {
	changed := false
	for _, i := range which {
		if lengths[i] < longestName {
			lengths[i]++
			changed = true
		}
	}
	return changed
}

// providerSlug is the name of the provider as far as it does not clash with another.
func providerSlug(p UpstreamProvider) string {
	const longest = 32 // leaves room for a dash and an id in a name of 64
	host := ""
	if u, err := url.Parse(p.Issuer); err == nil {
		host = u.Hostname()
	}
	name := cmp.Or(slug(p.HumanName), slug(host), slug(string(p.ID)))
	return strings.TrimRight(name[:min(len(name), longest)], "-")
}

// slug keeps ASCII letters and digits, in lower case, and puts one dash for
// everything between them.
func slug(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}
