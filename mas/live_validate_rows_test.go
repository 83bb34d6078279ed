package mas_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/youmark/pkcs8"

	"github.com/maskit-dev/maskit/mas/keys"
)

const (
	web      = "http.listeners[0]"
	internal = "http.listeners[1]"
	idp      = "upstream_oauth2.providers[0]"
	client   = "clients[0]"
	missing  = "/nonexistent/file"
	notFound = "No such file or directory"
)

// unknownKeys are read by nothing: MAS ignores them in silence.
func unknownKeys() []mistake {
	row := func(path string, value any) mistake {
		return mistake{name: "unknown " + path, change: set(path, value), stage: atUse, path: path, code: "unknown-key"}
	}
	return []mistake{
		row("session", map[string]any{"lifetime": 3600}),
		row("passwords.min_length", 12),
		row(idp+".backchannel_logout", map[string]any{"enabled": true}),
		row(idp+".token_endpoint_override", "https://127.0.0.1:1/token"),
		row(idp+".claims_imports.groups", map[string]any{"action": "force"}),
		row(idp+".claims_imports.email.set_email_verification", "always"),
		row("account.registration_enabled", false),
		{name: "argon2id with cost", change: set("passwords.schemes[0].cost", 12), stage: atUse, path: "passwords.schemes[0].cost", code: "not-allowed"},
	}
}

// wrongValues are of the wrong type, or no word that MAS knows.
func wrongValues() []mistake {
	word := func(path string) mistake {
		return mistake{name: "word " + path, change: set(path, "s256"), stage: atCheck, says: "found `s256`", path: path, code: "unknown-value"}
	}
	return []mistake{
		{name: "duration with a unit", change: set("database.connect_timeout", "30s"), stage: atCheck, says: `found string "30s", expected u64`, path: "database.connect_timeout", code: "wrong-type"},
		word(idp + ".pkce_method"),
		word(idp + ".discovery_mode"),
		word(idp + ".response_mode"),
		word(idp + ".on_backchannel_logout"),
		word(idp + ".token_endpoint_auth_method"),
		word(idp + ".claims_imports.localpart.action"),
		word(idp + ".claims_imports.localpart.on_conflict"),
		word("matrix.kind"),
		word(internal + ".resources[0].name"),
		word("email.transport"),
		word("passwords.schemes[0].algorithm"),
		word("telemetry.tracing.exporter"),
		word("telemetry.metrics.exporter"),
		word("captcha.service"),
		word("database.ssl_mode"),
	}
}

