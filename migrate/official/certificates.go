package official

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// certificates are those of a connection, in PEM.
type certificates struct{ authority, client, key maskit.Secret }

// certificatesOf reads them back: those of the client from the settings of TLS, and
// the authority, which cannot be got out of them, from the file that the address names.
func certificatesOf(config *pgx.ConnConfig) (certificates, error) {
	var c certificates
	if path := rootCertificate(config.ConnString()); path != "" && path != "system" {
		data, err := os.ReadFile(path) //nolint:gosec // the address names the file
		if err != nil {
			return c, fmt.Errorf("read sslrootcert: %w", err)
		}
		c.authority = maskit.NewSecret(string(data))
	}
	own := clientCertificate(config)
	if own == nil {
		return c, nil
	}
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		return c, fmt.Errorf("write the key of the client certificate: %w", err)
	}
	var chain strings.Builder
	for _, der := range own.Certificate {
		chain.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	c.client = maskit.NewSecret(chain.String())
	c.key = maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	return c, nil
}

func clientCertificate(config *pgx.ConnConfig) *tls.Certificate {
	if config.TLSConfig == nil || len(config.TLSConfig.Certificates) == 0 {
		return nil
	}
	return &config.TLSConfig.Certificates[0]
}

// rootCertificate finds sslrootcert in a URI or a connection string of libpq.
func rootCertificate(text string) string {
	if scheme, _, ok := strings.Cut(text, "://"); ok && (scheme == "postgres" || scheme == "postgresql") {
		_, query, _ := strings.Cut(text, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			return ""
		}
		for _, spelling := range []string{"sslrootcert", "ssl-root-cert", "ssl-ca"} {
			if values.Has(spelling) {
				return values.Get(spelling)
			}
		}
		return ""
	}
	return libpqValue(text, "sslrootcert")
}

// libpqValue returns the last value of a key in "key = 'value' …", with the escapes of libpq.
func libpqValue(text, key string) string {
	found := ""
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return found
		}
		var value string
		value, text = libpqWord(strings.TrimLeft(rest, " \t\r\n"))
		if strings.TrimSpace(name) == key {
			found = value
		}
	}
	return found
}

// libpqWord splits off a value, which may be quoted.
func libpqWord(text string) (value, rest string) {
	quoted := strings.HasPrefix(text, "'")
	text = strings.TrimPrefix(text, "'")
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case quoted && c == '\'', !quoted && strings.IndexByte(" \t\r\n", c) >= 0:
			return b.String(), text[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
