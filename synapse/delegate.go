package synapse

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// File is one configuration file of Synapse.
type File struct {
	// Name is how the file is called in findings and changes, such as "homeserver.yaml".
	Name string
	// Data is its content. It is never changed.
	Data []byte
}

// Format implements [fmt.Formatter]: it shows the name and the size, never the
// content, which holds secrets. Marshalling a File to JSON writes the content out.
func (f File) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "%s (%d bytes)", f.Name, len(f.Data)) // a failed write to a fmt.State has no one to tell
}

// Delegate says how a homeserver hands authentication to MAS.
type Delegate struct {
	// Site gives the address of MAS as Synapse reaches it, MASURL, which is
	// required, and the server name, which is compared with that of the files if
	// it is given. The other addresses are not used.
	Site maskit.Site
	// SecretPath is where the file with the shared secret is mounted, as each
	// Synapse process sees it: an absolute path. Required. The secret itself is
	// never written into the configuration.
	SecretPath string
	// SynapseVersion and MASVersion are the versions in use. The zero value means
	// not known: then nothing is refused for its age.
	SynapseVersion, MASVersion maskit.Version
	// Removal says what becomes of the text of removed settings.
	Removal Removal
	// ForceHTTP2 makes Synapse speak HTTP/2 without TLS to MAS, whatever stands
	// in between must do so too. Needs Synapse 1.151. If false, what the file says stays.
	ForceHTTP2 bool
}

// Removal says what becomes of the text of a removed setting.
type Removal int

const (
	// RemovalCommentOut turns it into comments, below one that says why. What holds a
	// secret, shares its line with something else, or never counted because the key
	// stands again below, is deleted. The zero value.
	RemovalCommentOut Removal = iota
	// RemovalDelete drops it.
	RemovalDelete
)

// Validate checks the settings themselves, against each other and the versions.
// The paths are those of the fields in lower case. Of Site it judges the address of
// MAS, and the server name if it is given; [maskit.Site.Validate] judges all of it.
func (d Delegate) Validate() maskit.Problems {
	problems := maskit.CheckVersions(d.MASVersion, d.SynapseVersion)
	for _, p := range d.Site.Validate() {
		if p.Path == "mas_url" || p.Path == "server_name" && d.Site.ServerName != "" {
			p.Path = "site." + p.Path
			problems = append(problems, p)
		}
	}
	problems = append(problems, d.checkSecretPath()...)
	if d.ForceHTTP2 && before(d.SynapseVersion, sinceForceHTTP2()) {
		problems = append(problems, maskit.Problem{
			Path: "force_http2", Code: "unsupported-by-version",
			Message: fmt.Sprintf("Synapse %s ignores force_http2, which came with %s", d.SynapseVersion, sinceForceHTTP2()),
			Hint:    "upgrade Synapse, or leave it out",
		})
	}
	if u, err := url.Parse(d.Site.DelegationEndpoint()); err == nil && u.Path != "/" && is(d.SynapseVersion, 142, 0) {
		problems = append(problems, maskit.Problem{
			Path: "site.mas_url", Code: "endpoint-path-broken",
			Message: "Synapse 1.142.0 cannot reach MAS below a path",
			Hint:    "upgrade Synapse to 1.142.1 or later",
		})
	}
	return problems
}

func (d Delegate) checkSecretPath() maskit.Problems {
	bad := func(code, message, hint string) maskit.Problems {
		return maskit.Problems{{Path: "secret_path", Code: code, Message: message, Hint: hint}}
	}
	switch {
	case d.SecretPath == "":
		return bad("required", "the path of the file with the shared secret is missing", "such as /run/secrets/mas/shared-secret")
	case !strings.HasPrefix(d.SecretPath, "/"):
		return bad("path-not-absolute", "is not an absolute path, so it would depend on where Synapse is started", "write it from / on")
	case strings.ContainsFunc(d.SecretPath, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return bad("path-invalid", "holds a control character", "")
	case strings.HasSuffix(d.SecretPath, "/"):
		return bad("path-invalid", "names a directory, and Synapse does not start with it", "name the file in it")
	case is(d.SynapseVersion, 142, 0) && (d.SynapseVersion.Pre == "rc1" || d.SynapseVersion.Pre == "rc2" || d.SynapseVersion.Pre == "rc3"):
		return bad("secret-path-broken", "Synapse 1.142.0rc1 to rc3 refuse every secret_path", "upgrade Synapse to 1.142.0 or later")
	}
	return nil
}
