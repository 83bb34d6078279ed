package keycloak

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
)

// secretPlace is a secret of a spec, and the setting that names a file for it.
type secretPlace struct {
	path  string
	value *maskit.Secret
	file  *string
}

// secretPlaces are all secrets of the spec, which it shares with s.
func (s *Spec) secretPlaces() []secretPlace {
	places := []secretPlace{{"client.secret", &s.Client.Secret, &s.Client.SecretFile}}
	for i := range s.Users {
		places = append(places, secretPlace{fmt.Sprintf("users[%d].password", i), &s.Users[i].Password, &s.Users[i].PasswordFile})
	}
	for i := range s.IdentityProviders {
		p := &s.IdentityProviders[i]
		places = append(places, secretPlace{fmt.Sprintf("identity_providers[%d].secret", i), &p.Secret, &p.SecretFile})
	}
	for i := range s.LDAP {
		l := &s.LDAP[i]
		places = append(places, secretPlace{fmt.Sprintf("ldap[%d].bind_credential", i), &l.BindCredential, &l.BindCredentialFile})
	}
	return places
}

// own gives the spec lists of its own, so that setting a secret in it sets it nowhere
// else.
func (s *Spec) own() {
	s.Users = slices.Clone(s.Users)
	s.IdentityProviders = slices.Clone(s.IdentityProviders)
	s.LDAP = slices.Clone(s.LDAP)
}

// ReadSecrets returns the spec with the secrets that it names files for; read is
// usually [maskit.SecretFromFile].
func (s Spec) ReadSecrets(read func(path string) (maskit.Secret, error)) (Spec, error) {
	s.own()
	for _, place := range s.secretPlaces() {
		if *place.file == "" {
			continue
		}
		secret, err := read(*place.file)
		if err != nil {
			return Spec{}, fmt.Errorf("keycloak: read %s: %w", place.path, err)
		}
		*place.value, *place.file = secret, ""
	}
	return s, nil
}

func (s Spec) validateFiles() maskit.Problems {
	var ps maskit.Problems
	for _, place := range s.secretPlaces() {
		if *place.file != "" && !place.value.IsZero() {
			ps = append(ps, maskit.Problem{Path: place.path + "_file", Code: "secret-twice", Message: "and the secret itself are both set", Hint: "keep one"})
		}
	}
	return ps
}

// UnknownSecrets lists the secrets that the realm has or needs and the spec does not have,
// as [Provisioner.Export] leaves it: Keycloak shows none but the client's. Without them a
// plan leaves alone what is there, and cannot make it anew.
func (s Spec) UnknownSecrets() maskit.Problems {
	var ps maskit.Problems
	unknown := func(path string, secret maskit.Secret, file string) {
		if secret.IsZero() && file == "" {
			ps = append(ps, maskit.Problem{
				Path: path, Code: "secret-unknown", Severity: maskit.SeverityInfo, Message: "is not known: Keycloak keeps the one that it has, and shows none",
				Hint: "give it, or a file, to have it in the spec as well",
			})
		}
	}
	if s.Client.Auth == ClientSecretAuth {
		unknown("client.secret", s.Client.Secret, s.Client.SecretFile)
	}
	for i, l := range s.LDAP {
		if l.BindDN.V != "" {
			unknown(fmt.Sprintf("ldap[%d].bind_credential", i), l.BindCredential, l.BindCredentialFile)
		}
	}
	for i, p := range s.IdentityProviders {
		if p.Type != ProviderSAML && p.OIDC.Auth != OIDCPrivateKeyJWT {
			unknown(fmt.Sprintf("identity_providers[%d].secret", i), p.Secret, p.SecretFile)
		}
	}
	return ps
}

// ready returns an error unless the spec is valid and has its secrets.
func (s Spec) ready() error {
	if err := s.Validate().Err(); err != nil {
		return err
	}
	for _, place := range s.secretPlaces() {
		if *place.file != "" {
			return fmt.Errorf("%s is in a file that was not read, see Spec.ReadSecrets: %w", place.path, maskit.ErrInvalid)
		}
	}
	return nil
}
