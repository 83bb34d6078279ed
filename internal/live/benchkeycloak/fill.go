package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// workers is how many requests are under way while a realm is filled.
const workers = 8

const provisionerID = "provisioner"

// fill makes a realm of that size, and in it the service account.
func (s *server) fill(ctx context.Context, z size) (realm, error) {
	secret, err := keycloak.NewSecret(rand.Reader)
	if err != nil {
		return realm{}, err
	}
	r := realm{name: "bench-" + strings.ToLower(rand.Text()[:8]), url: s.url, secret: secret}
	if err := s.send(ctx, http.MethodPost, "/realms", map[string]any{"realm": r.name, "enabled": true}, nil); err != nil {
		return realm{}, err
	}
	if err := s.makeProvisioner(ctx, r); err != nil {
		return realm{}, err
	}
	for _, kind := range []struct {
		path  string
		count int
		body  func(i int) map[string]any
	}{
		{"/clients", z.clients, func(i int) map[string]any { return map[string]any{"clientId": fmt.Sprintf("client-%d", i)} }},
		{"/groups", z.groups, func(i int) map[string]any { return map[string]any{"name": fmt.Sprintf("group-%d", i)} }},
		{"/users", z.users, func(i int) map[string]any {
			return map[string]any{"username": fmt.Sprintf("user-%d", i), "email": fmt.Sprintf("user-%d@example.com", i), "enabled": true}
		}},
	} {
		if err := s.postAll(ctx, "/realms/"+r.name+kind.path, kind.count, kind.body); err != nil {
			return realm{}, err
		}
	}
	return r, nil
}

// postAll posts bodies by several workers, each of which keeps its connection.
func (s *server) postAll(ctx context.Context, path string, count int, body func(int) map[string]any) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for i := worker; i < count && ctx.Err() == nil; i += workers {
				if err := s.send(ctx, http.MethodPost, path, body(i), nil); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// makeProvisioner makes the service account with the roles of the package comment.
func (s *server) makeProvisioner(ctx context.Context, r realm) error {
	at := "/realms/" + r.name
	body := map[string]any{"clientId": provisionerID, "secret": r.secret.Reveal(), "serviceAccountsEnabled": true, "standardFlowEnabled": false}
	if err := s.send(ctx, http.MethodPost, at+"/clients", body, nil); err != nil {
		return err
	}
	var account, management named
	if err := s.findClient(ctx, at, provisionerID, &account); err != nil {
		return err
	}
	if err := s.findClient(ctx, at, "realm-management", &management); err != nil {
		return err
	}
	var user named
	if err := s.send(ctx, http.MethodGet, at+"/clients/"+account.ID+"/service-account-user", nil, &user); err != nil {
		return err
	}
	var roles []named
	for _, role := range []string{"manage-realm", "manage-clients", "manage-users", "manage-identity-providers", "view-users"} {
		var found named
		if err := s.send(ctx, http.MethodGet, at+"/clients/"+management.ID+"/roles/"+role, nil, &found); err != nil {
			return err
		}
		roles = append(roles, found)
	}
	return s.send(ctx, http.MethodPost, at+"/users/"+user.ID+"/role-mappings/clients/"+management.ID, roles, nil)
}

// named is what an object is known by.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// findClient finds the one client of that clientId.
func (s *server) findClient(ctx context.Context, at, clientID string, out *named) error {
	var list []named
	if err := s.send(ctx, http.MethodGet, at+"/clients?clientId="+clientID, nil, &list); err != nil {
		return err
	}
	if len(list) != 1 {
		return fmt.Errorf("client %s: %w", clientID, maskit.ErrNotFound)
	}
	*out = list[0]
	return nil
}
