package mas

// Passwords is the section passwords.
type Passwords struct {
	// Enabled allows logins by password. Default: true.
	Enabled Opt[bool] `yaml:"enabled"`
	// Schemes are the hashing schemes; the one with the highest version hashes new
	// passwords, the others verify old ones. Default: version 1, argon2id.
	Schemes []PasswordScheme `yaml:"schemes"`
	// MinimumComplexity is the zxcvbn score, 0 to 4, that a new password needs; the
	// only strength rule there is. Default: 3.
	MinimumComplexity Opt[uint8] `yaml:"minimum_complexity" since:"0.10"`
}

// PasswordScheme is one way of hashing passwords.
type PasswordScheme struct {
	// Version names the scheme in the database; unique. Required.
	Version uint16 `yaml:"version"`
	// Algorithm hashes. Required.
	Algorithm PasswordAlgorithm `yaml:"algorithm"`
	// UnicodeNormalization applies NFKC first, as Synapse did for its hashes.
	UnicodeNormalization bool `yaml:"unicode_normalization" since:"0.17"`
	// Cost is the bcrypt cost, 4 to 31; only for bcrypt. Default: 12.
	Cost Opt[uint32] `yaml:"cost" null:"absent"`
	// Secret is the pepper. MAS takes the file byte for byte: a final newline changes
	// the pepper in silence.
	Secret SecretValue `yaml:"secret" file:"secret_file" filesince:"0.9" null:"absent"`
}

// PasswordAlgorithm is a password hash.
type PasswordAlgorithm string

// The algorithms.
const (
	Argon2id PasswordAlgorithm = "argon2id"
	Bcrypt   PasswordAlgorithm = "bcrypt"
	PBKDF2   PasswordAlgorithm = "pbkdf2"
)

func (PasswordAlgorithm) values() []string { return []string{"argon2id", "bcrypt", "pbkdf2"} }
