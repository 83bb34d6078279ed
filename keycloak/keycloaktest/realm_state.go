package keycloaktest

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// realm is all that a realm holds.
type realm struct {
	id, name string
	// doc is the representation without what the fields below hold.
	doc        document
	attributes document
	smtp       document

	clients    map[string]*client // by id
	clientIDs  map[string]*client // by clientId
	scopes     map[string]*scope  // by id
	scopeOrder []string
	// defaultScopes and optionalScopes are the ids of what new clients get.
	defaultScopes, optionalScopes []string

	roles map[string]*role // of the realm, by name
	// everybody is the role that new users get.
	everybody *role

	groups map[string]*group
	paths  map[string]*group
	users  map[string]*user
	names  map[string]*user // by user name
	mails  map[string]*user

	flows     []*flow
	configs   map[string]*flowConfig
	actions   []document
	profile   document
	brokers   []*broker
	parts     []*component
	profiles  []any
	policies  []any
	sessions  map[string]*session
	codes     map[string]*code
	attempts  map[string]*attempt // logins under way, by their cookie
	refreshes map[string]*grant
	used      map[string]bool // ids of assertions
	key       *rsa.PrivateKey
	notBefore time.Time
}

func (s *Server) newRealm(id, name string) *realm {
	return &realm{
		id: id, name: name, doc: s.realmDefaults(), attributes: realmAttributes(), smtp: document{},
		clients: map[string]*client{}, clientIDs: map[string]*client{}, scopes: map[string]*scope{}, roles: map[string]*role{},
		groups: map[string]*group{}, paths: map[string]*group{}, users: map[string]*user{}, names: map[string]*user{}, mails: map[string]*user{},
		configs: map[string]*flowConfig{}, actions: s.requiredActions(), profile: defaultProfile(), profiles: []any{}, policies: []any{},
		sessions: map[string]*session{}, codes: map[string]*code{}, attempts: map[string]*attempt{}, refreshes: map[string]*grant{}, used: map[string]bool{},
	}
}

// fill makes what a new realm has.
func (s *Server) fill(r *realm) {
	s.addDefaultScopes(r)
	everybody := "default-roles-" + strings.ToLower(r.name)
	for _, own := range [][2]string{
		{"offline_access", "${role_offline-access}"}, {"uma_authorization", "${role_uma_authorization}"}, {everybody, "${role_default-roles}"},
	} {
		r.roles[own[0]] = s.newRole(r.id, document{"name": own[0], "description": own[1]}, nil)
	}
	defaults := r.roles[everybody]
	r.everybody = defaults
	defaults.parts = []*role{r.roles["offline_access"], r.roles["uma_authorization"]}
	s.addDefaultClients(r)
	account := r.clientIDs["account"]
	defaults.parts = append(defaults.parts, account.roles["view-profile"], account.roles["manage-account"])
	s.addDefaultFlows(r)
}

// makeMaster makes the realm of the administrators.
func (s *Server) makeMaster() {
	s.mu.Lock()
	defer s.mu.Unlock()
	master := s.newRealm(s.uuid(), masterRealm)
	master.doc["enabled"], master.doc["accessTokenLifespan"] = true, json.Number("60")
	s.realms[masterRealm] = master
	s.fill(master)
	for _, name := range []string{"admin", "create-realm"} {
		master.roles[name] = s.newRole(master.id, document{"name": name}, nil)
	}
	master.roles["admin"].parts = []*role{master.roles["create-realm"]}
	s.addRealmClient(master)
	admin := s.newUser(master, document{"username": s.options.AdminUser, "enabled": true})
	admin.credentials = append(admin.credentials, s.passwordCredential(s.options.AdminPassword.Reveal()))
	admin.roles = append(admin.roles, master.roles["admin"])
}

const masterRealm = "master"

// bytes reads random bytes. A failure is kept, and answered to every request.
func (s *Server) bytes(n int) []byte {
	raw := make([]byte, n)
	if _, err := io.ReadFull(s.options.Rand, raw); err != nil {
		s.broken = err
	}
	return raw
}

func (s *Server) uuid() string {
	raw := s.bytes(16)
	raw[6], raw[8] = raw[6]&15|64, raw[8]&63|128
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
}

// pick draws n characters. The slight bias of the remainder is no matter in a test.
func (s *Server) pick(alphabet string, n int) string {
	raw := s.bytes(n)
	for i := range raw {
		raw[i] = alphabet[int(raw[i])%len(alphabet)]
	}
	return string(raw)
}

const (
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base64url    = alphanumeric + "-_"
)

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// page cuts a list as the parameters first and max say; limit is the default of max, 0
// for none.
func page[T any](c *call, items []T, limit int) []T {
	first, most := 0, limit
	if _, err := fmt.Sscan(c.query("first"), &first); err != nil || first < 0 {
		first = 0
	}
	if _, err := fmt.Sscan(c.query("max"), &most); err != nil {
		most = limit
	}
	items = items[min(first, len(items)):]
	if most > 0 && most < len(items) {
		items = items[:most]
	}
	return items
}
