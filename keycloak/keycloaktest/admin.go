package keycloaktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/maskit-dev/maskit"
)

// Admin calls the admin API as administrator without HTTP, to set a test up and to look
// behind the code under test. The path begins below /admin: "/realms/staff/clients". In is
// sent as JSON unless it is nil; out takes the answer unless it is nil.
//
// An answer other than 2xx is a [*maskit.StatusError]. The call is not among
// [Server.Requests], and no fault strikes at it.
func (s *Server) Admin(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("keycloaktest: %s %s: %w", method, path, err)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://keycloak.test/admin"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("keycloaktest: %s %s: %w", method, path, err)
	}
	request.Header.Set("Content-Type", "application/json")
	c, err := s.receive(request)
	if err != nil {
		return err
	}
	c.who.root = true
	a := s.serve(ctx, c)
	if a.status/100 != 2 {
		return &maskit.StatusError{Method: method, URL: path, Status: a.status, Message: string(a.body)}
	}
	if out == nil || len(a.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return fmt.Errorf("keycloaktest: %s %s: %w", method, path, err)
	}
	return nil
}
