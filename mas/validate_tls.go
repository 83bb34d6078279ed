package mas

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"

	"github.com/maskit-dev/maskit/mas/keys"
)

// tls checks the certificate and key of a listener, which MAS loads at start.
func (c *checker) tls(at place, t TLS) {
	if t.Certificate.IsZero() {
		c.required(at.key("certificate"), "set certificate or certificate_file")
	}
	if t.Key.IsZero() {
		c.required(at.key("key"), "set key or key_file")
	}
	leaf, okLeaf := c.certificates(at.key("certificate"))
	key, okKey := c.privateKey(at, t.Password)
	if okLeaf && okKey && !belongs(leaf, key) {
		c.fail(c.values[at.key("key")].at, "tls-mismatch", "is not the key of the certificate", "use the key that the certificate was issued for; the leaf stands first in the chain")
	}
}

// certificates checks the PEM chain of a pair and returns its leaf.
func (c *checker) certificates(at place) (*x509.Certificate, bool) {
	chain, ok := c.value(at)
	if !ok {
		return nil, false
	}
	var leaf *x509.Certificate
	rest := []byte(chain.value.Reveal())
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			c.fail(chain.at, "certificate-invalid", "holds a certificate that does not decode", "use a PEM chain, leaf first")
			return nil, false
		}
		if leaf == nil {
			leaf = cert
		}
	}
	if leaf == nil {
		c.fail(chain.at, "certificate-invalid", "holds no PEM certificate", "use a PEM chain, leaf first")
	}
	return leaf, leaf != nil
}

func belongs(leaf *x509.Certificate, key keys.SigningKey) bool {
	block, _ := pem.Decode([]byte(key.PEM().Reveal()))
	if block == nil {
		return false
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return false // secp256k1, for which there are no TLS certificates
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return false
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(leaf.PublicKey)
}

// privateKey checks the pairs key and password under at and returns the key.
func (c *checker) privateKey(at place, password SecretValue) (keys.SigningKey, bool) {
	key, okKey := c.value(at.key("key"))
	pass, okPass := c.value(at.key("password"))
	if !okKey || !okPass && !password.IsZero() {
		return keys.SigningKey{}, false
	}
	parsed, err := keys.Parse(key.value, pass.value)
	if err == nil {
		return parsed, true
	}
	if password.File != "" && opensTrimmed(key.value, pass.value) {
		c.fail(pass.at, "file-newline", "ends in white space, which MAS takes for a part of the password", "write the file without a final newline")
		return keys.SigningKey{}, false
	}
	c.refused(key.at, err)
	return keys.SigningKey{}, false
}
