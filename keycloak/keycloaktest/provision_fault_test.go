package keycloaktest_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

func isWrite(r keycloaktest.Request) bool { return r.IsWrite() }

// prepared is a fake with a realm in which others have put something, or without one.
func prepared(t *testing.T, foreign bool) (subject, *keycloak.Provisioner) {
	t.Helper()
	s := newFake(t, keycloaktest.Options{})
	if foreign {
		s.plant(t)
	}
	return s, s.provisioner(t)
}

// plant makes the realm, with things of others beside everything that a spec manages,
// and a client that was made by hand.
func (s subject) plant(t *testing.T) {
	t.Helper()
	send := func(method, path string, in any) {
		require.NoError(t, s.fake.Admin(t.Context(), method, path, in, nil))
	}
	type d = map[string]any
	mapper := func(name string) d {
		return d{"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper", "config": d{"claim.name": name}}
	}
	send("POST", "/realms", d{
		"realm": s.realm, "enabled": true, "loginTheme": "keycloak", "attributes": d{"foreign": "stays", "gone": "x"}, "oauth2DeviceCodeLifespan": 700,
		"users":        []any{d{"username": "foreign", "email": "f@example.com"}},
		"groups":       []any{d{"name": "foreign", "attributes": d{"a": []any{"b"}}}},
		"clientScopes": []any{d{"name": "foreign", "protocol": "openid-connect", "protocolMappers": []any{mapper("foreign")}}},
		"clients": []any{
			d{"clientId": "foreign", "secret": "foreign", "redirectUris": []any{"https://x.example.com/*"}},
			d{
				"clientId": "matrix", "secret": "by hand", "description": "foreign", "directAccessGrantsEnabled": true, "attributes": d{"foreign": "stays"},
				"protocolMappers": []any{mapper("foreign"), mapper("groups")}, "defaultClientScopes": []any{"profile", "foreign"}, "optionalClientScopes": []any{"email", "address"},
			},
		},
	})
	at := "/realms/" + s.realm
	send("POST", at+"/authentication/flows/browser/copy", d{"newName": "foreign"})
	send("PUT", at+"/client-policies/profiles", d{"profiles": []any{d{"name": "foreign", "executors": []any{}}}})
	send("POST", at+"/identity-provider/instances", d{"alias": "foreign", "providerId": "oidc", "enabled": true, "config": d{"clientId": "x"}})
	send("POST", at+"/components", d{"name": "foreign", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider", "config": d{"editMode": []any{"READ_ONLY"}}})
	send("PUT", at+"/authentication/required-actions/CONFIGURE_TOTP", d{"alias": "CONFIGURE_TOTP", "name": "Codes", "enabled": false, "priority": 54, "config": d{"foreign": "stays"}})
}

// Writes fail in every way, with and without having been carried out: a run that is
// repeated ends where one without any fault does. Nothing foreign changes, and nothing is
// there twice. A fault that leaves all to do and one that loses the answer strike at every
// write, of the hundred that build flows at one of each kind; the others, which differ in
// what is answered, at one of each kind. With MASKIT_KEYCLOAK_LONG=1 all strike at all.
func TestEveryWriteFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault keycloaktest.Fault
		every bool
	}{
		"500":             {keycloaktest.Fault{Status: 500}, true},
		"cut after":       {keycloaktest.Fault{Cut: keycloaktest.CutAfter}, true},
		"500 carried out": {keycloaktest.Fault{Status: 500, Carried: true}, false},
		"503":             {keycloaktest.Fault{Status: 503}, false},
		"409 carried out": {keycloaktest.Fault{Status: 409, Carried: true}, false},
		"401":             {keycloaktest.Fault{Status: 401}, false},
		"403":             {keycloaktest.Fault{Status: 403}, false},
		"HTML":            {keycloaktest.Fault{HTML: true}, false},
		"HTML carried":    {keycloaktest.Fault{HTML: true, Carried: true}, false},
		"cut before":      {keycloaktest.Fault{Cut: keycloaktest.CutBefore}, false},
	} {
		for _, foreign := range []bool{true, false} {
			t.Run(name+map[bool]string{true: " in a realm of others"}[foreign], func(t *testing.T) {
				t.Parallel()
				if !foreign && !c.every {
					longOnly(t)
				}
				want, writes := faultless(t, foreign)
				seen := map[string]bool{}
				for i, write := range writes {
					kind := kindOf(write)
					if seen[kind] && (!c.every || !foreign || buildsFlow(write)) && !long() {
						continue
					}
					seen[kind] = true
					s, p := prepared(t, foreign)
					fault := c.fault
					fault.Match, fault.Nth = isWrite, i+1
					s.fake.Inject(fault)
					persist(t, p, whole(s.realm))
					s.fake.Heal()
					settled(t, p, whole(s.realm))
					requireState(t, want, s.state(t))
					require.Empty(t, s.fake.Unknown(), "write %d: %s", i+1, write)
				}
			})
		}
	}
}

