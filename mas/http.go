package mas

// HTTP is the section http: the public address and what listens where.
type HTTP struct {
	// PublicBase is the address under which people and clients reach MAS; an http or
	// https URL that ends in "/", without query, fragment and user info. Required.
	// A path in it mounts nothing by itself: each listener needs the same Prefix.
	PublicBase string `yaml:"public_base"`
	// Issuer is the OpenID issuer. Default: PublicBase.
	Issuer string `yaml:"issuer" null:"absent"`
	// Listeners are what MAS serves, and where. At least one: with none MAS starts,
	// serves nothing and burns CPU.
	Listeners []Listener `yaml:"listeners"`
	// TrustedProxies are CIDRs or addresses whose X-Forwarded-For is believed. Setting
	// it replaces the default: 192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/10 (sic),
	// 127.0.0.1/8, fd00::/8, ::1/128.
	TrustedProxies []string `yaml:"trusted_proxies"`
}

// Listener serves some resources on some addresses.
type Listener struct {
	// Name labels the listener in metrics and logs.
	Name string `yaml:"name" null:"absent"`
	// Resources are what it serves; at least one.
	Resources []Resource `yaml:"resources"`
	// Prefix is a path, starting with "/", under which all resources are mounted.
	Prefix string `yaml:"prefix" null:"absent"`
	// Binds are the addresses; at least one.
	Binds []Bind `yaml:"binds"`
	// ProxyProtocol makes every connection start with a PROXY v1 header, probes included.
	ProxyProtocol bool `yaml:"proxy_protocol"`
	// TLS makes the listener speak TLS. Absent: plain HTTP.
	TLS *TLS `yaml:"tls" null:"absent"`
}

// Resource is one group of routes.
type Resource struct {
	// Name selects the group. Required.
	Name ResourceName `yaml:"name"`
	// Playground serves the GraphQL playground; only for [ResourceGraphQL].
	Playground bool `yaml:"playground"`
	// UndocumentedOAuth2Access lets OAuth 2.0 tokens use GraphQL; only for [ResourceGraphQL].
	UndocumentedOAuth2Access bool `yaml:"undocumented_oauth2_access" since:"0.10"`
	// Path is the directory of the assets; only for [ResourceAssets]. Default: that of the image.
	Path string `yaml:"path"`
}

// ResourceName names a group of routes.
type ResourceName string

// The resources.
const (
	ResourceDiscovery      ResourceName = "discovery"       // /.well-known/openid-configuration and friends
	ResourceHuman          ResourceName = "human"           // pages, upstream flows, back-channel logout
	ResourceOAuth          ResourceName = "oauth"           // token, introspection, registration, keys
	ResourceCompat         ResourceName = "compat"          // Matrix login, logout, refresh
	ResourceGraphQL        ResourceName = "graphql"         // for the account pages
	ResourceAssets         ResourceName = "assets"          // static files
	ResourceHealth         ResourceName = "health"          // /health; keep it internal
	ResourcePrometheus     ResourceName = "prometheus"      // /metrics; keep it internal
	ResourceAdminAPI       ResourceName = "adminapi"        // /api/; keep it internal
	ResourceConnectionInfo ResourceName = "connection-info" // debugging; never expose
)

func (ResourceName) values() []string {
	return []string{
		"discovery", "human", "oauth", "compat", "graphql", "assets",
		"health", "prometheus", "adminapi", "connection-info",
	}
}

// Bind is an address to listen on: exactly one of Address, Port (with Host),
// Socket or FD. MAS reads a bind that it does not understand as file descriptor 0
// and fails at start.
type Bind struct {
	// Address is "ip:port" with an IP literal; "[::]:8080".
	Address string `yaml:"address"`
	// Host is a name or IP literal to go with Port. Default: all addresses.
	Host string `yaml:"host" null:"absent"`
	// Port is the TCP port, 1 to 65535.
	Port uint16 `yaml:"port"`
	// Socket is the path of a unix socket.
	Socket string `yaml:"socket"`
	// Mode is the mode of Socket in octal digits, such as "0660".
	Mode string `yaml:"mode" since:"1.22" null:"absent"`
	// FD is an inherited file descriptor, counted from the first one passed.
	FD Opt[uint] `yaml:"fd"`
	// Kind says what FD is. Default: tcp.
	Kind FDKind `yaml:"kind"`
}

// FDKind is the kind of an inherited file descriptor.
type FDKind string

// The kinds.
const (
	FDTCP  FDKind = "tcp"
	FDUnix FDKind = "unix"
)

func (FDKind) values() []string { return []string{"tcp", "unix"} }

// TLS is the certificate of a listener.
type TLS struct {
	// Certificate is the PEM chain, leaf first. Required.
	Certificate TextValue `yaml:"certificate" file:"certificate_file" trim:"pem" null:"absent"`
	// Key is its private key. Required.
	Key SecretValue `yaml:"key" file:"key_file" filesince:"0.9" trim:"pem" null:"absent"`
	// Password decrypts Key. MAS takes the file byte for byte.
	Password SecretValue `yaml:"password" file:"password_file" null:"absent"`
}
