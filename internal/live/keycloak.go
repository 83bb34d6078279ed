package live

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/pool"
)

// KeycloakVersion is a release that prepare installs.
type KeycloakVersion string

// The tested releases. Tests on the old one, Keycloak 24, skip unless
// MASKIT_KEYCLOAK_24=1.
const (
	KeycloakCurrent KeycloakVersion = install.KeycloakCurrent
	KeycloakFloor   KeycloakVersion = install.KeycloakFloor
	KeycloakOld     KeycloakVersion = install.KeycloakOld
)

// KeycloakServer is a running Keycloak that other tests use too: touch only the
// realms you made.
type KeycloakServer struct {
	Version KeycloakVersion
	// URL is the base URL, without a final slash.
	URL string
	// AdminUser and AdminPassword belong to the administrator of the realm
	// master, for clients that log in by themselves.
	AdminUser     string
	AdminPassword string
	// Authority is the directory of a certificate authority that it trusts.
	Authority string

	session *adminSession
}

// adminSession keeps the token of Admin for a while: to check a password takes the
// server as long as many of the calls that it is for.
type adminSession struct {
	mu    sync.Mutex
	token string
	until time.Time
}

// adminTokenLife is less than the minute that tokens of admin-cli live.
const adminTokenLife = 30 * time.Second

// KeycloakRealm is a realm that belongs to one test.
type KeycloakRealm struct {
	Name string
	// Issuer is the realm's base URL, which the discovery document calls issuer.
	Issuer string
	Server KeycloakServer
}

// Keycloak returns a server of the version when it is ready. A first call boots
// it, which takes about half a minute.
func Keycloak(t testing.TB, version KeycloakVersion) KeycloakServer {
	t.Helper()
	if version == KeycloakOld && os.Getenv(install.EnvKeycloakOld) != "1" {
		enter(t)
		check(t, optional, &install.MissingError{Part: "Keycloak " + string(version), How: "run `make test-keycloak-24`"})
	}
	address := sharedServer(t, pool.Keycloak(string(version)))
	return KeycloakServer{Version: version, URL: address.URL, AdminUser: address.User, AdminPassword: address.Password, Authority: address.Authority, session: &adminSession{}}
}

// Realm creates an enabled realm with a name of its own, which is deleted when
// the test ends. The settings are Keycloak's RealmRepresentation and may be nil.
func (k KeycloakServer) Realm(t testing.TB, settings map[string]any) KeycloakRealm {
	t.Helper()
	realm := k.Unmade(t)
	body := map[string]any{"enabled": true, "components": realmKeys(t)}
	maps.Copy(body, settings)
	body["realm"] = realm.Name
	k.Admin(t, http.MethodPost, "/realms", body, nil)
	return realm
}

// Unmade returns a realm that does not exist yet, for a test that makes it. If it
// exists when the test ends, it is deleted.
func (k KeycloakServer) Unmade(t testing.TB) KeycloakRealm {
	t.Helper()
	name := "t-" + strings.ToLower(rand.Text())
	t.Cleanup(func() {
		ctx, cancel := cleanupContext(t)
		defer cancel()
		if err := k.admin(ctx, http.MethodDelete, "/realms/"+name, nil, nil); err != nil && !errors.Is(err, errAbsent) {
			t.Error("live: delete the realm:", err)
		}
	})
	return KeycloakRealm{Name: name, Issuer: k.URL + "/realms/" + name, Server: k}
}

// errAbsent means that there is no such thing.
var errAbsent = errors.New("not found")

// Admin calls the admin API of the realm: path begins below
// /admin/realms/{realm}. See KeycloakServer.Admin.
func (r KeycloakRealm) Admin(t testing.TB, method, path string, in, out any) {
	t.Helper()
	r.Server.Admin(t, method, "/realms/"+r.Name+path, in, out)
}

// Admin calls the admin API as administrator: path begins below /admin, in is
// sent as JSON unless it is nil, out takes the answer unless it is nil. Any
// answer but 2xx fails the test. It sets tests up and looks behind the code
// under test, so it shares no code with it.
func (k KeycloakServer) Admin(t testing.TB, method, path string, in, out any) {
	t.Helper()
	if err := k.admin(t.Context(), method, path, in, out); err != nil {
		t.Fatal("live: keycloak:", err)
	}
}

func (k KeycloakServer) admin(ctx context.Context, method, path string, in, out any) error {
	token, err := k.token(ctx)
	if err != nil {
		return err
	}
	var body io.Reader = http.NoBody
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, k.URL+"/admin"+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	return exchange(request, out)
}

func (k KeycloakServer) token(ctx context.Context) (string, error) {
	if k.session == nil {
		return k.logIn(ctx)
	}
	k.session.mu.Lock()
	defer k.session.mu.Unlock()
	if time.Now().Before(k.session.until) {
		return k.session.token, nil
	}
	token, err := k.logIn(ctx)
	if err == nil {
		k.session.token, k.session.until = token, time.Now().Add(adminTokenLife)
	}
	return token, err
}

func (k KeycloakServer) logIn(ctx context.Context) (string, error) {
	form := url.Values{
		"grant_type": {"password"}, "client_id": {"admin-cli"},
		"username": {k.AdminUser}, "password": {k.AdminPassword},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		k.URL+"/realms/master/protocol/openid-connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var grant struct {
		AccessToken string `json:"access_token"`
	}
	if err := exchange(request, &grant); err != nil {
		return "", err
	}
	if grant.AccessToken == "" {
		return "", errors.New("log in: no access token in the answer")
	}
	return grant.AccessToken, nil
}

// exchange sends the request and decodes a 2xx answer.
func exchange(request *http.Request, out any) error {
	client := http.Client{Timeout: time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode == http.StatusNotFound {
		return fmt.Errorf("%s %s: %w: %s", request.Method, request.URL.Path, errAbsent, answer)
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: status %d: %s", request.Method, request.URL.Path, response.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
