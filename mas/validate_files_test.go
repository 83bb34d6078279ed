package mas

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io/fs"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// selfSigned returns a certificate and its key, both in PEM.
func selfSigned(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mas"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return pemOf("CERTIFICATE", der), pemOf("PRIVATE KEY", keyDER)
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// encryptedKey is an RSA key under the password "open".
func encryptedKey(t *testing.T) string {
	t.Helper()
	block, _ := pem.Decode([]byte(keyOf(t, keys.RSA).PEM().Reveal()))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	der, err := pkcs8.MarshalPrivateKey(private, []byte("open"), pkcs8.DefaultOpts)
	require.NoError(t, err)
	return pemOf("ENCRYPTED PRIVATE KEY", der)
}

func p521Key(t *testing.T) string {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return pemOf("PRIVATE KEY", der)
}

func TestValidateSigningKeys(t *testing.T) {
	t.Parallel()
	list := func(entries ...SigningKey) func(*Config) { return func(c *Config) { c.Secrets.Keys = entries } }
	entry := func(text string) SigningKey { return SigningKey{Key: inline(text)} }
	rsaPEM, ecPEM := keyOf(t, keys.RSA).PEM().Reveal(), keyOf(t, keys.P256).PEM().Reveal()
	const first, second = "secrets.keys[0]", "secrets.keys[1]"
	encryption := func(text string) func(*Config) {
		return func(c *Config) { c.Secrets.Encryption = inline(text) }
	}
	runRules(t, []rule{
		{"none", list(), only("secrets.keys", "required", fails)},
		{"empty", func(c *Config) { c.Secrets.Keys = []SigningKey{} }, only("secrets.keys", "required", fails)},
		{"EC only", list(entry(ecPEM)), only("secrets.keys", "signing-key-no-rsa", fails)},
		{"RSA only", list(entry(rsaPEM)), nil},
		{"without key", list(SigningKey{KID: "a"}, entry(rsaPEM)), only(first+".key", "required", fails)},
		{"random bytes", list(entry(strings.Repeat("q", 32)), entry(rsaPEM)), only(first+".key", "key-not-a-key", fails)},
		{"P-521", list(entry(p521Key(t)), entry(rsaPEM)), only(first+".key", "key-curve-unsupported", fails)},
		{"two blocks", list(entry(ecPEM+"\n"+ecPEM), entry(rsaPEM)), only(first+".key", "key-several-blocks", fails)},
		{"kid twice", list(SigningKey{KID: "a", Key: inline(rsaPEM)}, SigningKey{KID: "a", Key: inline(ecPEM)}), only(second, "signing-key-duplicate-kid", fails)},
		{"key twice", list(entry(rsaPEM), entry(rsaPEM)), only(second, "signing-key-duplicate", fails)},
		{"password for a plain key", list(SigningKey{Key: inline(rsaPEM), Password: inline("open")}), only(first+".key", "key-password-superfluous", fails)},
		{"encrypted", list(SigningKey{Key: inline(encryptedKey(t)), Password: inline("open")}), nil},
		{"encrypted without password", list(entry(encryptedKey(t))), only(first+".key", "key-password-missing", fails)},
		{"encrypted with another password", list(SigningKey{Key: inline(encryptedKey(t)), Password: inline("closed")}), only(first+".key", "key-password-wrong", fails)},
		{"in files that nobody looks at", list(SigningKey{Key: file("/a.pem"), Password: file("/a.txt")}), []finding{
			{first + ".key_file", "not-checked", notes},
			{first + ".password_file", "not-checked", notes},
		}},
		{"in a directory that nobody looks at", func(c *Config) { c.Secrets.Keys, c.Secrets.KeysDir = nil, "/keys" }, only("secrets.keys_dir", "not-checked", notes)},
		{"encryption missing", func(c *Config) { c.Secrets.Encryption = SecretValue{} }, only("secrets.encryption", "required", fails)},
		{"encryption twice", func(c *Config) { c.Secrets.Encryption.File = "/encryption" }, only("secrets.encryption", "both-set", fails)},
		{"encryption base64", encryption("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0cw=="), only("secrets.encryption", "encryption-key-base64", fails)},
		{"encryption short", encryption(strings.Repeat("ab", 31)), only("secrets.encryption", "encryption-key-length", fails)},
		{"encryption no hex", encryption(strings.Repeat("zy", 31) + "!!"), only("secrets.encryption", "encryption-key-not-hex", fails)},
		{"encryption with newline", encryption(strings.Repeat("ab", 32) + "\n"), only("secrets.encryption", "encryption-key-space", fails)},
		{"encryption in upper case", encryption(strings.Repeat("AB", 32)), nil},
	})
}

func TestValidateWeakSigningKey(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	private, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	c := validConfig(t)
	c.Secrets.Keys = []SigningKey{{Key: inline(pemOf("PRIVATE KEY", der))}}
	require.Equal(t, only("secrets.keys[0]", "key-weak", warns), findings(c.Validate(ValidateOptions{})))
}

func TestValidateTLS(t *testing.T) {
	t.Parallel()
	cert, key := selfSigned(t)
	_, otherKey := selfSigned(t)
	tls := func(t TLS) func(*Config) { return func(c *Config) { c.HTTP.Listeners[0].TLS = &t } }
	const at = "http.listeners[0].tls."
	runRules(t, []rule{
		{"good", tls(TLS{Certificate: TextValue{Inline: cert}, Key: inline(key)}), nil},
		{"empty", tls(TLS{}), []finding{{at + "certificate", "required", fails}, {at + "key", "required", fails}}},
		{"without key", tls(TLS{Certificate: TextValue{Inline: cert}}), only(at+"key", "required", fails)},
		{"without certificate", tls(TLS{Key: inline(key)}), only(at+"certificate", "required", fails)},
		{"both certificates", tls(TLS{Certificate: TextValue{Inline: cert, File: "/cert"}, Key: inline(key)}), only(at+"certificate", "both-set", fails)},
		{"both passwords", tls(TLS{Certificate: TextValue{Inline: cert}, Key: inline(key), Password: SecretValue{Inline: maskit.NewSecret("a"), File: "/b"}}), only(at+"password", "both-set", fails)},
		{"key of another certificate", tls(TLS{Certificate: TextValue{Inline: cert}, Key: inline(otherKey)}), only(at+"key", "tls-mismatch", fails)},
		{"key for a certificate", tls(TLS{Certificate: TextValue{Inline: key}, Key: inline(key)}), only(at+"certificate", "certificate-invalid", fails)},
		{"certificate for a key", tls(TLS{Certificate: TextValue{Inline: cert}, Key: inline(cert)}), only(at+"key", "key-public", fails)},
		{"certificate broken", tls(TLS{Certificate: TextValue{Inline: pemOf("CERTIFICATE", []byte("x"))}, Key: inline(key)}), only(at+"certificate", "certificate-invalid", fails)},
	})
}

// filesConfig has every secret in a file.
func filesConfig(t *testing.T) (*Config, fstest.MapFS) {
	t.Helper()
	cert, key := selfSigned(t)
	c := validConfig(t)
	c.Database = &Database{
		Host: "postgres", Password: file("/s/db"), SSLCA: TextValue{File: "/s/cert"},
		SSLCertificate: TextValue{File: "/s/cert"}, SSLKey: file("/s/tls-key"),
	}
	c.HTTP.Listeners[0].TLS = &TLS{Certificate: TextValue{File: "/s/cert"}, Key: file("/s/tls-key")}
	c.Matrix.Secret, c.Email.Password = file("/s/matrix"), file("/s/mail")
	c.Secrets = Secrets{Encryption: file("/s/encryption"), Keys: []SigningKey{{Key: file("/s/rsa"), Password: file("s/rsa-password")}}}
	c.Passwords.Schemes[0].Secret = file("/s/pepper")
	c.Clients[0].ClientSecret = file("/s/client")
	c.UpstreamOAuth2.Providers[0].ClientSecret = file("/s/../s/provider")
	return c, fstest.MapFS{
		"s/db": {Data: []byte("db\n")}, "s/mail": {Data: []byte(" mail\n")}, "s/matrix": {Data: []byte(testSecret() + "\n")},
		"s/cert": {Data: []byte(cert)}, "s/tls-key": {Data: []byte(key)},
		"s/encryption": {Data: []byte(strings.Repeat("ab", 32))},
		"s/rsa":        {Data: []byte(encryptedKey(t))}, "s/rsa-password": {Data: []byte("open")},
		"s/pepper": {Data: []byte("pepper")}, "s/client": {Data: []byte("client\n")}, "s/provider": {Data: []byte("provider")},
	}
}

func filePaths() []string {
	return []string{
		"database.password_file", "database.ssl_ca_file", "database.ssl_certificate_file", "database.ssl_key_file",
		"http.listeners[0].tls.certificate_file", "http.listeners[0].tls.key_file", "matrix.secret_file", "email.password_file",
		"secrets.encryption_file", "secrets.keys[0].key_file", "secrets.keys[0].password_file", "passwords.schemes[0].secret_file",
		"clients[0].client_secret_file", "upstream_oauth2.providers[0].client_secret_file",
	}
}

func findingsAt(paths []string, code string, severity maskit.Severity) []finding {
	var out []finding
	for _, path := range paths {
		out = append(out, finding{path, code, severity})
	}
	return out
}

func TestValidateFiles(t *testing.T) {
	t.Parallel()
	c, files := filesConfig(t)
	require.Empty(t, c.Validate(ValidateOptions{FS: files}).String())
	require.ElementsMatch(t, findingsAt(filePaths(), "not-checked", notes), findings(c.Validate(ValidateOptions{})))
	require.ElementsMatch(t, findingsAt(filePaths(), "file-missing", fails), findings(c.Validate(ValidateOptions{FS: fstest.MapFS{}})))
	blank := fstest.MapFS{}
	for name := range files {
		blank[name] = &fstest.MapFile{Data: []byte("\n")}
	}
	require.ElementsMatch(t, findingsAt(filePaths(), "empty", fails), findings(c.Validate(ValidateOptions{FS: blank})))
}

func TestValidateFileContents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		file string
		data string
		want []finding
	}{
		{"encryption with newline", "s/encryption", strings.Repeat("ab", 32) + "\n", only("secrets.encryption_file", "encryption-key-space", fails)},
		{"encryption short", "s/encryption", "abcd", only("secrets.encryption_file", "encryption-key-length", fails)},
		{"key password with newline", "s/rsa-password", "open\n", only("secrets.keys[0].password_file", "file-newline", fails)},
		{"key password wrong", "s/rsa-password", "closed\n", only("secrets.keys[0].key_file", "key-password-wrong", fails)},
		{"pepper with newline", "s/pepper", "pepper\n", only("passwords.schemes[0].secret_file", "file-newline", warns)},
		{"shared secret in two lines", "s/matrix", testSecret() + "\n" + testSecret() + "\n", only("matrix.secret_file", "secret-control-character", fails)},
		{"shared secret short", "s/matrix", "short\n", only("matrix.secret_file", "secret-short", warns)},
		{"provider secret that is a reference", "s/provider", "${SECRET}\n", only("upstream_oauth2.providers[0].client_secret_file", "placeholder", fails)},
		{"too large", "s/client", strings.Repeat("a", maxFileSize+1), only("clients[0].client_secret_file", "file-too-large", fails)},
		{"no certificate", "s/cert", "cert", []finding{
			{"database.ssl_ca_file", "certificate-invalid", fails},
			{"database.ssl_certificate_file", "certificate-invalid", fails},
			{"http.listeners[0].tls.certificate_file", "certificate-invalid", fails},
		}},
		{"no key", "s/tls-key", "key", []finding{
			{"database.ssl_key_file", "key-not-a-key", fails},
			{"http.listeners[0].tls.key_file", "key-not-a-key", fails},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, files := filesConfig(t)
			files[tc.file] = &fstest.MapFile{Data: []byte(tc.data)}
			require.ElementsMatch(t, tc.want, findings(c.Validate(ValidateOptions{FS: files})))
		})
	}
}

