package migratetest_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// How many rows a homeserver would have, and what a migration makes of it.
func ExampleCount() {
	counts := migratetest.Count(migratetest.Spec{Users: 1000, Seed: 1})
	fmt.Println(counts.Synapse["users"], "users, of whom MAS gets", counts.MAS["users"])
	// Output:
	// 1000 users, of whom MAS gets 945
}

// What the oddities are, and what Check is to say of each.
func ExampleOddities() {
	for _, oddity := range migratetest.Oddities() {
		if oddity.Findings["null-creation-time"] > 0 {
			fmt.Printf("%s: refused %t, mas-cli exits with %d\n", oddity.Name, oddity.Refused, oddity.Official.Migrate)
		}
	}
	// Output:
	// user without a time of registration: refused true, mas-cli exits with 1
}
