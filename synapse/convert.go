package synapse

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Converted is what [Delegate.Convert] makes.
type Converted struct {
	Patched
	// Secret is the old admin_token, or else the secret of a stable section, which is
	// the shared secret from now on: the caller puts it into the file at SecretPath,
	// and MAS has it as matrix.secret already. It is zero if the section in force
	// named a file.
	Secret maskit.Secret
	// SecretPath is the path that the new section names.
	SecretPath string
	// Legacy is what the old section said.
	Legacy MSC3861
}

// Convert makes files that delegate by experimental_features.msc3861, as Synapse
// up to 1.156 did, delegate by matrix_authentication_service: [Delegate.Patch]
// with the values of the old section where the Delegate has none. The endpoint is
// that of introspection_endpoint, or else of issuer, unless Site.MASURL is given;
// the secret stays the same, so nobody has to log in again. A file that
// admin_token_path names serves as it is, unless SecretPath is given.
//
// What the old section carried besides is reported, and needed no longer.
func (d Delegate) Convert(files []File) (Converted, maskit.Problems) {
	original, problems := load(files)
	if problems.Err() != nil {
		return Converted{}, capped(problems)
	}
	old, section, found, ok := original.readMSC3861()
	problems = append(problems, found...)
	if !ok {
		return Converted{}, capped(append(problems, maskit.Problem{
			Path: "experimental_features.msc3861", Code: "msc3861-missing",
			Message: "there is no section to convert", Hint: "use Patch",
		}))
	}
	d, found = d.complete(original, old, section)
	problems = append(problems, found...)
	for _, p := range d.Validate() {
		if p.Path != "site.mas_url" || d.Site.MASURL != "" { // else it is told already
			problems = append(problems, p)
		}
	}
	problems = append(problems, old.lint(section)...)
	if problems.Err() != nil {
		return Converted{Legacy: old}, capped(problems)
	}
	patched, found := d.patch(files, original)
	patched.Found = capped(slices.Concat(problems, patched.Found))
	converted := Converted{Patched: patched, Secret: original.sharedSecret(old), SecretPath: d.SecretPath, Legacy: old}
	return converted, capped(append(problems, found...))
}

// complete takes over what the Delegate does not say: from a stable section that
// is there already, or else from the old one.
func (d Delegate) complete(c config, old MSC3861, section setting) (Delegate, maskit.Problems) {
	problems := append(old.lintSecret(section), c.lintBoth(old, section)...)
	if endpoint, ok := c.find(sectionKey, "endpoint"); ok && d.Site.MASURL == "" && isHTTP(endpoint.Scalar().Text) {
		d.Site.MASURL = endpoint.Scalar().Text
	}
	d.Site.MASURL = cmp.Or(d.Site.MASURL, old.endpoint())
	if d.Site.MASURL == "" {
		problems = append(problems, section.problem("endpoint-unknown", "names neither an introspection_endpoint nor an issuer that is a URL", "give the address of MAS"))
	}
	if path, ok := c.find(sectionKey, "secret_path"); ok && d.SecretPath == "" {
		d.SecretPath = path.Scalar().Text
	}
	d.SecretPath = cmp.Or(d.SecretPath, old.AdminTokenPath)
	if old.AdminTokenPath != "" && d.SecretPath != old.AdminTokenPath {
		problems = append(problems, old.note(section, "admin_token_path", "names the file with the shared secret, which "+d.SecretPath+" must hold from now on"))
	}
	return d, problems
}

// sharedSecret is the secret in force, if it stands in the files: that of the old
// section, or else of a stable one, unless a file of the old section has it.
func (c config) sharedSecret(old MSC3861) maskit.Secret {
	secret, ok := c.find(sectionKey, "secret")
	if !old.AdminToken.IsZero() || !ok || !secret.Truthy() || old.AdminTokenPath != "" && !c.isStableAlone(old) {
		return old.AdminToken
	}
	return maskit.NewSecret(secret.Scalar().Text)
}

// isStableAlone reports whether the stable section is enabled, and the old one is not.
func (c config) isStableAlone(old MSC3861) bool {
	enabled, ok := c.find(sectionKey, "enabled")
	return ok && enabled.Truthy() && !old.Enabled
}

