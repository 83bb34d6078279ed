package all_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const tenant = "22222222-2222-2222-2222-222222222222"

// decode reads a provider from its settings and more YAML, as from a file.
func decode(t *testing.T, kind, more string) upstream.Provider {
	t.Helper()
	text := "kind: " + kind + "\nclient_id: matrix\n"
	if kind == "apple" {
		text += "private_key_file: /run/secrets/apple.p8\n"
	} else {
		text += "client_secret: 0bd4f7b1c5d14e4b\n"
	}
	file, problems := all.Registry().Decode(kind+".yaml", []byte(text+needs()[kind]+"\n"+more))
	require.NoError(t, problems.Err(), kind)
	return file.Provider
}

// codes are the paths and codes of the errors of a provider.
func codes(t *testing.T, kind, more string) []string {
	t.Helper()
	_, problems := decode(t, kind, more).Entry(upstreamtest.Env())
	var out []string
	for _, p := range problems.Only(maskit.SeverityError) {
		out = append(out, p.Path+" "+p.Code)
	}
	return out
}
