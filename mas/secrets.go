package mas

// Secrets is the section secrets. It is required.
type Secrets struct {
	// Encryption is the key that encrypts cookies and the client secrets in the
	// database: 64 hex digits. Required, the same for every process, and never
	// changed once MAS has run. MAS takes the file byte for byte: a final newline is
	// fatal.
	Encryption SecretValue `yaml:"encryption" file:"encryption_file" filesince:"0.17" null:"absent"`
	// Keys are the private keys that sign ID tokens; at least one RSA key. Of several
	// keys for one algorithm the last signs.
	Keys []SigningKey `yaml:"keys" null:"absent"`
	// KeysDir is a directory of which every file is a key; they come before Keys.
	// Their order is that of the directory, so two keys for one algorithm are unsafe.
	KeysDir string `yaml:"keys_dir" since:"1.7" null:"absent"`
}

// SigningKey is one entry of secrets.keys.
type SigningKey struct {
	// KID names the key in JWTs. Default: its RFC 7638 thumbprint.
	KID string `yaml:"kid" null:"absent"`
	// Key is a private key in PEM or DER: RSA, P-256, P-384 or secp256k1.
	Key SecretValue `yaml:"key" file:"key_file" filesince:"0.9" trim:"pem" null:"absent"`
	// Password decrypts Key; forbidden if Key is not encrypted. MAS takes the file
	// byte for byte.
	Password SecretValue `yaml:"password" file:"password_file" null:"absent"`
}