func TestValidateFileNames(t *testing.T) {
	t.Parallel()
	c := validConfig(t)
	c.Matrix.Secret = file("file:///etc/mas/secret")
	for _, options := range []ValidateOptions{{}, {FS: fstest.MapFS{}}} {
		require.Equal(t, only("matrix.secret_file", "file-uri", fails), findings(c.Validate(options)))
	}
	c.Templates = &Templates{Path: "file:///opt/templates"}
	require.Contains(t, findings(c.Validate(ValidateOptions{})), finding{"templates.path", "file-uri", fails})
	c.Templates = nil
	c.Matrix.Secret = file("/dir")
	require.Equal(t, only("matrix.secret_file", "file-is-directory", fails), findings(c.Validate(ValidateOptions{FS: fstest.MapFS{"dir/x": {}}})))
}

// deniedFS shows its files and lets nobody open them.
type deniedFS struct{ fstest.MapFS }

func (deniedFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

// hiddenFS does not even show its files.
type hiddenFS struct{ deniedFS }

func (hiddenFS) Stat(name string) (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrPermission}
}

func (deniedFS) ReadFile(name string) ([]byte, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func (deniedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestValidateDeniedFiles(t *testing.T) {
	t.Parallel()
	c, files := filesConfig(t)
	for _, fsys := range []fs.FS{deniedFS{files}, hiddenFS{deniedFS{files}}} {
		require.ElementsMatch(t, findingsAt(filePaths(), "file-unreadable", fails), findings(c.Validate(ValidateOptions{FS: fsys})))
	}
	c = validConfig(t)
	c.Secrets.Keys, c.Secrets.KeysDir = nil, "/keys"
	require.Equal(t, only("secrets.keys_dir", "file-unreadable", fails), findings(c.Validate(ValidateOptions{FS: deniedFS{fstest.MapFS{"keys/a": {}}}})))
}

func TestValidateKeysDir(t *testing.T) {
	t.Parallel()
	rsaKey := &fstest.MapFile{Data: []byte(keyOf(t, keys.RSA).PEM().Reveal())}
	ecKey := &fstest.MapFile{Data: []byte(keyOf(t, keys.P256).PEM().Reveal())}
	other, err := keys.Generate(keys.P256)
	require.NoError(t, err)
	otherEC := &fstest.MapFile{Data: []byte(other.PEM().Reveal())}
	const at = "secrets.keys_dir"
	for _, tc := range []struct {
		name  string
		files fstest.MapFS
		want  []finding
	}{
		{"good", fstest.MapFS{"keys/rsa": rsaKey, "keys/ec": ecKey, "keys/..data/rsa": rsaKey}, nil},
		{"missing", fstest.MapFS{}, only(at, "file-missing", fails)},
		{"a file", fstest.MapFS{"keys": rsaKey}, only(at, "file-not-directory", fails)},
		{"EC only", fstest.MapFS{"keys/ec": ecKey}, only("secrets.keys", "signing-key-no-rsa", fails)},
		{"stray file", fstest.MapFS{"keys/rsa": rsaKey, "keys/README": {Data: []byte("read me")}}, only(at, "key-not-a-key", fails)},
		{"two of a kind", fstest.MapFS{"keys/rsa": rsaKey, "keys/a": ecKey, "keys/b": otherEC}, only(at, "keys-dir-order", warns)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := validConfig(t)
			c.Secrets.Keys, c.Secrets.KeysDir = nil, "/keys"
			require.Equal(t, tc.want, findings(c.Validate(ValidateOptions{FS: tc.files})))
		})
	}
}

func TestValidateImageFiles(t *testing.T) {
	t.Parallel()
	set := func(dir string) *Config {
		c := validConfig(t)
		c.Policy.WASMModule = dir + "policy.wasm"
		c.Templates = &Templates{Path: dir + "templates/", AssetsManifest: dir + "manifest.json", TranslationsPath: dir + "translations"}
		c.HTTP.Listeners[0].Resources[5].Path = dir + "assets"
		return c
	}
	paths := []string{
		"http.listeners[0].resources[5].path", "policy.wasm_module", "templates.path", "templates.assets_manifest", "templates.translations_path",
	}
	present := fstest.MapFS{"opt/policy.wasm": {}, "opt/templates/a": {}, "opt/manifest.json": {}, "opt/translations/a": {}, "opt/assets/a": {}}
	require.ElementsMatch(t, findingsAt(paths, "not-checked", notes), findings(set("/opt/").Validate(ValidateOptions{})))
	require.ElementsMatch(t, findingsAt(paths, "file-missing", fails), findings(set("/opt/").Validate(ValidateOptions{FS: fstest.MapFS{}})))
	require.ElementsMatch(t, findingsAt(paths, "not-checked", notes), findings(set(imageDir).Validate(ValidateOptions{FS: fstest.MapFS{}})))
	require.Empty(t, findings(set("/opt/").Validate(ValidateOptions{FS: present})))

	c := validConfig(t)
	c.Email = &Email{Transport: EmailSendmail, From: "a@example.com", Command: "/usr/sbin/sendmail"}
	require.Equal(t, only("email.command", "file-missing", fails), findings(c.Validate(ValidateOptions{FS: fstest.MapFS{}})))
}
