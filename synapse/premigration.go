package synapse

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// LegacyName is how the file of [PreMigration] is called.
const LegacyName = "premigration.yaml"

// Legacy is what a homeserver that authenticates people itself hands over to MAS.
type Legacy struct {
	// File is the whole configuration as one file, for "mas-cli syn2mas
	// --synapse-config": merged as Synapse merges its files (mas-cli merges several
	// by other rules), and written so that mas-cli reads what Synapse reads. It holds
	// every secret of the configuration.
	File File `json:"-"`
	// ServerName is the server name.
	ServerName string
	// PublicBaseURL is public_baseurl as Synapse uses it, with a final slash; by
	// default that of the server name.
	PublicBaseURL string
	// Pepper is password_config.pepper, which MAS needs as the secret of its bcrypt
	// scheme; the zero value if there is none.
	Pepper maskit.Secret
	// BcryptRounds is the cost of the password hashes; Synapse's default is 12.
	BcryptRounds int
	// Passwords is the use of passwords.
	Passwords PasswordUse
	// LocalPasswords is password_config.localdb_enabled, by default true: whether
	// Synapse checks passwords by hashes of its own.
	LocalPasswords bool
	// OIDC are the OpenID Connect providers, in Synapse's order: oidc_providers, then
	// oidc_config if it is enabled.
	OIDC []OIDCProvider
	// CAS, SAML and JWT say whether people log in by these, which MAS cannot do.
	CAS, SAML, JWT bool
	// Registration says whether people may register.
	Registration bool
	// GuestAccess, ThreePIDChanges and LoginViaExistingSession are settings with which
	// syn2mas refuses to work; each is a problem, too.
	GuestAccess, ThreePIDChanges, LoginViaExistingSession bool
	// Captcha is asked of people who register; nil if none is.
	Captcha *Captcha
	// UserConsent is asked to the terms; nil if none is.
	UserConsent *UserConsent
	// Database is the database of the accounts.
	Database Database
}

// PasswordUse is what Synapse lets people do with their passwords.
type PasswordUse string

const (
	// PasswordsForLogin is Synapse's default.
	PasswordsForLogin PasswordUse = "login"
	// PasswordsForReauth lets people confirm what they do, but not log in ("only_for_reauth").
	PasswordsForReauth PasswordUse = "reauth"
	// PasswordsOff lets them do nothing.
	PasswordsOff PasswordUse = "off"
)

// PreMigration reads what must be carried over to MAS, from the files that Synapse
// loads, in its order, as they were before MAS: what [Delegate.Patch] removed is
// restored by [Revert]. Secrets that stand in files of their own are given as
// paths; nothing is opened.
//
// An error among the problems means that syn2mas refuses the File, or that Synapse
// would not start with the files. A warning names what MAS does otherwise, or not
// at all, and what to do about it. An info tells where the File says otherwise
// than the files, so that syn2mas can read it ("adapted"). If a file cannot be read
// there is no File.
func PreMigration(files []File) (Legacy, maskit.Problems) {
	docs, problems := load(files)
	if problems.Err() != nil {
		return Legacy{}, problems.Sorted()
	}
	whole, found := merge(docs)
	problems = append(problems, found...)
	if whole == nil {
		return Legacy{}, problems.Sorted()
	}
	r := legacyReader{root: whole}
	legacy := r.read()
	problems = append(append(problems, r.problems...), adapt(whole)...)
	legacy.File = File{Name: LegacyName, Data: []byte(legacyText(whole))}
	return legacy, uniqueProblems(problems).Sorted()
}

// uniqueProblems drops the second of two problems with one value: what has the
// wrong type for Synapse has it for syn2mas.
func uniqueProblems(problems maskit.Problems) maskit.Problems {
	seen := map[[2]string]bool{}
	var kept maskit.Problems
	for _, p := range problems {
		id := [2]string{p.Path, p.Code}
		if p.Code == "wrong-type" && seen[id] {
			continue
		}
		seen[id] = true
		kept = append(kept, p)
	}
	return kept
}

func legacyText(whole *datum) string {
	var w yamlWriter
	w.text.WriteString("# Synapse's configuration from before MAS, in one file, for syn2mas.\n" +
		"# Made by maskit. It holds every secret of the configuration.\n")
	w.block(whole, "")
	return w.text.String()
}

// legacyReader reads typed values from the merged configuration.
type legacyReader struct {
	root     *datum
	problems maskit.Problems
}

func (r *legacyReader) read() Legacy {
	var l Legacy
	l.ServerName = r.required("server_name")
	l.PublicBaseURL = r.publicBaseURL(l.ServerName)
	r.delegation()
	r.passwords(&l)
	r.registration(&l)
	r.otherLogins(&l)
	l.OIDC = r.providers()
	l.Captcha = r.captcha()
	l.UserConsent = r.userConsent()
	l.Database = r.database()
	return l
}

// report adds a problem with a value.
func (r *legacyReader) report(d *datum, p maskit.Problem) {
	if d != nil {
		p.Path, p.Pos = d.path, d.pos
	}
	r.problems = append(r.problems, p)
}

func (r *legacyReader) wrongType(d *datum, want string) {
	r.report(d, maskit.Problem{Code: "wrong-type", Message: "is not " + want + ", and Synapse does not work with it", Hint: "write one"})
}

func (r *legacyReader) required(key string) string {
	d := r.root.at(key)
	if d.isNull() {
		r.problems = append(r.problems, maskit.Problem{
			Path: key, Code: "required", Message: "no file sets it, and Synapse does not start without", Hint: "give all files that Synapse loads",
		})
		return ""
	}
	return r.textOf(d)
}

// textOf is a string; a value of another type is a problem.
func (r *legacyReader) textOf(d *datum) string {
	if !d.isNull() && d.scalar.Kind != yamledit.KindString {
		r.wrongType(d, "a string")
	}
	return d.text()
}

// secretOf is a secret; the zero value if none is set.
func (r *legacyReader) secretOf(d *datum) maskit.Secret {
	text := r.textOf(d)
	if text == "" {
		return maskit.Secret{}
	}
	return maskit.NewSecret(text)
}

// publicBaseURL is where clients reach Synapse.
func (r *legacyReader) publicBaseURL(serverName string) string {
	url := r.textOf(r.root.at("public_baseurl"))
	switch {
	case url == "" && serverName == "":
		return ""
	case url == "":
		url = "https://" + serverName
	}
	if url[len(url)-1] != '/' {
		url += "/"
	}
	return url
}

// delegation reports that MAS is in charge already.
func (r *legacyReader) delegation() {
	for _, d := range []*datum{r.root.at(sectionKey), r.root.at("experimental_features", "msc3861")} {
		if d.at("enabled").truthy() {
			r.report(d, maskit.Problem{
				Code: "already-delegated", Severity: maskit.SeverityWarning,
				Message: "Synapse delegates to MAS already, so settings from before may be gone: identity providers, the pepper, registration",
				Hint:    "give the files as they were before; what Patch changed, Revert restores by its Undo",
			})
		}
	}
}
