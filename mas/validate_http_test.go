package mas

import "testing"

func TestValidateHTTP(t *testing.T) {
	t.Parallel()
	const base = "http.public_base"
	runRules(t, []rule{
		{"section missing", func(c *Config) { c.HTTP = nil; c.Telemetry.Metrics = nil }, only("http", "http-missing", warns)},
		{"public base missing", func(c *Config) { c.HTTP.PublicBase = "" }, only(base, "required", fails)},
		{"public base relative", func(c *Config) { c.HTTP.PublicBase = "account.example.com" }, only(base, "url-invalid", fails)},
		{"public base without host", func(c *Config) { c.HTTP.PublicBase = "https:///" }, only(base, "url-invalid", fails)},
		{"public base ftp", func(c *Config) { c.HTTP.PublicBase = "ftp://account.example.com/" }, only(base, "url-scheme", fails)},
		{"public base query", func(c *Config) { c.HTTP.PublicBase = "https://account.example.com/?a=b" }, only(base, "url-query", fails)},
		{"public base fragment", func(c *Config) { c.HTTP.PublicBase = "https://account.example.com/#" }, only(base, "url-query", fails)},
		{"public base userinfo", func(c *Config) { c.HTTP.PublicBase = "https://u:p@account.example.com/" }, only(base, "url-userinfo", fails)},
		{"public base http", func(c *Config) { c.HTTP.PublicBase = "http://account.example.com/" }, only(base, "url-not-https", warns)},
		{"public base http on this machine", func(c *Config) { c.HTTP.PublicBase = "http://localhost:8080/" }, nil},
		{"public base without slash", func(c *Config) { c.HTTP.PublicBase = "https://account.example.com" }, nil},
		{"sub-path without slash", func(c *Config) {
			c.HTTP.PublicBase = "https://example.com/auth"
			c.HTTP.Listeners[0].Prefix = "/auth"
		}, only(base, "url-no-slash", fails)},
		{"sub-path without prefix", func(c *Config) { c.HTTP.PublicBase = "https://example.com/auth/" }, only("http.listeners[0].prefix", "prefix-mismatch", warns)},
		{"sub-path with prefix", func(c *Config) {
			c.HTTP.PublicBase = "https://example.com/auth/"
			c.HTTP.Listeners[0].Prefix = "/auth/"
		}, nil},
		{"prefix without sub-path", func(c *Config) { c.HTTP.Listeners[0].Prefix = "/auth" }, only("http.listeners[0].prefix", "prefix-mismatch", warns)},
		{"prefix without slash", func(c *Config) { c.HTTP.Listeners[1].Prefix = "internal" }, only("http.listeners[1].prefix", "prefix-invalid", fails)},
		{"prefix with a route parameter", func(c *Config) { c.HTTP.Listeners[1].Prefix = "/{id}" }, only("http.listeners[1].prefix", "prefix-invalid", fails)},
		{"issuer equal", func(c *Config) { c.HTTP.Issuer = "https://account.example.com" }, nil},
		{"issuer elsewhere", func(c *Config) { c.HTTP.Issuer = "https://example.com/" }, only("http.issuer", "issuer-differs", warns)},
		{"issuer without the slash of a sub-path", func(c *Config) {
			c.HTTP.PublicBase, c.HTTP.Issuer = "https://example.com/auth/", "https://example.com/auth"
			c.HTTP.Listeners[0].Prefix = "/auth"
		}, only("http.issuer", "issuer-differs", warns)},
		{"issuer with query", func(c *Config) { c.HTTP.Issuer = "https://account.example.com/?" }, only("http.issuer", "url-query", fails)},
		{"issuer http", func(c *Config) { c.HTTP.Issuer = "http://example.com/" }, []finding{
			{"http.issuer", "url-not-https", warns},
			{"http.issuer", "issuer-differs", warns},
		}},
		{"issuer malformed", func(c *Config) { c.HTTP.Issuer = "account" }, only("http.issuer", "url-invalid", fails)},
		{"trusted proxies missing", func(c *Config) { c.HTTP.TrustedProxies = nil }, only("http.trusted_proxies", "trusted-proxies-default", warns)},
		{"trusted proxies none", func(c *Config) { c.HTTP.TrustedProxies = []string{} }, nil},
		{"trusted proxies as MAS has them", func(c *Config) { c.HTTP.TrustedProxies[0] = "10.0.0.0/10" }, only("http.trusted_proxies[0]", "trusted-proxies-default", warns)},
		{"trusted proxies all", func(c *Config) { c.HTTP.TrustedProxies[0] = "0.0.0.0/0" }, only("http.trusted_proxies[0]", "trusted-proxies-all", warns)},
		{"trusted proxy by name", func(c *Config) { c.HTTP.TrustedProxies[1] = "ingress" }, only("http.trusted_proxies[1]", "network-invalid", fails)},
	})
}