// secretMistakes concern the pairs such as secret and secret_file, and their values.
func secretMistakes() []mistake {
	const both, neither = "Cannot specify both", "Missing `"
	encryption := func(name string, value any, says, code string) mistake {
		return mistake{name: "encryption " + name, change: set("secrets.encryption", value), stage: atCheck, says: says, path: "secrets.encryption", code: code}
	}
	return []mistake{
		encryption("base64", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0cw==", "Invalid character", "encryption-key-base64"),
		encryption("short", strings.Repeat("ab", 31), "length 31", "encryption-key-length"),
		encryption("of digits, unquoted", 1e63, "found float", "wrong-type"),
		encryption("neither", nil, neither, "required"),
		{name: "encryption both", change: set("secrets.encryption_file", missing), stage: atCheck, says: both, path: "secrets.encryption", code: "both-set"},
		{name: "matrix secret both", change: set("matrix.secret_file", missing), stage: atCheck, says: both, path: "matrix.secret", code: "both-set"},
		{name: "matrix secret neither", change: set("matrix.secret", nil), stage: atCheck, says: neither, path: "matrix.secret", code: "required"},
		{name: "key both", change: set("secrets.keys[0].key_file", missing), stage: atCheck, says: both, path: "secrets.keys[0].key", code: "both-set"},
		{name: "key neither", change: set("secrets.keys[0].key", nil), stage: atCheck, says: neither, path: "secrets.keys[0].key", code: "required"},
		{name: "key password both", change: all(set("secrets.keys[0].password", "a"), set("secrets.keys[0].password_file", missing)), stage: atCheck, says: both, path: "secrets.keys[0].password", code: "both-set"},
		{name: "provider secret both", change: set(idp+".client_secret_file", missing), stage: atCheck, says: both, path: idp + ".client_secret", code: "both-set"},
		{name: "client secret both", change: set(client+".client_secret_file", missing), stage: atCheck, says: both, path: client + ".client_secret", code: "both-set"},
		{name: "pepper both", change: all(set("passwords.schemes[0].secret", "a"), set("passwords.schemes[0].secret_file", missing)), stage: atCheck, says: "`secret` and `secret_file`", path: "passwords.schemes[0].secret", code: "both-set"},
		{name: "matrix secret with inner newline", change: set("matrix.secret", strings.Repeat("s", 32)+"\n"+strings.Repeat("s", 32)), stage: atUse, path: "matrix.secret", code: "secret-control-character"},
		{name: "matrix secret empty", change: set("matrix.secret", ""), stage: atUse, path: "matrix.secret", code: "empty"},
		{name: "matrix secret that is a URI", change: set("matrix.secret", "file:///run/secrets/shared-secret-of-synapse"), stage: atUse, path: "matrix.secret", code: "placeholder"},
		{name: "encryption file with newline", change: all(set("secrets.encryption", nil), inFile("secrets.encryption_file", strings.Repeat("ab", 32)+"\n")), stage: atBoot, says: "hex characters", path: "secrets.encryption_file", code: "encryption-key-space"},
	}
}

// fileMistakes name files that are not there.
func fileMistakes() []mistake {
	row := func(path string, changes ...change) mistake {
		return mistake{name: "missing " + path, change: all(append(changes, set(path, missing))...), stage: atBoot, says: notFound, path: path, code: "file-missing"}
	}
	const scheme = "passwords.schemes[0].secret_file"
	smtp := set("email", map[string]any{"transport": "smtp", "mode": "plain", "hostname": "127.0.0.1", "username": "mas", "from": "mas@example.com"})
	return []mistake{
		row("secrets.encryption_file", set("secrets.encryption", nil)),
		row("matrix.secret_file", set("matrix.secret", nil)),
		row("secrets.keys[0].key_file", set("secrets.keys[0].key", nil)),
		row("secrets.keys[0].password_file"),
		row("secrets.keys_dir"),
		row(idp+".client_secret_file", set(idp+".client_secret", nil)),
		row(client+".client_secret_file", set(client+".client_secret", nil)),
		row(scheme),
		row("database.password_file", set("database", map[string]any{"host": "127.0.0.1", "username": "mas"})),
		row("email.password_file", smtp),
		{name: "a URI for a file", change: all(set("matrix.secret", nil), set("matrix.secret_file", "file:///etc/hostname")), stage: atBoot, says: notFound, path: "matrix.secret_file", code: "file-uri"},
	}
}

func encodePEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// privatePEM encodes a key of Go's library.
func privatePEM(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err.Error()
	}
	return encodePEM("PRIVATE KEY", der)
}

func ecParameters(key *ecdsa.PrivateKey) string {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err.Error()
	}
	parameters := []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7} // the object identifier of P-256
	return encodePEM("EC PARAMETERS", parameters) + encodePEM("EC PRIVATE KEY", der)
}

func generateEC(curve elliptic.Curve) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil
	}
	return key
}

// encrypted is the key under the password "open".
func encrypted(key keys.SigningKey) string {
	block, _ := pem.Decode([]byte(key.PEM().Reveal()))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return err.Error()
	}
	der, err := pkcs8.MarshalPrivateKey(private, []byte("open"), pkcs8.DefaultOpts)
	if err != nil {
		return err.Error()
	}
	return encodePEM("ENCRYPTED PRIVATE KEY", der)
}