// lintBoth reports what does not fit beside a stable section.
func (c config) lintBoth(old MSC3861, section setting) maskit.Problems {
	var problems maskit.Problems
	if stable, ok := c.find(sectionKey, "enabled"); ok && stable.Truthy() && old.Enabled {
		p := section.problem("both-enabled", "stands beside an enabled "+sectionKey+", and Synapse does not start with both", "the new section stays, with its own endpoint and secret_path")
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
	}
	secret, ok := c.find(sectionKey, "secret")
	if ok && secret.Truthy() && !old.AdminToken.IsZero() && secret.Scalar().Text != old.AdminToken.Reveal() {
		problems = append(problems, secret.problem("secrets-differ", "is not the admin_token of the old section, and MAS has one of them", "remove the one that is not MAS's matrix.secret"))
	}
	if ok && secret.Truthy() && old.AdminTokenPath != "" {
		p := secret.problem("secrets-differ", "may not be what admin_token_path of the old section names, and MAS has one of them", "make sure that the file at the secret path holds MAS's matrix.secret")
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
	}
	return problems
}

// endpoint is MAS as Synapse reached it. MAS may stand below a path.
func (m MSC3861) endpoint() string {
	for _, text := range []string{m.IntrospectionEndpoint, m.Issuer} {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			continue
		}
		prefix, isMAS := strings.CutSuffix(u.Path, "oauth2/introspect")
		if !isMAS && text == m.IntrospectionEndpoint {
			prefix = ""
		}
		u.Path, u.RawQuery, u.Fragment = strings.TrimSuffix(prefix, "/")+"/", "", ""
		return u.String()
	}
	return ""
}

func (m MSC3861) lintSecret(section setting) maskit.Problems {
	switch {
	case !m.AdminToken.IsZero() && m.AdminTokenPath != "":
		return maskit.Problems{section.problem("both-set", "has both admin_token and admin_token_path, and Synapse does not start with both", "keep the one that MAS has as matrix.secret")}
	case m.AdminToken.IsZero() && m.AdminTokenPath == "":
		p := section.problem("secret-unknown", "has no admin_token to go on with as the shared secret", "put MAS's matrix.secret into the file at the secret path")
		p.Severity = maskit.SeverityWarning
		return maskit.Problems{p}
	}
	return nil
}

// lint reports what the old section carried, and what was wrong with it.
func (m MSC3861) lint(section setting) maskit.Problems {
	var problems maskit.Problems
	warn := func(code, message, hint string) {
		p := section.problem(code, message, hint)
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
	}
	if !m.Enabled {
		warn("msc3861-disabled", "is not enabled: Synapse did not delegate by it, and does from now on", "use it only if MAS has the users already")
	}
	hasSecret := !m.ClientSecret.IsZero() || m.ClientSecretPath != ""
	switch {
	case !m.ClientSecret.IsZero() && m.ClientSecretPath != "":
		warn("both-set", "has both client_secret and client_secret_path, with which Synapse did not start", "")
	case m.Enabled && m.ClientAuthMethod == "private_key_jwt" && m.JWK.IsZero():
		warn("msc3861-incomplete", "has no jwk for private_key_jwt, and Synapse did not start with it", "")
	case m.Enabled && strings.HasPrefix(m.ClientAuthMethod, "client_secret") && !hasSecret:
		warn("msc3861-incomplete", "has no client secret for "+m.ClientAuthMethod+", and Synapse did not start with it", "")
	}
	return append(problems, m.carried(section)...)
}

// carried lists the keys whose job is done otherwise.
func (m MSC3861) carried(section setting) maskit.Problems {
	var problems maskit.Problems
	for _, key := range []struct {
		name    string
		set     bool
		message string
	}{
		{"issuer", m.Issuer != "", "is discovered from MAS"},
		{"account_management_url", m.AccountManagementURL != "", "is discovered from MAS"},
		{"issuer_metadata", m.IssuerMetadata, "is discovered from MAS"},
		{"client_id", m.ClientID != "", "is needed no longer: the client can go from MAS (mas-cli config sync --prune) once no Synapse uses it"},
		{"client_secret", !m.ClientSecret.IsZero(), "is needed no longer"},
		{"client_secret_path", m.ClientSecretPath != "", "is needed no longer"},
		{"jwk", !m.JWK.IsZero(), "is needed no longer"},
	} {
		if key.set {
			problems = append(problems, m.note(section, key.name, key.message))
		}
	}
	return problems
}

func (m MSC3861) note(section setting, key, message string) maskit.Problem {
	return maskit.Problem{Path: section.Path + "." + key, Code: "msc3861-carried", Severity: maskit.SeverityInfo, Pos: section.Pos, Message: message}
}
