package scale

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// PostgreSQL is the database server that MAS shall use.
type PostgreSQL struct {
	// MaxConnections is its max_connections. Default: 100, as in PostgreSQL.
	MaxConnections int `yaml:"max_connections" json:"max_connections"`
	// Reserved is its superuser_reserved_connections and reserved_connections
	// together. Default: 3, as in PostgreSQL.
	Reserved int `yaml:"reserved" json:"reserved"`
	// OtherClients is how many connections all other users of the server open at
	// most. For Synapse count cp_max of every process.
	OtherClients int `yaml:"other_clients" json:"other_clients"`
	// Migration adds the connections of mas-cli syn2mas.
	Migration bool `yaml:"migration" json:"migration"`
}

// Budget is how many connections MAS needs at most.
type Budget struct {
	// Items are the consumers.
	Items []BudgetItem `json:"items"`
	// Needed is the sum of the items.
	Needed int `json:"needed"`
	// Available is what PostgreSQL has left for MAS. Negative when the others
	// alone are too many.
	Available int `json:"available"`
}

// BudgetItem is one consumer of connections.
type BudgetItem struct {
	// Name says who: "servers", "rolling update of servers".
	Name string `json:"name"`
	// Processes open Each connections at most, so all of them Total.
	Processes int `json:"processes"`
	Each      int `json:"each"`
	Total     int `json:"total"`
}

// Connections adds up the connections of the worst moment: a rolling update at
// the most servers that the autoscaler may start, while a job migrates the
// schema or syncs the configuration. More than PostgreSQL has left is an error
// with the code "too-many-connections".
func (s Sizing) Connections(pg PostgreSQL) (Budget, maskit.Problems) {
	problems := pg.validate()
	if s.Server.Replicas == 0 {
		problems = append(problems, maskit.Problem{
			Path: "postgresql", Code: "no-sizing",
			Message: "there is no sizing to count the connections of",
			Hint:    "make one by scale.For, without errors",
		})
	}
	if problems.Err() != nil {
		return Budget{}, problems
	}
	pg = pg.withDefaults()
	b := s.budget(s.Autoscaling.Max, pg)
	if b.Needed > b.Available {
		problems = append(problems, maskit.Problem{
			Path: "postgresql.max_connections", Code: "too-many-connections",
			Message: fmt.Sprintf("MAS opens up to %d connections, but only %d of %d are left for it", b.Needed, b.Available, pg.MaxConnections),
			Hint:    fmt.Sprintf("raise it to at least %d", b.Needed+pg.Reserved+pg.OtherClients) + s.fit(pg),
		})
	}
	return b, problems
}

func (s Sizing) budget(servers int, pg PostgreSQL) Budget {
	b := Budget{Available: pg.MaxConnections - pg.Reserved - pg.OtherClients}
	b.add("servers", servers, s.Server.Pool.Max)
	b.add("rolling update of servers", surge(servers), s.Server.Pool.Max)
	b.add("workers", s.Worker.Replicas, s.Worker.Pool.Max)
	b.add("rolling update of workers", s.Worker.MaxSurge, s.Worker.Pool.Max)
	b.add("job that migrates or syncs", 1, s.Server.Pool.Max)
	if pg.Migration {
		b.add("syn2mas", 1, migrationWriters+migrationOthers)
	}
	return b
}

// fit says how many servers there is room for, if that is enough for the load.
func (s Sizing) fit(pg PostgreSQL) string {
	for servers := s.Autoscaling.Max - 1; servers >= s.Autoscaling.Min; servers-- {
		if b := s.budget(servers, pg); b.Needed <= b.Available {
			return fmt.Sprintf(", or let the autoscaler start no more than %d servers", servers)
		}
	}
	return ""
}

func (b *Budget) add(name string, processes, each int) {
	b.Items = append(b.Items, BudgetItem{Name: name, Processes: processes, Each: each, Total: processes * each})
	b.Needed += processes * each
}

func (pg PostgreSQL) withDefaults() PostgreSQL {
	if pg.MaxConnections == 0 {
		pg.MaxConnections = postgresConnections
	}
	if pg.Reserved == 0 {
		pg.Reserved = postgresReserved
	}
	return pg
}

func (pg PostgreSQL) validate() maskit.Problems {
	problems := checkRange("postgresql.max_connections", pg.MaxConnections, 0, postgresMost)
	problems = append(problems, checkRange("postgresql.reserved", pg.Reserved, 0, postgresMost)...)
	return append(problems, checkRange("postgresql.other_clients", pg.OtherClients, 0, postgresMost)...)
}

// String returns one line per item, and the sum.
func (b Budget) String() string {
	text := ""
	for _, item := range b.Items {
		text += fmt.Sprintf("%s: %d × %d = %d\n", item.Name, item.Processes, item.Each, item.Total)
	}
	return text + fmt.Sprintf("together: %d of %d\n", b.Needed, b.Available)
}
