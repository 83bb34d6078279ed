package upstreamtest

import (
	"crypto"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// User is a person at an [IDP].
type User struct {
	// Name is what the person enters to log in. Required.
	Name string
	// Claims stand in the ID token and in userinfo whatever the scope, as they are: nil
	// gives null. The claim sub is the name unless it stands here. Those of the protocol,
	// such as iss, cannot be set.
	Claims map[string]any
	// CallbackParameters are sent along with the code, as Apple does with the name of a
	// person on the first login. Default: none.
	CallbackParameters map[string]string
}

// Client is a client of an [IDP].
type Client struct {
	// ID is the client_id. Required.
	ID string
	// Secret is the client_secret. Required for the client_secret_* methods.
	Secret maskit.Secret
	// AuthMethod is the only way in which the client may authenticate. Default: either of
	// client_secret_basic and client_secret_post.
	AuthMethod mas.AuthMethod
	// PublicKeys verify private_key_jwt. Default: those that JWKSURI has.
	PublicKeys []crypto.PublicKey
	// JWKSURI is where the keys of the client are. It is asked on each request.
	JWKSURI string
	// RedirectURIs are compared byte for byte.
	RedirectURIs []string
	// RequirePKCE refuses authorization requests without a code challenge. Default: no.
	RequirePKCE bool
	// BackchannelLogoutURI gets logout tokens. Default: none are sent.
	BackchannelLogoutURI string
}

// ClientFor is the client that the entry describes, as an administrator who followed the
// setup steps would register it. A secret that the entry has in a file is missing: set it.
func ClientFor(entry upstream.Entry, env upstream.Env) Client {
	c := Client{
		ID: entry.ClientID, Secret: entry.ClientSecret.Inline, AuthMethod: entry.TokenEndpointAuthMethod,
		RedirectURIs: []string{env.CallbackURL()}, BackchannelLogoutURI: env.BackchannelLogoutURL(),
	}
	if c.AuthMethod == mas.AuthPrivateKeyJWT {
		c.JWKSURI = env.JWKSURL()
	}
	return c
}

// session is a person who is logged in at a browser.
type session struct {
	id      string
	user    string
	since   time.Time
	clients map[string]bool // to which it logged in
}

// grant is what a person granted a client, from the code on.
type grant struct {
	client, user, sid string
	since             time.Time // of the session
	redirectURI       string
	nonce, scope      string
	challenge         string
	expires           time.Time
}

// pushedRequest is an authorization request that waits for a browser, or for a login.
type pushedRequest struct {
	client     string
	parameters map[string][]string
	expires    time.Time
}

const (
	codeLife    = time.Minute
	pushLife    = time.Minute
	tokenLife   = 5 * time.Minute
	cookieName  = "upstreamtest-session"
	requestURIs = "urn:ietf:params:oauth:request_uri:"
)
