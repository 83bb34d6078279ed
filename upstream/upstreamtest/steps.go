package upstreamtest

import (
	"strings"
	"testing"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// testSetupSteps checks that an administrator is told what the provider must know.
func (c Config) testSetupSteps(t *testing.T) {
	var b strings.Builder
	for _, step := range upstream.SetupSteps(c.New(), c.Env) {
		if step.Title == "" {
			t.Error("a step has no title")
		}
		b.WriteString(step.String() + "\n")
	}
	if !strings.Contains(b.String(), c.Env.CallbackURL()) {
		t.Errorf("no step has the redirect URI %s", c.Env.CallbackURL())
	}
	if upstream.LogsOut(c.entry(t)) && !strings.Contains(b.String(), c.Env.BackchannelLogoutURL()) {
		t.Errorf("MAS acts on logout tokens, but no step has the address %s", c.Env.BackchannelLogoutURL())
	}
	if c.entry(t).TokenEndpointAuthMethod == mas.AuthPrivateKeyJWT && !strings.Contains(b.String(), c.Env.JWKSURL()) {
		t.Errorf("MAS signs, but no step has the address of its keys, %s", c.Env.JWKSURL())
	}
}
