package keycloak

import (
	"context"
	"fmt"
)

// kind is one row of the table of what a spec manages.
type kind struct {
	name string
	// objects returns what the spec wants of this kind; none if it leaves it alone. It
	// may read what it needs to know which objects there are.
	objects func(ctx context.Context, r *run) ([]object, error)
}

// kinds is the table, in the order in which objects depend on each other. Deletions
// are carried out last, in the opposite order.
func kinds() []kind {
	return []kind{
		{"realm", realmObjects},
		{"user profile", profileObjects},
		{"client", clientObjects},
		{"scopes", scopeObjects},
		{"mappers", mapperObjects},
		{"groups", groupObjects},
		{"users", userObjects},
		{"LDAP", ldapObjects},
		{"identity providers", providerObjects},
		{"second factor", mfaObjects},
		{"required group", roleObjects},
		{"marker", markerObjects},
		{"flows", flowObjects},
	}
}

// objects is what the spec wants, in order. The realm is read first: where there is
// none, nothing else is looked for.
func (r *run) objects(ctx context.Context, visit func(object) error) error {
	for _, k := range kinds() {
		objects, err := k.objects(ctx, r)
		if err != nil {
			return fmt.Errorf("read %s: %w", k.name, err)
		}
		for _, o := range objects {
			if err := visit(o); err != nil {
				return fmt.Errorf("read %s: %w", o.subject(), err)
			}
		}
	}
	return nil
}
