// Package localtls makes certificates for servers that tests start on loopback: an
// authority and one certificate for 127.0.0.1. That of net/http/httptest is both in one,
// which programs outside Go refuse.
//
//	authority, err := localtls.New(time.Now())
//	server.TLS = authority.ServerConfig()
//	client := authority.Client() // trusts that server, and no other
//
// # Errors
//
// New fails only where no random numbers can be had.
package localtls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"slices"
	"time"
)

// Authority is a certificate authority and the one certificate that it issued.
type Authority struct {
	root *x509.Certificate
	pem  []byte
	leaf tls.Certificate
}

// clientTimeout bounds every request of the clients.
const clientTimeout = time.Minute

// New makes an authority whose certificates are valid from an hour ago on, for months.
func New(now time.Time) (Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Authority{}, err
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "maskit tests"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return Authority{}, err
	}
	a := Authority{pem: encode("CERTIFICATE", der)}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		return Authority{}, err
	}
	a.leaf, err = a.issue(key, now)
	return a, err
}

// issue makes the certificate of the server.
func (a Authority) issue(signer *ecdsa.PrivateKey, now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 6, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.root, key.Public(), signer)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// RootPEM is the certificate of the authority.
func (a Authority) RootPEM() []byte { return slices.Clone(a.pem) }

// ServerPEM is the certificate of the server and its private key.
func (a Authority) ServerPEM() (certificate, key []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.leaf.PrivateKey)
	return encode("CERTIFICATE", a.leaf.Certificate[0]), encode("PRIVATE KEY", der), err
}

// ServerConfig is the configuration of a server.
func (a Authority) ServerConfig() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.leaf}, MinVersion: tls.VersionTLS12}
}

// Client returns a client that trusts the authority, and no other, and keeps no connection.
func (a Authority) Client() *http.Client {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return &http.Client{
		Timeout:   clientTimeout,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
	}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
