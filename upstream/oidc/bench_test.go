package oidc_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func BenchmarkEntry(b *testing.B) {
	config, env := full(), upstreamtest.Env()
	for b.Loop() {
		_, _ = config.Entry(env)
	}
}
