package live

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// People are the users of [SynapseWithPeople]: what they have, and what they know.
type People struct {
	ServerName string
	// Admin is a server administrator with one device.
	Admin Person
	// Alice has two devices, one with the hidden device of a cross-signing key beside
	// it, an e-mail address, a phone number and a link to the provider "oidc-keycloak".
	Alice Person
	// Bob has a device with a refresh token, one that was refreshed but whose new tokens
	// were not used yet, and one whose new tokens were used. The tokens are the newest.
	Bob Person
	// Nora has a password that Synapse normalizes, and one device.
	Nora Person
	// Locked has a device, and was locked afterwards.
	Locked Person
	// Gone had a device, and was deactivated.
	Gone Person
	// Puppet has no device; an administrator logged in as Puppet.
	Puppet Person
	// Idle has a password and never logged in.
	Idle Person
	// Guest is a guest; the token is no row of any table.
	Guest Person
	// Bridged belongs to an application service, and has a device that it made.
	Bridged Person
	// AppserviceToken is the as_token of that service, which acts as Bridged.
	AppserviceToken string
	// Dehydrated has a device and a dehydrated device, the second of Devices, without a token.
	Dehydrated Person
}

// Person is one user.
type Person struct {
	Localpart, UserID, Password string
	Devices                     []Device
}

// Device is one device. What it has no token of is empty.
type Device struct{ ID, AccessToken, RefreshToken string }

// The configuration that people outlive: who boots their database needs the same.
const (
	peopleServer = "example.com"
	peoplePepper = "pepper of the people"
	peopleAS     = "as_token_of_the_people"
	peopleHS     = "hs_token_of_the_people"
	// peopleExternalID is Alice's id at the provider "oidc-keycloak".
	peopleExternalID = "alice-at-keycloak"
)

// Pepper is password_config.pepper.
func (People) Pepper() string { return peoplePepper }

// ExternalID is Alice's id at the provider "oidc-keycloak".
func (People) ExternalID() string { return peopleExternalID }

// SynapseWithPeople creates a database in which a real Synapse of that release has
// made people through its own API, and tells what they know. Synapse has stopped; to
// boot it, take a configuration of [SynapseInstall.PeopleConfig]. The database is
// dropped when the test ends.
func SynapseWithPeople(t testing.TB, version SynapseVersion) (DB, People) {
	t.Helper()
	install := Synapse(t, version)
	db, note := template{
		name: "people_" + identifier(string(version)), base: install.schema(),
		fill: func(t testing.TB, db DB) string {
			t.Helper()
			note, err := json.Marshal(install.makePeople(t, db))
			if err != nil {
				t.Fatal("live:", err)
			}
			return string(note)
		},
	}.copy(t)
	var people People
	if err := json.Unmarshal([]byte(note), &people); err != nil {
		t.Fatal("live: read who the people are:", err)
	}
	return db, people
}

// PeopleConfig generates the configuration of the homeserver that has people: with its
// name, its pepper and its application service.
func (s *SynapseInstall) PeopleConfig(t testing.TB) SynapseConfig {
	t.Helper()
	config := s.GenerateConfig(t, peopleServer)
	service := filepath.Join(config.Dir, "appservice.yaml")
	writeYAML(t, service, map[string]any{
		"id": "bridge", "url": nil, "as_token": peopleAS, "hs_token": peopleHS, "sender_localpart": "_bridge_bot", "rate_limited": false,
		"namespaces": map[string]any{"users": []any{map[string]any{"regex": "@_bridge_.*", "exclusive": true}}, "aliases": []any{}, "rooms": []any{}},
	})
	data, err := os.ReadFile(config.Path)
	if err != nil {
		t.Fatal("live:", err)
	}
	more := []string{
		"", "password_config:", "  pepper: " + peoplePepper,
		"# Low, for the sake of tests.", "bcrypt_rounds: 4", "app_service_config_files:", "  - " + service, "",
	}
	if err := os.WriteFile(config.Path, append(data, strings.Join(more, "\n")...), 0o600); err != nil {
		t.Fatal("live:", err)
	}
	return config
}
