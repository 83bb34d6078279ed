package keycloak

import (
	"slices"

	"github.com/maskit-dev/maskit"
)

// Spec is what MAS needs at Keycloak, and what an enterprise expects around it. The
// zero value of each part leaves that part alone, as does the zero value of each
// setting inside.
type Spec struct {
	// Realm names the realm and holds its settings. The name is required.
	Realm Realm `yaml:"realm"`
	// BruteForce is what happens to accounts whose password is guessed at.
	BruteForce BruteForce `yaml:"brute_force"`
	// PasswordPolicy is what passwords must be like.
	PasswordPolicy PasswordPolicy `yaml:"password_policy"`
	// Events says which events are kept and reported.
	Events Events `yaml:"events"`
	// UserProfile declares user attributes.
	UserProfile UserProfile `yaml:"user_profile"`
	// Client is the client of MAS.
	Client Client `yaml:"client"`
	// MFA demands one-time codes.
	MFA MFA `yaml:"mfa"`
	// LDAP are directories whose people log in.
	LDAP []LDAP `yaml:"ldap"`
	// IdentityProviders are servers elsewhere with which people log in.
	IdentityProviders []IdentityProvider `yaml:"identity_providers"`
	// Groups exist.
	Groups []Group `yaml:"groups"`
	// Users are made if they do not exist, for tests. Existing ones are left alone.
	Users []User `yaml:"users"`
	// VerifyAs is the name of a user whose claims [Provisioner.Verify] looks at. Default:
	// the first of Users.
	VerifyAs string `yaml:"verify_as"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

// Validate reports everything that is wrong with the spec, without asking a server.
// The paths are those of the YAML form.
func (s Spec) Validate() maskit.Problems {
	problems := s.problems()
	return problems.Accept(s.acks(problems)...)
}

// acks are the acknowledgements that concern any of the problems. Others may be about
// what only the server knows.
func (s Spec) acks(problems maskit.Problems) []maskit.Ack {
	var acks []maskit.Ack
	for _, ack := range s.Acknowledge {
		if slices.ContainsFunc(problems, func(p maskit.Problem) bool { return p.Code == ack.Code }) {
			acks = append(acks, ack)
		}
	}
	return acks
}

func (s Spec) problems() maskit.Problems {
	var problems maskit.Problems
	for _, part := range []struct {
		path  string
		check func() maskit.Problems
	}{
		{"realm", s.Realm.validate},
		{"brute_force", s.BruteForce.validate},
		{"password_policy", s.PasswordPolicy.validate},
		{"events", s.Events.validate},
		{"user_profile", s.UserProfile.validate},
		{"client", s.Client.validate},
		{"", s.validateBypasses},
		{"mfa", s.validateMFA},
		{"ldap", s.validateLDAP},
		{"identity_providers", s.validateProviders},
		{"groups", s.validateGroups},
		{"users", s.validateUsers},
		{"", s.validateFiles},
	} {
		problems = append(problems, below(part.path, part.check())...)
	}
	return problems
}

// below puts the paths of problems below another path.
func below(path string, problems maskit.Problems) maskit.Problems {
	for i, p := range problems {
		switch {
		case path == "":
		case p.Path == "":
			problems[i].Path = path
		case p.Path[0] == '[':
			problems[i].Path = path + p.Path
		default:
			problems[i].Path = path + "." + p.Path
		}
	}
	return problems
}

func missing(path, hint string) maskit.Problem {
	return maskit.Problem{Path: path, Code: "required", Message: "is missing", Hint: hint}
}
