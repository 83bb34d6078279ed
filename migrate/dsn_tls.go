package migrate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/mas"
)

// fileText is a text, such as a certificate, or the file that holds it.
type fileText struct{ text, file string }

func (p fileText) isZero() bool { return p == fileText{} }

// read returns the text. The file is that of the machine which migrates.
func (p fileText) read() (string, error) {
	if p.text != "" || p.file == "" {
		return p.text, nil
	}
	data, err := os.ReadFile(p.file)
	if err != nil {
		return "", fmt.Errorf("%w (mas.Config.Inline reads files in where they are)", err)
	}
	return string(data), nil
}

// tlsFiles are the certificates of a connection of MAS.
type tlsFiles struct{ ca, certificate, key fileText }

// merge puts what the section says over what its URI says.
func (t tlsFiles) merge(db *mas.Database) tlsFiles {
	over := func(own *fileText, text, file string) {
		if p := (fileText{text, file}); !p.isZero() {
			*own = p
		}
	}
	over(&t.ca, db.SSLCA.Inline, db.SSLCA.File)
	over(&t.certificate, db.SSLCertificate.Inline, db.SSLCertificate.File)
	over(&t.key, db.SSLKey.Inline.Reveal(), db.SSLKey.File)
	return t
}

// apply puts the certificates into a configuration. The authority is trusted beside those
// of the system, as by sqlx; only the modes that verify ask it.
func (t tlsFiles) apply(config *pgx.ConnConfig) error {
	roots, err := t.roots()
	if err != nil {
		return err
	}
	own, err := t.own()
	if err != nil {
		return err
	}
	for _, c := range tlsConfigs(config) {
		if roots != nil {
			c.RootCAs = roots
		}
		if own != nil {
			c.Certificates = own
		}
	}
	return nil
}

func (t tlsFiles) roots() (*x509.CertPool, error) {
	text, err := t.ca.read()
	if err != nil || text == "" {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM([]byte(text)) {
		return nil, errors.New("ssl_ca holds no certificate")
	}
	return roots, nil
}

func (t tlsFiles) own() ([]tls.Certificate, error) {
	certificate, err := t.certificate.read()
	if err != nil {
		return nil, err
	}
	key, err := t.key.read()
	if err != nil || certificate == "" && key == "" {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("ssl_certificate and ssl_key: %s", strings.TrimPrefix(err.Error(), "tls: "))
	}
	return []tls.Certificate{pair}, nil
}

// tlsConfigs lists the TLS settings of all attempts; those of one host may be shared.
func tlsConfigs(config *pgx.ConnConfig) []*tls.Config {
	var configs []*tls.Config
	if config.TLSConfig != nil {
		configs = append(configs, config.TLSConfig)
	}
	for _, fallback := range config.Fallbacks {
		if fallback.TLSConfig != nil {
			configs = append(configs, fallback.TLSConfig)
		}
	}
	return configs
}
