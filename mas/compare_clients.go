package mas

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
)

// compareClients says what becomes of clients that are gone.
func compareClients(old, next *Config) maskit.Problems {
	var problems maskit.Problems
	for _, client := range old.Clients {
		if slices.ContainsFunc(next.Clients, func(c Client) bool { return canonicalULID(c.ClientID) == canonicalULID(client.ClientID) }) {
			continue
		}
		problems = append(problems, maskit.Problem{
			Path: "clients", Code: "client-removed", Severity: maskit.SeverityWarning,
			Message: fmt.Sprintf("the client %s stays usable: MAS does not remove clients from its database by itself", client.ClientID),
			Hint:    `give it a new secret before it is removed, or run "mas-cli config sync --prune", which deletes the links of disabled providers too`,
		})
	}
	return problems
}
