// Package live gives tests real servers: PostgreSQL, Synapse, Keycloak, OpenLDAP,
// mas-cli and the certified OpenID provider oidc-provider, on loopback or Unix
// sockets only, and minijinja as the oracle for templates.
//
//	db := live.Postgres(t)                           // a fresh, empty database
//	synapse := live.Synapse(t, live.SynapseCurrent)  // an installation
//	config := synapse.GenerateConfig(t, "example.com")
//	server := synapse.Start(t, db, config.Path)      // answers on server.URL
//	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil)
//	synapseDB := live.SynapseDatabase(t, live.SynapseCurrent)  // a real schema, nobody in it
//	synapseDB, people := live.SynapseWithPeople(t, live.SynapseFloor)  // and people whom Synapse has made
//	masDB := live.MASDatabase(t)
//	page := live.NewKeycloakBrowser(t).Login(app.URL(), &alice)  // a code flow without a real browser
//
// Whatever a call starts ends with the test, and everything ends with the test
// process, also when it is killed. PostgreSQL and Keycloak are shared: by all
// packages under
//
//	go run ./internal/live/run -- go test ./...
//
// and by the tests of one package under a bare go test. What isolates the tests
// is a database or a realm of their own.
//
// # Missing parts
//
// A part that is not installed skips the test and says how to get it (most
// often: make prepare). MASKIT_LIVE=require turns the skip into a failure,
// MASKIT_LIVE=off skips every live test. mas-cli, and Keycloak 24 unless
// MASKIT_KEYCLOAK_24=1, may be absent even then.
//
// # What lies where
//
// cache, install and prepare bring the parts to the machine; proc runs a child
// that cannot outlive its owner; pool starts shared servers and lends them to
// other processes; run owns a pool for a whole command.
package live
