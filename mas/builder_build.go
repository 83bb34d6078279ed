package mas

import (
	"slices"

	"github.com/maskit-dev/maskit"
)

// Build returns the configuration, or nil and all problems if any of them is an
// error: those of the site, of the intents, and of the configuration that results
// (see [Config.Validate], with no file system). Warnings come with the configuration.
//
// Paths are those of the configuration, but for what is not in it: "site.account_url",
// "identity", "capacity.pool_size". A value that is wrong at its source is reported
// there alone.
func (b *Builder) Build() (*Config, maskit.Problems) {
	capacity := b.capacity.check(b.asked.Database)
	config, limits := b.assemble(capacity.Err() == nil)
	problems := b.checkSite()
	problems = append(problems, b.missing()...)
	problems = append(problems, capacity...)
	problems = append(problems, limits...)
	problems = append(problems, b.checkProviders()...)
	derived := config.Validate(ValidateOptions{MASVersion: b.version})
	problems = append(problems, b.withoutDerived(derived, problems)...).Accept(b.accepted...)
	if problems.Err() != nil {
		return nil, problems
	}
	return config, problems
}

func (b *Builder) checkSite() maskit.Problems {
	problems := b.site.Validate()
	for i := range problems {
		problems[i].Path = "site." + problems[i].Path
	}
	return problems
}

// assemble puts the intents, what is derived, and the defaults together. A capacity that
// cannot be is left out, so that it leads to no problems of its own.
func (b *Builder) assemble(withCapacity bool) (*Config, maskit.Problems) {
	capacity := b.capacity
	if !withCapacity {
		capacity = Capacity{}
	}
	c := b.asked.Clone()
	b.addHTTP(c)
	addDatabase(c, capacity)
	c.Matrix = Matrix{
		// "synapse" alone meant the legacy API before MAS 1.0. The explicit name came
		// with 0.20, the oldest version that this SDK takes.
		Kind:       HomeserverSynapseModern,
		Homeserver: b.site.ServerName,
		Secret:     SecretValue{Inline: b.identity.SharedSecret},
		Endpoint:   b.site.SynapseURL,
	}
	c.Secrets = Secrets{
		Encryption: SecretValue{Inline: b.identity.EncryptionKey},
		Keys:       slices.Clone(b.identity.SigningKeys),
	}
	addPasswords(c)
	addMetrics(c)
	return c, capacity.divide(c)
}

// addPasswords switches passwords off unless they were asked for. MAS has them on.
func addPasswords(c *Config) {
	if c.Passwords == nil {
		c.Passwords = &Passwords{Enabled: Set(false)}
	}
	if c.Passwords.Enabled.Or(true) {
		return
	}
	if c.Account == nil {
		c.Account = &Account{}
	}
	// MAS allows changing a password by default.
	if c.Account.PasswordChangeAllowed.IsZero() {
		c.Account.PasswordChangeAllowed = Set(false)
	}
}

// addMetrics exports metrics to Prometheus unless something else was asked for. MAS
// exports none by default.
func addMetrics(c *Config) {
	if c.Telemetry == nil {
		c.Telemetry = &Telemetry{}
	}
	if c.Telemetry.Metrics == nil {
		c.Telemetry.Metrics = &Metrics{}
	}
	if c.Telemetry.Metrics.Exporter == "" {
		c.Telemetry.Metrics.Exporter = MetricsPrometheus
	}
}

// withoutDerived drops the problems of the configuration whose cause was found at
// its source: one mistake is one problem. What was accepted at its source explains
// nothing: the caller sees what it leads to.
func (b *Builder) withoutDerived(derived, sources maskit.Problems) maskit.Problems {
	sources = sources.Accept(b.accepted...)
	tooOld := slices.ContainsFunc(derived.Accept(b.accepted...).Only(maskit.SeverityError), func(p maskit.Problem) bool { return p.Code == "mas-too-old" })
	return slices.DeleteFunc(derived, func(p maskit.Problem) bool {
		return tooOld && p.Code == "unsupported-by-version" ||
			slices.ContainsFunc(sources, func(source maskit.Problem) bool { return follows(p, source) })
	})
}

// follows reports whether a problem of the configuration says again what one of its
// source has said. A source that is wrong explains everything that is made from it;
// one with a warning explains that warning alone.
func follows(p, source maskit.Problem) bool {
	if source.Severity != maskit.SeverityError && (source.Code != p.Code || p.Severity < source.Severity) {
		return false
	}
	return slices.ContainsFunc(derivedFrom(source.Path), func(prefix string) bool { return within(p.Path, prefix) })
}

// derivedFrom lists the paths of the configuration that are made from the input at path.
func derivedFrom(path string) []string {
	switch path {
	case "site.server_name":
		return []string{"matrix.homeserver"}
	case "site.synapse_url":
		return []string{"matrix.endpoint"}
	case "site.account_url":
		return []string{"http.public_base", "http.issuer"}
	case "http.listeners":
		return []string{"http.listeners"}
	case "identity":
		return []string{"secrets", "matrix.secret"}
	}
	return nil
}
