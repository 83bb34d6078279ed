// Package vendortest holds what the tests of all vendor modules have in common.
package vendortest

import (
	"flag"
	"slices"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

var _ = flag.Bool("update", false, "write the golden files")

// Client is the least that a client with a secret needs.
func Client() oidc.Client {
	return oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret("0bd4f7b1c5d14e4b")}}
}

// FullClient has every setting that goes with any provider.
func FullClient(scopes ...string) oidc.Client {
	return oidc.Client{
		ID:                        "matrix",
		Secret:                    mas.SecretValue{File: "/run/secrets/provider"},
		HumanName:                 "Example",
		Scopes:                    scopes,
		AuthorizationParameters:   map[string]string{"ui_locales": "de"},
		ForwardLoginHint:          true,
		ReauthenticateAfterLogout: true,
		RegistrationTokenRequired: true,
		SynapseIDPID:              "oidc-provider",
	}
}

// Conformance runs the suite on each provider, against testdata/<name>.yaml.
func Conformance(t *testing.T, providers map[string]func() upstream.Provider) {
	t.Helper()
	for name, provider := range providers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstreamtest.Run(t, upstreamtest.Config{New: provider, Golden: "testdata/" + name + ".yaml"})
		})
	}
}

// Entry returns the entry of a provider that has no errors.
func Entry(t *testing.T, provider upstream.Provider) upstream.Entry {
	t.Helper()
	entry, problems := provider.Entry(upstreamtest.Env())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return entry
}

// Case is a valid configuration with one change, and what is to be reported.
type Case[C upstream.Provider] struct {
	change func(*C)
	want   []string
}

// When makes a case. The problems are wanted in their order: "error client_id required".
func When[C upstream.Provider](change func(*C), want ...string) Case[C] {
	return Case[C]{change: change, want: want}
}

// Problems runs the cases.
func Problems[C upstream.Provider](t *testing.T, valid func() C, cases map[string]Case[C]) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := valid()
			c.change(&config)
			_, problems := config.Entry(upstreamtest.Env())
			var got []string
			for _, p := range problems {
				if p.Hint == "" {
					t.Errorf("no hint: %s", p)
				}
				got = append(got, p.Severity.String()+" "+p.Path+" "+p.Code)
			}
			if !slices.Equal(c.want, got) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// Values are the values that the steps have to enter under a label.
func Values(steps []upstream.Step, label string) []string {
	var values []string
	for _, step := range steps {
		for _, setting := range step.Settings {
			if setting.Name == label {
				values = append(values, setting.Value)
			}
		}
	}
	return values
}
