package github

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream/oidc"
)

// isServer reports whether the host is a GitHub Enterprise Server.
func (c Config) isServer() bool {
	return c.host() != publicHost && !strings.HasSuffix(c.host(), ".ghe.com")
}

// endpoints are those of the host. The API has a host of its own everywhere but on a server.
func (c Config) endpoints() oidc.Endpoints {
	login := "https://" + c.host() + "/login/oauth/"
	user := "https://api." + c.host() + "/user"
	if c.isServer() {
		user = "https://" + c.host() + "/api/v3/user"
	}
	return oidc.Endpoints{Authorization: login + "authorize", Token: login + "access_token", Userinfo: user}
}