func keyMistakes(m *liveMAS) []mistake {
	const path = "secrets.keys[1].key"
	key := func(name, text, says string, code keys.Reason) mistake {
		return mistake{name: "key " + name, change: set(path, text), stage: atBoot, says: says, path: path, code: string(code)}
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil
	}
	stray := func(s *sandbox) {
		name := s.write("keys/README", "These are keys.")
		set("secrets.keys_dir", strings.TrimSuffix(name, "/README"))(s)
	}
	return []mistake{
		key("of random bytes", strings.Repeat("q", 32), "Unsupported format", keys.ReasonNotAKey),
		key("with EC PARAMETERS", ecParameters(generateEC(elliptic.P256())), "Unsupported format", keys.ReasonECParameters),
		key("P-521", privatePEM(generateEC(elliptic.P521())), "Unknown Elliptic Curve OID", keys.ReasonCurve),
		key("Ed25519", privatePEM(ed), "Unknown algorithm OID", keys.ReasonType),
		key("encrypted, without password", encrypted(m.ecKey), "encrypted", keys.ReasonPasswordMissing),
		{name: "key password wrong", change: all(set(path, encrypted(m.ecKey)), set("secrets.keys[1].password", "closed")), stage: atBoot, path: path, code: string(keys.ReasonPasswordWrong)},
		{name: "key password for nothing", change: set("secrets.keys[0].password", "open"), stage: atBoot, path: "secrets.keys[0].key", code: string(keys.ReasonPasswordSuperfluous)},
		{name: "key password file with newline", change: all(set(path, encrypted(m.ecKey)), inFile("secrets.keys[1].password_file", "open\n")), stage: atBoot, path: "secrets.keys[1].password_file", code: "file-newline"},
		{name: "stray file among keys", change: stray, stage: atBoot, says: "Unsupported format", path: "secrets.keys_dir", code: string(keys.ReasonNotAKey)},
		{name: "no keys", change: set("secrets.keys", nil), stage: atUse, path: "secrets.keys", code: "required"},
		{name: "empty keys", change: set("secrets.keys", []any{}), stage: atUse, path: "secrets.keys", code: "required"},
		{name: "EC keys only", change: set("secrets.keys", []any{map[string]any{"key": m.ecKey.PEM().Reveal()}}), stage: atUse, path: "secrets.keys", code: string(keys.ReasonNoRSA)},
		{name: "kid twice", change: set("secrets.keys[2]", map[string]any{"kid": "ec", "key": privatePEM(generateEC(elliptic.P384()))}), stage: atUse, path: "secrets.keys[2]", code: string(keys.ReasonDuplicateKid)},
	}
}

func listenerMistakes() []mistake {
	bind := func(name string, value any, says, path, code string) mistake {
		return mistake{name: "bind " + name, change: set(web+".binds[0]", value), stage: atBoot, says: says, path: web + path, code: code}
	}
	const descriptor = "no listener found on file descriptor"
	again := func(address string) change {
		return func(s *sandbox) {
			set(internal+".binds[1]", map[string]any{"address": address + ":" + itoa(s.health)})(s)
		}
	}
	any6 := func(s *sandbox) {
		set(internal+".binds[0]", map[string]any{"address": "[::]:" + itoa(s.health)})(s)
	}
	return []mistake{
		{name: "no listeners", change: set("http.listeners", nil), stage: hangs, path: "http.listeners", code: "required"},
		{name: "empty listeners", change: set("http.listeners", []any{}), stage: hangs, path: "http.listeners", code: "required"},
		{name: "no resources", change: set(web+".resources", []any{}), stage: atCheck, says: "listener has no resources", path: web + ".resources", code: "required"},
		{name: "no binds", change: set(web+".binds", []any{}), stage: atCheck, says: "listener does not bind to any address", path: web + ".binds", code: "required"},
		bind("misspelt", map[string]any{"addr": "127.0.0.1:8080"}, descriptor, ".binds[0].addr", "unknown-key"),
		bind("nothing", map[string]any{}, descriptor, ".binds[0]", "bind-invalid"),
		bind("host alone", map[string]any{"host": "127.0.0.1"}, descriptor, ".binds[0]", "bind-invalid"),
		bind("port as text", map[string]any{"port": "8080"}, descriptor, ".binds[0].port", "wrong-type"),
		bind("name in address", map[string]any{"address": "localhost:8080"}, "could not parse listener address", ".binds[0].address", "bind-address-invalid"),
		{name: "port twice", change: again("127.0.0.1"), stage: atBoot, says: "could not bind address", path: internal + ".binds[1].address", code: "address-in-use"},
		{name: "port on any address too", change: again("0.0.0.0"), stage: atBoot, says: "could not bind address", path: internal + ".binds[1].address", code: "address-in-use"},
		{name: "port on both families", change: all(any6, again("0.0.0.0")), stage: atBoot, says: "could not bind address", path: internal + ".binds[1].address", code: "address-in-use"},
		{name: "prefix without slash", change: set(web+".prefix", "auth"), stage: atBoot, path: web + ".prefix", code: "prefix-invalid"},
		{name: "resource twice", change: set(internal+".resources[1]", map[string]any{"name": "health"}), stage: atBoot, path: internal + ".resources[1].name", code: "duplicate"},
		{name: "metrics without exporter", change: set(internal+".resources[1]", map[string]any{"name": "prometheus"}), stage: atUse, path: internal + ".resources[1].name", code: "metrics-not-exported"},
	}
}

