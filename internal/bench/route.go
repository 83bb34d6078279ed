package main

import (
	"fmt"
	"time"

	"github.com/maskit-dev/maskit/synapse/routes"
)

// routing decides who answers a request that no early rule matches.
func routing() (row, error) {
	table, problems := routes.Options{Site: site()}.Table()
	if err := problems.Err(); err != nil {
		return row{}, fmt.Errorf("make routes: %w", err)
	}
	return row{
		name: "route a request", aim: 300 * time.Nanosecond,
		run: func() error {
			if got := table.Route("GET", "/_matrix/client/v3/rooms/!room:example.com/messages?limit=10"); got != routes.Synapse {
				return fmt.Errorf("route: %v answers", got)
			}
			return nil
		},
	}, nil
}
