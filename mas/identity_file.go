package mas

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// identityVersion is the version of the format of identity.yaml.
const identityVersion = 1

const identityHeader = `What was made once for this deployment and cannot be made again. Keep it secret
(mode 0600) and keep a backup.
Never change encryption_key and the ids of the providers: the secrets of registered
clients and the links of all users depend on them. Of several signing keys for one
algorithm the last signs.`

// identityFile is identity.yaml.
type identityFile struct {
	Version       int                    `yaml:"version"`
	EncryptionKey maskit.Secret          `yaml:"encryption_key"`
	SharedSecret  maskit.Secret          `yaml:"shared_secret"`
	SigningKeys   []SigningKey           `yaml:"signing_keys"`
	Providers     map[string]maskit.ULID `yaml:"providers"`
}

// Encode returns the text of identity.yaml, which [ParseIdentity] reads. It is a
// secret as a whole: write what Reveal returns to a file of mode 0600. An identity
// that would not be accepted there is an error, which matches [maskit.ErrInvalid].
func (i Identity) Encode() (maskit.Secret, error) {
	if err := i.Validate().Err(); err != nil {
		return maskit.Secret{}, fmt.Errorf("mas: encode identity: %w", err)
	}
	node, err := strictyaml.Build(identityFile{identityVersion, i.EncryptionKey, i.SharedSecret, i.SigningKeys, i.Providers})
	if err != nil {
		return maskit.Secret{}, fmt.Errorf("mas: encode identity: %w", err)
	}
	text, err := strictyaml.Write(node, identityHeader)
	if err != nil {
		return maskit.Secret{}, fmt.Errorf("mas: encode identity: %w", err)
	}
	return maskit.NewSecret(string(text)), nil
}

// ParseIdentity reads identity.yaml; name is for the positions of problems.
// Everything that is wrong is reported at once: unknown keys, wrong types, another
// version of the format, and what [Identity.Validate] finds. The identity is what
// could be read: use it only if the problems hold no error.
func ParseIdentity(name string, data []byte) (Identity, maskit.Problems) {
	node, problems := strictyaml.Load(name, data)
	if node == nil && problems.Err() != nil {
		return Identity{}, problems
	}
	if node == nil || node.Kind == strictyaml.Mapping && len(node.Fields) == 0 {
		return Identity{}, maskit.Problems{{
			Code: "empty-file", Message: "the identity is empty", Pos: maskit.Pos{File: name},
			Hint: "restore it from a backup: its keys cannot be made again",
		}}
	}
	var file identityFile
	where, found := strictyaml.Decode(node, &file, strictyaml.Options{})
	problems = append(problems, found...)
	identity := Identity{file.EncryptionKey, file.SharedSecret, file.SigningKeys, file.Providers}
	invalid := append(checkIdentityVersion(file.Version), identity.Validate()...)
	for _, p := range positions(where).fill(invalid) {
		if !slices.ContainsFunc(problems, func(q maskit.Problem) bool { return within(p.Path, q.Path) }) {
			problems = append(problems, p)
		}
	}
	for n := range problems {
		problems[n].Pos.File = name // also of what is missing
	}
	return identity, problems
}

func checkIdentityVersion(version int) maskit.Problems {
	if version == identityVersion {
		return nil
	}
	return maskit.Problems{{
		Path: "version", Code: "identity-version",
		Message: fmt.Sprintf("the format has version %d, this program reads version %d", version, identityVersion),
		Hint:    "use the program that wrote it, or a newer one; do not edit the number",
	}}
}
