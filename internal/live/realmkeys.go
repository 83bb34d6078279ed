package live

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"testing"
)

// keyProviders is what Keycloak calls the kind of component that holds keys.
const keyProviders = "org.keycloak.keys.KeyProvider"

// realmKeys are the key providers of a test realm. Keycloak would make two RSA keys by
// itself, which takes it twenty times as long as all the rest of a realm. A realm that is made in another way has Keycloak's own, one for encryption among them.
func realmKeys(t testing.TB) map[string]any {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal("live: make a key for a realm:", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal("live: encode the key of a realm:", err)
	}
	return map[string]any{keyProviders: []any{
		provider("rsa", map[string]any{"privateKey": []string{base64.StdEncoding.EncodeToString(der)}}),
		provider("hmac-generated", map[string]any{"algorithm": []string{"HS512"}}),
		provider("aes-generated", map[string]any{}),
	}}
}

func provider(id string, config map[string]any) map[string]any {
	config["priority"] = []string{"100"}
	return map[string]any{"name": id, "providerId": id, "config": config}
}
