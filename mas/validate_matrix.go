package mas

import (
	"strings"
	"unicode"

	"github.com/maskit-dev/maskit"
)

// minSharedSecret is the length of the secret that "mas-cli config generate" makes.
const minSharedSecret = 32

// matrix checks the section matrix: configuration reference of MAS 1.22, "matrix".
func (c *checker) matrix() {
	const at place = "matrix"
	m := c.config.Matrix
	c.homeserver(at.key("homeserver"), m.Homeserver)
	c.homeserverKind(at.key("kind"), m.Kind)
	c.sharedSecret(at, m.Secret)
	if m.Endpoint == "" {
		return
	}
	if u, ok := c.baseURL(at.key("endpoint"), m.Endpoint); ok {
		c.slash(at.key("endpoint"), u)
	}
}

// homeserver checks the server name, which becomes a part of every user id and
// can never be changed.
func (c *checker) homeserver(at place, name string) {
	for _, p := range (maskit.Site{ServerName: name}).Validate() {
		if p.Path == "server_name" {
			c.add(p.Severity, at, p)
		}
	}
}

func (c *checker) homeserverKind(at place, kind HomeserverKind) {
	switch kind {
	case "", HomeserverSynapse:
		if !c.version.AtLeast(maskit.Version{Major: 1}) {
			c.warn(at, "kind-legacy", "means the admin API of Synapse before MAS 1.0", "set it to synapse_modern")
		}
	case HomeserverSynapseLegacy:
		c.warn(at, "kind-legacy", "uses the admin API of Synapse, not the one made for MAS", "set it to synapse_modern")
	case HomeserverSynapseReadOnly:
		c.warn(at, "kind-read-only", "makes no change at the homeserver: no user and no device is created there", "set it to synapse_modern, unless this is a test with somebody else's homeserver")
	}
}

func (c *checker) sharedSecret(at place, v SecretValue) {
	if v.IsZero() {
		c.required(at.key("secret"), "set secret or secret_file, with the value that Synapse has")
		return
	}
	secret, ok := c.value(at.key("secret"))
	if !ok {
		return
	}
	at = secret.at
	text := secret.value.Reveal()
	switch {
	case strings.ContainsFunc(text, unicode.IsControl):
		c.fail(at, "secret-control-character", "holds a newline or another control character, which cannot be sent in a header", "generate a secret without any")
	case strings.TrimSpace(text) != text:
		c.fail(at, "secret-space", "starts or ends with white space, which is a part of it here and is dropped from a file", "remove the white space, here and at Synapse")
	case len(text) < minSharedSecret:
		c.warn(at, "secret-short", "has fewer than 32 characters", "generate a longer one, such as openssl rand -hex 32 prints")
	}
}
