package upstreamtest

import (
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// Config describes the module to [Run].
type Config struct {
	// New returns a valid provider with at least its required fields set, made anew on
	// every call. Set optional fields too, above all those that end up in templates.
	// Required.
	New func() upstream.Provider
	// Env is the deployment. Zero: that of [Env].
	Env upstream.Env
	// Golden is a YAML file that holds the expected entry. When the test binary
	// defines a boolean flag "update", and it is set, the file is written instead.
	// Empty: no such check.
	Golden string
}

// Env returns a deployment to test with.
func Env() upstream.Env {
	return upstream.Env{
		Site: maskit.Site{
			ServerName:   "example.com",
			AccountURL:   "https://account.example.com/",
			ClientAPIURL: "https://matrix.example.com/",
			SynapseURL:   "http://synapse.matrix.svc.cluster.local:8008/",
			MASURL:       "http://mas.matrix.svc.cluster.local:8080/",
		},
		ID: "01JSHPZHAXC50QBKH67MH33TNF",
	}
}

// Run checks the provider against the contract, each part in a subtest of its own.
func Run(t *testing.T, c Config) {
	t.Helper()
	if c.New == nil {
		t.Fatal("upstreamtest: Config.New is nil")
	}
	if c.Env == (upstream.Env{}) {
		c.Env = Env()
	}
	t.Run("Kind", c.testKind)
	t.Run("Valid", c.testValid)
	t.Run("ID", c.testID)
	t.Run("Deterministic", c.testDeterministic)
	t.Run("RoundTrip", c.testRoundTrip)
	t.Run("Secrets", c.testSecrets)
	t.Run("HostileStrings", c.testHostileStrings)
	t.Run("Claims", c.testClaims)
	t.Run("Subject", c.testSubject)
	t.Run("SetupSteps", c.testSetupSteps)
	if c.Golden != "" {
		t.Run("Golden", c.testGolden)
	}
}

// entry returns the entry of a provider that must be valid.
func (c Config) entry(t *testing.T) upstream.Entry {
	t.Helper()
	entry, problems := c.New().Entry(c.Env)
	if err := problems.Err(); err != nil {
		t.Fatalf("the provider of Config.New has problems:\n%v", err)
	}
	return entry
}

// configWith is a configuration of MAS that holds nothing but the entries.
func configWith(entries ...upstream.Entry) *mas.Config {
	return &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: entries}}
}

func same(a, b []upstream.Entry) bool { return configWith(a...).Equal(configWith(b...)) }
