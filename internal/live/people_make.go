package live

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// makePeople boots Synapse and makes all people through its API.
func (s *SynapseInstall) makePeople(t testing.TB, db DB) People {
	t.Helper()
	config := s.PeopleConfig(t)
	generous := filepath.Join(config.Dir, "generous.yaml")
	plenty := map[string]any{"per_second": 1000, "burst_count": 1000}
	writeYAML(t, generous, map[string]any{
		"allow_guest_access": true, "rc_registration": plenty,
		"rc_login":              map[string]any{"address": plenty, "account": plenty, "failed_attempts": plenty},
		"experimental_features": map[string]any{"msc3814_enabled": true, "msc2697_enabled": false},
	})
	server := s.Start(t, db, config.Path, generous)
	maker := peopleMaker{t: t, api: synapseAPI{url: server.URL}}
	maker.make(sharedSecret(t, config.Path))
	server.Stop()
	return maker.people
}

func sharedSecret(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal("live:", err)
	}
	var config struct {
		Secret string `yaml:"registration_shared_secret"`
	}
	if err := yaml.Unmarshal(data, &config); err != nil || config.Secret == "" {
		t.Fatal("live: the generated configuration has no registration_shared_secret:", err)
	}
	return config.Secret
}

type peopleMaker struct {
	t      testing.TB
	api    synapseAPI
	people People
}

func (m *peopleMaker) make(secret string) {
	p := &m.people
	p.ServerName, p.AppserviceToken = peopleServer, peopleAS
	p.Admin = m.registerShared("admin", "admin's password", secret)
	p.Alice, p.Bob = m.create("alice", "alice's password"), m.create("bob", "bob's password")
	// Compatibility characters: NFKC makes others of them.
	p.Nora = m.create("nora", "ﬁve ﬂags Ⅷ ｗｉｄｅ")
	p.Locked, p.Gone = m.create("locked", "locked's password"), m.create("gone", "gone's password")
	p.Puppet, p.Idle = m.create("puppet", "puppet's password"), m.create("idle", "idle's password")
	p.Dehydrated = m.create("dehydrated", "dehydrated's password")
	m.alice(&p.Alice)
	m.bob(&p.Bob)
	m.logIn(&p.Nora, "NORASPHONE", false)
	m.logIn(&p.Locked, "LOCKEDPHONE", false)
	m.admin(http.MethodPut, "/v2/users/"+p.Locked.UserID, map[string]any{"locked": true})
	m.logIn(&p.Gone, "GONEPHONE", false)
	m.admin(http.MethodPost, "/v1/deactivate/"+p.Gone.UserID, map[string]any{})
	m.admin(http.MethodPost, "/v1/users/"+p.Puppet.UserID+"/login", map[string]any{})
	m.guest(&p.Guest)
	m.bridged(&p.Bridged)
	m.dehydrate(&p.Dehydrated)
}

// registerShared registers an administrator by the shared secret, which logs in, too.
func (m *peopleMaker) registerShared(name, password, secret string) Person {
	m.t.Helper()
	var nonce struct {
		Nonce string `json:"nonce"`
	}
	m.api.call(m.t, http.MethodGet, "/_synapse/admin/v1/register", nil, &nonce)
	mac := hmac.New(sha1.New, []byte(secret))
	_, _ = mac.Write([]byte(nonce.Nonce + "\x00" + name + "\x00" + password + "\x00admin"))
	var made login
	m.api.call(m.t, http.MethodPost, "/_synapse/admin/v1/register", map[string]any{
		"nonce": nonce.Nonce, "username": name, "password": password, "admin": true, "mac": hex.EncodeToString(mac.Sum(nil)),
	}, &made)
	return Person{Localpart: name, UserID: made.UserID, Password: password, Devices: []Device{made.device()}}
}

// create makes a user by the administration API, without a device.
func (m *peopleMaker) create(name, password string) Person {
	m.t.Helper()
	p := Person{Localpart: name, UserID: "@" + name + ":" + peopleServer, Password: password}
	m.admin(http.MethodPut, "/v2/users/"+p.UserID, map[string]any{"password": password, "displayname": name})
	return p
}

func (m *peopleMaker) admin(method, path string, body any) {
	m.t.Helper()
	m.api.as(m.people.Admin.Devices[0].AccessToken).call(m.t, method, "/_synapse/admin"+path, body, nil)
}

// logIn makes a device.
func (m *peopleMaker) logIn(p *Person, device string, refresh bool) {
	m.t.Helper()
	var made login
	m.api.call(m.t, http.MethodPost, "/_matrix/client/v3/login", map[string]any{
		"type": "m.login.password", "identifier": map[string]any{"type": "m.id.user", "user": p.Localpart}, "password": p.Password,
		"device_id": device, "initial_device_display_name": p.Localpart + "'s " + device, "refresh_token": refresh,
	}, &made)
	p.Devices = append(p.Devices, made.device())
}

// login is what login and registration answer.
type login struct {
	UserID       string `json:"user_id"`
	DeviceID     string `json:"device_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

func (l login) device() Device {
	return Device{ID: l.DeviceID, AccessToken: l.AccessToken, RefreshToken: l.RefreshToken}
}
