package routes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func site() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}
}

func table(t testing.TB, options routes.Options) routes.Table {
	t.Helper()
	table, problems := options.Table()
	require.NoError(t, problems.Err())
	return table
}

func BenchmarkRoute(b *testing.B) {
	table := table(b, routes.Options{Site: site()})
	for b.Loop() {
		table.Route("GET", "/_matrix/client/v3/rooms/!room:example.com/messages?limit=10")
	}
}
