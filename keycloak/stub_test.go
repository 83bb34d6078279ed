package keycloak_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// stub answers as Keycloak does, as far as the small spec asks: one realm, its
// clients, and its groups. What is created is kept as it was sent.
type stub struct {
	*httptest.Server
	mu      sync.Mutex
	realm   map[string]any
	clients []map[string]any
	groups  []map[string]any
	// log has the requests to the admin API: "POST /admin/realms/staff/clients".
	log []string
	// intercept answers instead, if it returns true; optional.
	intercept func(w http.ResponseWriter, r *http.Request) bool
}

func newStub() *stub {
	s := &stub{realm: map[string]any{
		"id": "r1", "realm": "staff", "enabled": true, "displayName": "Staff", "attributes": map[string]any{"foreign": "stays"},
		"maxTemporaryLockouts": 0, "maxSecondaryAuthFailures": 0,
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /realms/{realm}/protocol/openid-connect/token", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"access_token": "hidden-token", "expires_in": 60})
	})
	mux.HandleFunc("GET /admin/realms/staff", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, s.realm) })
	mux.HandleFunc("PUT /admin/realms/staff", func(w http.ResponseWriter, r *http.Request) { s.replace(s.realm, w, r) })
	mux.HandleFunc("GET /admin/realms/staff/clients", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusOK, where(s.clients, "clientId", r.URL.Query().Get("clientId")))
	})
	mux.HandleFunc("POST /admin/realms/staff/clients", func(w http.ResponseWriter, r *http.Request) { s.create(&s.clients, "clientId", w, r) })
	mux.HandleFunc("PUT /admin/realms/staff/clients/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.replace(where(s.clients, "id", r.PathValue("id"))[0], w, r)
	})
	mux.HandleFunc("GET /admin/realms/staff/group-by-path/{name}", func(w http.ResponseWriter, r *http.Request) {
		if found := where(s.groups, "name", r.PathValue("name")); len(found) == 1 {
			reply(w, http.StatusOK, found[0])
			return
		}
		reply(w, http.StatusNotFound, map[string]any{"error": "Group path does not exist"})
	})
	mux.HandleFunc("POST /admin/realms/staff/groups", func(w http.ResponseWriter, r *http.Request) { s.create(&s.groups, "name", w, r) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusNotFound, map[string]any{"error": "Unable to find matching target resource method"})
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/admin") {
			s.log = append(s.log, r.Method+" "+r.URL.Path)
		}
		if s.intercept == nil || !s.intercept(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	return s
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// where never returns nil, which would be null in JSON.
func where(list []map[string]any, key, value string) []map[string]any {
	found := []map[string]any{}
	for _, item := range list {
		if item[key] == value {
			found = append(found, item)
		}
	}
	return found
}

func (s *stub) create(list *[]map[string]any, key string, w http.ResponseWriter, r *http.Request) {
	item := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&item)
	if len(where(*list, key, item[key].(string))) > 0 {
		reply(w, http.StatusConflict, map[string]any{"errorMessage": "exists"})
		return
	}
	item["id"] = fmt.Sprintf("id-%d", len(*list)+1)
	*list = append(*list, item)
	w.WriteHeader(http.StatusCreated)
}

func (s *stub) replace(item map[string]any, w http.ResponseWriter, r *http.Request) {
	sent := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&sent)
	for key, value := range sent {
		item[key] = value
	}
	w.WriteHeader(http.StatusNoContent)
}

// writes are the requests that change something.
func (s *stub) writes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, line := range s.log {
		if !strings.HasPrefix(line, "GET ") {
			out = append(out, line)
		}
	}
	return out
}
