package mas

import "github.com/maskit-dev/maskit"

// Database is the section database: PostgreSQL 13 or newer, with session
// semantics (no transaction-mode pooler: MAS uses LISTEN and advisory locks).
//
// Either URI, or any of Host, Port, Socket, Username, Password and Name; with
// neither, the libpq environment variables (PGHOST, …) decide.
type Database struct {
	// URI is a postgresql:// URI; a secret, since it may hold the password, which
	// must be percent-encoded there. It has no file key. Default: "postgresql://".
	URI maskit.Secret `yaml:"uri" null:"absent"`
	// Host is a host name or address.
	Host string `yaml:"host" null:"absent"`
	// Port is the TCP port. Default: 5432.
	Port uint16 `yaml:"port" null:"absent"`
	// Socket is the directory of the unix socket.
	Socket string `yaml:"socket" null:"absent"`
	// Username is the role.
	Username string `yaml:"username" null:"absent"`
	// Password is its password. MAS drops white space around the file's content.
	Password SecretValue `yaml:"password" file:"password_file" filesince:"1.22" trim:"space" null:"absent"`
	// Name is the database.
	Name string `yaml:"database" null:"absent"`
	// SSLMode says how far TLS is asked for and checked. Default: prefer.
	SSLMode SSLMode `yaml:"ssl_mode" since:"0.10" null:"absent"`
	// SSLCA is the PEM of the certificate authorities to trust.
	SSLCA TextValue `yaml:"ssl_ca" file:"ssl_ca_file" since:"0.10" filesince:"0.10" trim:"pem" null:"absent"`
	// SSLCertificate is the PEM of the client certificate; with SSLKey.
	SSLCertificate TextValue `yaml:"ssl_certificate" file:"ssl_certificate_file" since:"0.10" filesince:"0.10" trim:"pem" null:"absent"`
	// SSLKey is the private key of SSLCertificate.
	SSLKey SecretValue `yaml:"ssl_key" file:"ssl_key_file" since:"0.10" filesince:"0.10" trim:"pem" null:"absent"`
	// MaxConnections bounds the pool of each process, servers and workers alike.
	// Default: 10. With 1, a server that also runs the worker deadlocks.
	MaxConnections Opt[uint32] `yaml:"max_connections"`
	// MinConnections is how many connections the pool keeps open. Default: 0.
	MinConnections uint32 `yaml:"min_connections"`
	// ConnectTimeout bounds the wait for a connection of the pool. Default: 30.
	ConnectTimeout Opt[Seconds] `yaml:"connect_timeout"`
	// IdleTimeout closes idle connections. Default: 600.
	IdleTimeout Opt[Seconds] `yaml:"idle_timeout" null:"absent"`
	// MaxLifetime closes connections of that age. Default: 1800.
	MaxLifetime Opt[Seconds] `yaml:"max_lifetime"`
}

// SSLMode is the libpq TLS mode of a database connection.
type SSLMode string

// The modes, from weakest to strongest.
const (
	SSLDisable    SSLMode = "disable"
	SSLAllow      SSLMode = "allow"
	SSLPrefer     SSLMode = "prefer"
	SSLRequire    SSLMode = "require"
	SSLVerifyCA   SSLMode = "verify-ca"
	SSLVerifyFull SSLMode = "verify-full"
)

func (SSLMode) values() []string {
	return []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
}
