package mas

import "github.com/maskit-dev/maskit"

// Client is one entry of clients: an OAuth 2.0 client known from the start.
type Client struct {
	// ClientID is the id, a ULID. Required.
	ClientID maskit.ULID `yaml:"client_id"`
	// ClientAuthMethod is how the client authenticates. Required.
	ClientAuthMethod AuthMethod `yaml:"client_auth_method"`
	// ClientName is shown to people.
	ClientName string `yaml:"client_name" since:"0.16" null:"absent"`
	// ClientURI is the client's home page.
	ClientURI string `yaml:"client_uri" since:"1.22" null:"absent"`
	// ClientSecret is required for the client_secret_* methods, forbidden for the
	// others. MAS drops white space around the file's content.
	ClientSecret SecretValue `yaml:"client_secret" file:"client_secret_file" filesince:"1.0" trim:"space" null:"absent"`
	// JWKS are the public keys of a private_key_jwt client, as a JWK Set (RFC 7517);
	// or JWKSURI.
	JWKS map[string]any `yaml:"jwks" null:"absent"`
	// JWKSURI is where they are published.
	JWKSURI string `yaml:"jwks_uri" null:"absent"`
	// RedirectURIs are where the client may be redirected to.
	RedirectURIs []string `yaml:"redirect_uris"`
}