func TestValidateListeners(t *testing.T) {
	t.Parallel()
	add := func(i int, names ...ResourceName) func(*Config) {
		return func(c *Config) {
			for _, name := range names {
				c.HTTP.Listeners[i].Resources = append(c.HTTP.Listeners[i].Resources, Resource{Name: name})
			}
		}
	}
	drop := func(i, n int) func(*Config) {
		return func(c *Config) {
			c.HTTP.Listeners[i].Resources = append(c.HTTP.Listeners[i].Resources[:n:n], c.HTTP.Listeners[i].Resources[n+1:]...)
		}
	}
	const public, internal = "http.listeners[0]", "http.listeners[1]"
	runRules(t, []rule{
		{"none", func(c *Config) { c.HTTP.Listeners = nil }, only("http.listeners", "required", fails)},
		{"empty", func(c *Config) { c.HTTP.Listeners = []Listener{} }, only("http.listeners", "required", fails)},
		{"without resources", func(c *Config) {
			c.HTTP.Listeners = append(c.HTTP.Listeners, Listener{Binds: []Bind{{Port: 9000}}})
		}, only("http.listeners[2].resources", "required", fails)},
		{"without binds", func(c *Config) {
			c.HTTP.Listeners = append(c.HTTP.Listeners, Listener{Resources: []Resource{{Name: ResourceHealth}}, Binds: []Bind{}})
		}, only("http.listeners[2].binds", "required", fails)},
		{"resource without name", add(1, ""), only(internal+".resources[2].name", "required", fails)},
		{"resource unknown", add(1, "metrics"), only(internal+".resources[2].name", "unknown-value", fails)},
		{"resource twice", add(1, ResourceHealth), only(internal+".resources[2].name", "duplicate", fails)},
		{"health in public", add(0, ResourceHealth), only(public+".resources[6].name", "exposed", fails)},
		{"prometheus in public", add(0, ResourcePrometheus), only(public+".resources[6].name", "exposed", fails)},
		{"connection-info in public", add(0, ResourceConnectionInfo), only(public+".resources[6].name", "exposed", fails)},
		{"connection-info inside", add(1, ResourceConnectionInfo), only(internal+".resources[2].name", "connection-info", warns)},
		{"admin API in public", add(0, ResourceAdminAPI), only(public+".resources[6].name", "admin-exposed", warns)},
		{"admin API inside", add(1, ResourceAdminAPI), nil},
		{"playground elsewhere", func(c *Config) { c.HTTP.Listeners[0].Resources[1].Playground = true }, only(public+".resources[1].playground", "not-allowed", fails)},
		{"OAuth access elsewhere", func(c *Config) { c.HTTP.Listeners[0].Resources[1].UndocumentedOAuth2Access = true }, only(public+".resources[1].undocumented_oauth2_access", "not-allowed", fails)},
		{"path elsewhere", func(c *Config) { c.HTTP.Listeners[0].Resources[1].Path = "/assets" }, only(public+".resources[1].path", "not-allowed", fails)},
		{"playground", func(c *Config) { c.HTTP.Listeners[0].Resources[4].Playground = true }, nil},
		{"no metrics collected", func(c *Config) { c.Telemetry.Metrics = nil }, only(internal+".resources[1].name", "metrics-not-exported", fails)},
		{"metrics not served", drop(1, 1), only("telemetry.metrics.exporter", "metrics-not-served", warns)},
		{"health not served", drop(1, 0), only("http.listeners", "no-health", notes)},
		{"assets not served", drop(0, 5), only("http.listeners", "account-pages-broken", fails)},
		{"graphql not served", drop(0, 4), only("http.listeners", "account-pages-broken", fails)},
		{"compat not served", drop(0, 3), only("http.listeners", "resource-missing", warns)},
		{"oauth not served", drop(0, 2), only("http.listeners", "resource-missing", warns)},
		{"human not served", drop(0, 1), only("http.listeners", "resource-missing", warns)},
		{"discovery not served", drop(0, 0), only("http.listeners", "resource-missing", warns)},
		{"PROXY protocol for probes", func(c *Config) { c.HTTP.Listeners[1].ProxyProtocol = true }, only(internal+".proxy_protocol", "proxy-protocol-probes", warns)},
		{"PROXY protocol for people", func(c *Config) { c.HTTP.Listeners[0].ProxyProtocol = true }, nil},
	})
}

