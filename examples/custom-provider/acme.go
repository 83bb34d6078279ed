// Package acme teaches maskit a provider that it does not come with: the sign-in service
// of Acme. It is a module of its own, as a third party would publish it.
//
//	registry := all.Registry()
//	err := registry.Add("acme", func() upstream.Provider { return new(acme.Config) })
package acme

import (
	"regexp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a tenant of Acme.
type Config struct {
	// Tenant is the name of the tenant, as its address has it. Required.
	Tenant string `yaml:"tenant"`
	// Client is MAS's client in the tenant.
	Client oidc.Client `yaml:",inline"`
	// Claims says what becomes of the claims.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "acme" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config: oidc.Config{
			Client:     c.Client.WithHumanName("Acme"),
			Issuer:     "https://" + c.Tenant + ".acme.example/", // Acme's tokens have the slash
			AuthMethod: mas.AuthClientSecretPost,
			Claims:     c.Claims,
			Sources:    claims.Sources{Groups: claims.From(claims.ShapeWords, "teams")}, // "red;blue"
		},
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	if regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(c.Tenant) {
		return nil
	}
	return maskit.Problems{{
		Path: "tenant", Code: "tenant-invalid", Message: "is not the name of a tenant of Acme",
		Hint: "the first part of its address: red-cars of https://red-cars.acme.example",
	}}
}

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	return []upstream.Step{{
		Title: "Create an application in the tenant " + c.Tenant,
		Settings: []upstream.Setting{
			{Name: "Callback", Value: env.CallbackURL()},
			{Name: "Logout callback", Value: env.BackchannelLogoutURL()},
		},
	}}
}
