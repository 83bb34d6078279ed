package mas

import (
	"fmt"
	"math"

	"github.com/maskit-dev/maskit"
)

// Capacity says how many processes a deployment has. Package scale computes one
// from a load.
type Capacity struct {
	// Servers is the number of replicas that serve requests; with autoscaling, the
	// most there can be. Default: 1.
	Servers int
	// Workers is the number of processes that only run jobs. Default: 0, which
	// means that the servers run them.
	Workers int
	// PoolSize is how many database connections each process may hold, at least 2.
	// Default: that of Database.MaxConnections, else MAS's (10).
	PoolSize int
}

func (c Capacity) servers() int { return max(c.Servers, 1) }

func (c Capacity) poolSize() uint32 { return uint32(min(c.PoolSize, math.MaxInt32)) } //nolint:gosec // positive and bounded

// check reports numbers that cannot be, and a pool that two intents size differently.
func (c Capacity) check(d *Database) maskit.Problems {
	const most = 10_000 // far beyond any PostgreSQL, and safe to multiply
	var problems maskit.Problems
	for _, field := range []struct {
		path  string
		value int
	}{
		{"capacity.servers", c.Servers},
		{"capacity.workers", c.Workers},
		{"capacity.pool_size", c.PoolSize},
	} {
		if field.value < 0 || field.value > most {
			problems = append(problems, maskit.Problem{
				Path: field.path, Code: "out-of-range",
				Message: fmt.Sprintf("is %d, but must lie between 0 (the default) and %d", field.value, most),
			})
		}
	}
	if d != nil && c.PoolSize > 0 && d.MaxConnections.Valid && d.MaxConnections.V != c.poolSize() {
		problems = append(problems, maskit.Problem{
			Path: "capacity.pool_size", Code: "pool-size-conflict",
			Message: fmt.Sprintf("is %d, but database.max_connections is %d", c.PoolSize, d.MaxConnections.V),
			Hint:    "give one of them",
		})
	}
	return problems
}