// kindOf is a request without what is different each time.
func kindOf(r keycloaktest.Request) string {
	return regexp.MustCompile(`[0-9a-f-]{36}|/components/[^/]+|/flows/[^/]+`).ReplaceAllString(r.String(), "…")
}

// buildsFlow reports whether a request is one of the many that make a flow.
func buildsFlow(r keycloaktest.Request) bool { return strings.Contains(r.Path, "/authentication/") }

func long() bool { return os.Getenv("MASKIT_KEYCLOAK_LONG") == "1" }

func longOnly(t *testing.T) {
	t.Helper()
	if !long() {
		t.Skip("skipped, much like the others: run with MASKIT_KEYCLOAK_LONG=1")
	}
}

// faultless is the state after a run without any fault, and the writes of it.
func faultless(t *testing.T, foreign bool) (map[string]any, []keycloaktest.Request) {
	t.Helper()
	s, p := prepared(t, foreign)
	require.Zero(t, persist(t, p, whole(s.realm)))
	settled(t, p, whole(s.realm))
	for _, r := range s.fake.Requests() {
		require.NotContains(t, r.Path+"/", "//", "proxies may redirect or refuse it")
		require.NotContains(t, r.Path, "serverinfo", "the version is hidden from most accounts")
	}
	writes := slices.DeleteFunc(s.fake.Requests(), func(r keycloaktest.Request) bool { return !r.IsWrite() })
	require.Greater(t, len(writes), 30)
	require.Empty(t, s.fake.Unknown())
	return s.state(t), writes
}

// The process is killed before and after each write, and with MASKIT_KEYCLOAK_LONG=1 at
// each request: another one finishes the work.
func TestKilledBetweenAnyTwoRequests(t *testing.T) {
	t.Parallel()
	want, _ := faultless(t, true)
	for nth := 1; ; nth++ {
		s, p := prepared(t, true)
		ctx, kill := context.WithCancel(t.Context())
		count, afterWrite, seen := 0, false, map[string]bool{}
		s.fake.Inject(keycloaktest.Fault{Match: func(r keycloaktest.Request) bool {
			counts := r.IsWrite() && (!buildsFlow(r) || !seen[kindOf(r)])
			seen[kindOf(r)] = true
			if counts || afterWrite || long() {
				count++
			}
			afterWrite = counts
			if count == nth {
				kill()
			}
			return false
		}})
		err := attempt(ctx, t, p, whole(s.realm))
		done := ctx.Err() == nil
		kill()
		if done {
			require.NoError(t, err)
			require.Greater(t, nth, 40, "all writes were tried")
			return
		}
		s.fake.Heal()
		another := s.provisioner(t)
		persist(t, another, whole(s.realm))
		settled(t, another, whole(s.realm))
		requireState(t, want, s.state(t))
	}
}

// A server that hangs is left; what it did meanwhile is taken for done.
func TestHangingServer(t *testing.T) {
	t.Parallel()
	s, _ := prepared(t, true)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: s.url, Timeout: 200 * time.Millisecond, Auth: keycloak.AdminPassword{User: s.user, Password: maskit.NewSecret(s.password)},
	})
	require.NoError(t, err)
	s.fake.Inject(keycloaktest.Fault{Match: isWrite, Nth: 2, Delay: time.Minute}, keycloaktest.Fault{Match: isWrite, Nth: 5, Delay: time.Minute})
	persist(t, p, whole(s.realm))
	settled(t, p, whole(s.realm))
	want, _ := faultless(t, true)
	requireState(t, want, s.state(t))
}

// Provisioners at the same time make nothing twice, and each is done or says why not.
// Keycloak itself lets two federations have one name, so there is none here.
func TestProvisionersAtTheSameTime(t *testing.T) {
	t.Parallel()
	for _, foreign := range []bool{false, true} {
		s, _ := prepared(t, foreign)
		spec := whole(s.realm)
		spec.LDAP = nil
		errs := make(chan error)
		for range 4 {
			p := s.provisioner(t)
			go func() { errs <- tryOnce(t.Context(), p, spec) }()
		}
		for range 4 {
			if err := <-errs; err != nil {
				requireNoSecret(t, err.Error())
			}
		}
		p := s.provisioner(t)
		persist(t, p, spec)
		settled(t, p, spec)
		alone, p := prepared(t, foreign)
		persist(t, p, spec)
		requireState(t, alone.state(t), s.state(t))
	}
}

func tryOnce(ctx context.Context, p *keycloak.Provisioner, spec keycloak.Spec) error {
	plan, err := p.Plan(ctx, spec)
	if err == nil {
		_, err = p.Apply(ctx, plan)
	}
	return err
}
