package migrate_test

import (
	"context"
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
)

// A check says all that is wrong at once, whatever it can reach of the two servers.
func ExampleSyn2MAS_Check() {
	m := migrate.Syn2MAS{Source: migrate.Source{Files: []synapse.File{{Name: "homeserver.yaml", Data: []byte(`
server_name: example.com
database: {name: sqlite3, args: {database: /data/homeserver.db}}
allow_guest_access: true
session_lifetime: 24h
`)}}}}
	report, err := m.Check(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings.Only(maskit.SeverityError) {
		fmt.Printf("%s: %s\n", f.Code, f.Message)
	}
	// Output:
	// required: the configuration of MAS is missing
	// database-sqlite: Synapse's database is SQLite, and only PostgreSQL can be migrated
	// guests-enabled: Synapse lets guests in, whom MAS does not know
}
