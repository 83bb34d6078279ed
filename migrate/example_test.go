package migrate_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/synapse"
)

// A migration begins with what both sides are configured to. Here MAS's configuration is
// not complete, and neither database can be reached: Check says all of it at once.
func Example() {
	config, problems, err := mas.Parse(fstest.MapFS{"mas.yaml": {Data: []byte(`
matrix: {homeserver: example.com, secret: s, endpoint: "http://synapse:8008/"}
database: {host: /nowhere/mas}
passwords: {schemes: [{version: 1, algorithm: argon2id}]}
`)}}, "mas.yaml")
	if err != nil || problems.Err() != nil {
		fmt.Println(err, problems)
		return
	}
	m := migrate.Syn2MAS{
		Source: migrate.Source{Files: []synapse.File{{Name: "homeserver.yaml", Data: []byte(`
server_name: example.com
database: {name: psycopg2, args: {host: /nowhere/synapse}}
`)}}},
		Target: migrate.Target{Config: config},
		Engine: native.Engine{},
		Store:  migrate.FileStore{Path: "migration.json"},
		Policy: migrate.Policy{OrphanRows: migrate.Skip},
	}
	report, err := m.Check(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings.Only(maskit.SeverityError) {
		fmt.Println(f.Path, f.Code)
	}
	// Output:
	// secrets.encryption required
	// secrets.keys required
	// passwords.schemes[0].algorithm password-scheme-not-bcrypt
	// synapse database database-unreachable
	// mas database database-unreachable
}

// What is accepted up to a count no longer stands in the way.
func ExampleFindings_Accept() {
	orphans := migrate.Anomaly{Code: migrate.CodeOrphanRows, Path: "devices", Count: 3, Samples: []string{"@gone:example.com PHONE"}}
	found := migrate.Findings{migrate.AnomalyFinding(orphans, migrate.Policy{})}
	for _, most := range []int{2, 3} {
		accepted := found.Accept(maskit.Ack{Code: migrate.CodeOrphanRows, Max: most})
		fmt.Printf("at most %d: %s, %d errors\n", most, accepted[0].Severity, len(accepted.Only(maskit.SeverityError)))
	}
	// Output:
	// at most 2: error, 2 errors
	// at most 3: warning, 0 errors
}
