package live

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/maskit-dev/maskit/internal/live/pool"
)

// writeSlapdTLS writes a certificate for 127.0.0.1 by the authority, and returns the lines
// that have slapd use it.
func writeSlapdTLS(t testing.TB, dir, authority string) string {
	t.Helper()
	issuer, err := tls.LoadX509KeyPair(filepath.Join(authority, pool.AuthorityCertificate), filepath.Join(authority, pool.AuthorityKey))
	if err != nil {
		t.Fatal("live:", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal("live:", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, issuer.Leaf, &key.PublicKey, issuer.PrivateKey)
	if err != nil {
		t.Fatal("live:", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal("live:", err)
	}
	files := map[string]*pem.Block{"tls.pem": {Type: "CERTIFICATE", Bytes: certificate}, "tls.key": {Type: "PRIVATE KEY", Bytes: private}}
	for name, block := range files {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal("live:", err)
		}
	}
	return fmt.Sprintf("TLSCertificateFile %s\nTLSCertificateKeyFile %s\n", filepath.Join(dir, "tls.pem"), filepath.Join(dir, "tls.key"))
}
