// Package mastest is an in-memory Matrix Authentication Service for tests: an
// [http.Handler] with state that answers as MAS 1.22 does.
//
// It lets a test put a homeserver, a reverse proxy or a client in front of a MAS
// without a database and without mas-cli:
//
//	mas, err := mastest.New(mastest.Config{SharedSecret: maskit.NewSecret("s3cret")})
//	if err != nil {
//		t.Fatal(err)
//	}
//	server := httptest.NewServer(mas)
//	defer server.Close()
//	err = mas.PutUser(mastest.User{Username: "alice"})
//	token, err := mas.AddToken(mastest.Token{Username: "alice", DeviceID: "PHONE"})
//	// server.URL + "/oauth2/introspect" now knows the token
//	// mas.Requests() tells who asked what, and with which credentials
//
// # What it serves
//
//   - GET /.well-known/openid-configuration: all fields that MAS sends
//   - GET /oauth2/keys.json: the public keys
//   - POST /oauth2/introspect: for the homeserver, by the shared secret as Bearer token
//   - GET /_matrix/client/{version}/login: the compatibility login flows
//   - GET /health: on a real MAS it is mounted on an internal listener only
//
// Statuses, bodies and headers were compared with a running MAS 1.22.0. A path
// that MAS does not know is 404 with an HTML page, a wrong method 405. A path
// that MAS serves and this package does not is 501, so that no test takes its
// silence for an answer. [Server.Unserved] lists all three.
//
// # Errors
//
// [New], [Server.PutUser] and [Server.AddToken] refuse what the real MAS could
// not hold. Errors never show a token or a secret.
//
// # What it does not do
//
// Nobody can log in: tokens are added by the test. Registered OAuth 2.0 clients,
// which may introspect too, and refresh tokens are not modelled. It is no
// reference for security: use it in tests only.
package mastest
