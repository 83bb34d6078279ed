package rauthy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a client of Rauthy.
type Config struct {
	// URL is where people reach Rauthy, without /auth/v1. Required.
	URL string `yaml:"url"`
	// Before035 says that Rauthy is older than 0.35, whose issuer has no final slash.
	Before035 bool `yaml:"before_0_35"`
	// Client is MAS's client. Its secret is required.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is client_secret_basic or client_secret_post. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules].
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "rauthy" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Required("url", c.URL, "the address of Rauthy, such as https://sso.example.com"),
		check.Server("url", c.URL),
		c.pathProblems(),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost),
	)
}

// pathProblems refuses the issuer itself, which would get its path twice.
func (c Config) pathProblems() maskit.Problems {
	if !strings.Contains(c.URL, issuerPath) {
		return nil
	}
	return maskit.Problems{{
		Path: "url", Code: "url-is-issuer", Message: "is the issuer, not the address of Rauthy", Hint: "remove " + issuerPath + " and what follows",
	}}
}

const issuerPath = "/auth/v1"

// oidc is Rauthy as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Source{Claim: []string{"groups"}, Scope: "groups"},
			Roles:   claims.From(claims.ShapeList, "roles"),
			Domains: claims.From(claims.ShapeAddress, "email"),
		},
		Claims: c.Claims,
	}
}

func (c Config) issuer() string {
	issuer := strings.TrimRight(c.URL, "/") + issuerPath
	if c.Before035 {
		return issuer
	}
	return issuer + "/"
}