func TestValidateBinds(t *testing.T) {
	t.Parallel()
	binds := func(b ...Bind) func(*Config) {
		return func(c *Config) { c.HTTP.Listeners[1].Binds = b }
	}
	const first, second = "http.listeners[1].binds[0]", "http.listeners[1].binds[1]"
	runRules(t, []rule{
		{"nothing", binds(Bind{}), only(first, "bind-invalid", fails)},
		{"host alone", binds(Bind{Host: "0.0.0.0"}), only(first, "bind-invalid", fails)},
		{"kind alone", binds(Bind{Kind: FDTCP}), only(first, "bind-invalid", fails)},
		{"two forms", binds(Bind{Port: 9000, Address: "0.0.0.0:9001"}), only(first, "bind-invalid", fails)},
		{"host with address", binds(Bind{Host: "localhost", Address: "0.0.0.0:9001"}), only(first+".host", "not-allowed", fails)},
		{"kind with port", binds(Bind{Port: 9000, Kind: FDUnix}), only(first+".kind", "not-allowed", fails)},
		{"mode with port", binds(Bind{Port: 9000, Mode: "0660"}), only(first+".mode", "not-allowed", fails)},
		{"mode not octal", binds(Bind{Socket: "/run/mas.sock", Mode: "rw"}), only(first+".mode", "mode-invalid", fails)},
		{"socket", binds(Bind{Socket: "/run/mas.sock", Mode: "0660"}), nil},
		{"file descriptor", binds(Bind{FD: Set[uint](0), Kind: FDTCP}), nil},
		{"kind unknown", binds(Bind{FD: Set[uint](0), Kind: "udp"}), only(first+".kind", "unknown-value", fails)},
		{"host name in address", binds(Bind{Address: "localhost:9000"}), only(first+".address", "bind-address-invalid", fails)},
		{"address without port", binds(Bind{Address: "0.0.0.0"}), only(first+".address", "bind-address-invalid", fails)},
		{"random port", binds(Bind{Address: "0.0.0.0:0"}), only(first+".address", "bind-address-invalid", fails)},
		{"port twice", binds(Bind{Port: 9000}, Bind{Port: 9000}), only(second+".port", "address-in-use", fails)},
		{"port of another listener", binds(Bind{Port: 8080}), only(first+".port", "address-in-use", fails)},
		{"both families", binds(Bind{Address: "[::]:9000"}, Bind{Address: "0.0.0.0:9000"}), only(second+".address", "address-in-use", fails)},
		{"any and one", binds(Bind{Address: "127.0.0.1:9000"}, Bind{Host: "0.0.0.0", Port: 9000}), only(second+".port", "address-in-use", fails)},
		{"any and name", binds(Bind{Port: 9000}, Bind{Host: "mas.internal", Port: 9000}), only(second+".port", "address-in-use", fails)},
		{"localhost and 127.0.0.1", binds(Bind{Host: "localhost", Port: 9000}, Bind{Address: "127.0.0.1:9000"}), only(second+".address", "address-in-use", fails)},
		{"any IPv4 and one IPv6", binds(Bind{Address: "0.0.0.0:9000"}, Bind{Address: "[::1]:9000"}), nil},
		{"two addresses", binds(Bind{Address: "127.0.0.1:9000"}, Bind{Address: "127.0.0.2:9000"}), nil},
		{"two ports", binds(Bind{Port: 9000}, Bind{Port: 9001}), nil},
		{"socket twice", binds(Bind{Socket: "/run/a"}, Bind{Socket: "/run/a"}), only(second, "address-in-use", fails)},
		{"descriptor twice", binds(Bind{FD: Set[uint](1)}, Bind{FD: Set[uint](1)}), only(second, "address-in-use", fails)},
	})
}