// certificate is self-signed.
func certificate(key *ecdsa.PrivateKey) string {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mas"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err.Error()
	}
	return encodePEM("CERTIFICATE", der)
}

func tlsMistakes(m *liveMAS) []mistake {
	tls := func(fields map[string]any) change { return set(web+".tls", fields) }
	const path = web + ".tls."
	cert, key := certificate(generateEC(elliptic.P256())), m.ecKey.PEM().Reveal()
	return []mistake{
		{name: "tls empty", change: tls(map[string]any{}), stage: atCheck, says: "missing a certificate", path: path + "certificate", code: "required"},
		{name: "tls without key", change: tls(map[string]any{"certificate": cert}), stage: atCheck, says: "missing a private key", path: path + "key", code: "required"},
		{name: "tls key twice", change: tls(map[string]any{"certificate": cert, "key": key, "key_file": missing}), stage: atCheck, says: "Only one of", path: path + "key", code: "both-set"},
		{name: "tls certificate missing", change: tls(map[string]any{"certificate_file": missing, "key": key}), stage: atBoot, says: notFound, path: path + "certificate_file", code: "file-missing"},
		{name: "tls key missing", change: tls(map[string]any{"certificate": cert, "key_file": missing}), stage: atBoot, says: notFound, path: path + "key_file", code: "file-missing"},
		{name: "tls mismatch", change: tls(map[string]any{"certificate": cert, "key": key}), stage: atBoot, says: "KeyMismatch", path: path + "key", code: "tls-mismatch"},
		{name: "tls without certificate in the chain", change: tls(map[string]any{"certificate": "none", "key": key}), stage: atBoot, says: "chain is empty", path: path + "certificate", code: "certificate-invalid"},
	}
}

func addressMistakes() []mistake {
	const base = "http.public_base"
	row := func(name, url string, at stage, says, code string) mistake {
		return mistake{name: "public base " + name, change: set(base, url), stage: at, says: says, path: base, code: code}
	}
	return []mistake{
		{name: "public base missing", change: set(base, nil), stage: atCheck, says: "missing field", path: base, code: "required"},
		row("relative", "account.example.com", atCheck, "relative URL without a base", "url-invalid"),
		row("with query", "https://account.example.com/?a", atBoot, "", "url-query"),
		row("with fragment", "https://account.example.com/#a", atBoot, "", "url-query"),
		row("with user", "https://a:b@account.example.com/", atBoot, "", "url-userinfo"),
		row("ftp", "ftp://account.example.com/", atBoot, "", "url-scheme"),
		row("with a path without slash", "https://example.com/auth", atUse, "", "url-no-slash"),
		{name: "trusted proxy by name", change: set("http.trusted_proxies[0]", "ingress"), stage: atCheck, path: "http.trusted_proxies[0]", code: "network-invalid"},
		{name: "homeserver is a URL", change: set("matrix.homeserver", "https://example.com"), stage: atUse, path: "matrix.homeserver", code: "server-name-is-url"},
		{name: "endpoint is no URL", change: set("matrix.endpoint", "synapse"), stage: atCheck, says: "relative URL without a base", path: "matrix.endpoint", code: "url-invalid"},
		{name: "policy address relative", change: set("branding.policy_uri", "/privacy"), stage: atCheck, says: "relative URL without a base", path: "branding.policy_uri", code: "url-invalid"},
	}
}
