package acme

import (
	"flag"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// update writes the golden file: go test -update.
var _ = flag.Bool("update", false, "write the golden file")

func valid() Config {
	return Config{
		Tenant: "red-cars",
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret("s3cret-of-acme")}},
		Claims: claims.Rules{Require: claims.Require{Groups: []string{"drivers"}}},
	}
}

// TestConformance runs the suite that maskit's own modules pass.
func TestConformance(t *testing.T) {
	upstreamtest.Run(t, upstreamtest.Config{
		New:    func() upstream.Provider { return valid() },
		Golden: "testdata/acme.yaml",
	})
}

func TestTenant(t *testing.T) {
	for _, name := range []string{"", "Red", "red_cars", "-", "a.b", "a/b", "red-"} {
		c := valid()
		c.Tenant = name
		_, problems := c.Entry(upstreamtest.Env())
		if err := problems.Err(); err == nil {
			t.Errorf("the tenant %q is accepted", name)
		}
	}
}
