package routes

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Validate reports all problems at once. The paths are those of the fields in
// lower case with underscores.
func (o Options) Validate() maskit.Problems {
	problems := o.checkSite()
	if problems.Err() == nil { // or they cannot be read
		problems = append(problems, o.checkHostNames()...)
	}
	if problems.Err() == nil { // or they cannot be compared
		problems = append(problems, o.checkHosts()...)
		problems = append(problems, o.checkPrefix()...)
	}
	problems = append(problems, o.checkPaths()...)
	problems = append(problems, o.Listener.check()...)
	problems = append(problems, checkFile("mas.ca_file", o.MAS.CAFile)...)
	problems = append(problems, checkFile("synapse.ca_file", o.Synapse.CAFile)...)
	if o.MaxBodyBytes < 0 {
		problems = append(problems, problem("max_body_bytes", "out-of-range", "is negative", "bytes, or zero for the default"))
	}
	if !regexp.MustCompile(`^[a-z][a-z0-9]{0,19}$`).MatchString(o.name()) {
		problems = append(problems, problem("name", "name-invalid", "is not a word of lower-case letters and digits", "at most 20, the first a letter"))
	}
	return problems
}

func problem(path, code, message, hint string) maskit.Problem {
	return maskit.Problem{Path: path, Code: code, Message: message, Hint: hint}
}

// checkSite applies the rules of the site to the addresses that are really used.
func (o Options) checkSite() maskit.Problems {
	site := o.Site
	site.MASURL, site.SynapseURL = o.masURL(), o.synapseURL()
	var problems maskit.Problems
	for _, p := range site.Validate() {
		switch {
		case p.Code == "prefix-mismatch", p.Path == "server_name" && p.Code == "required":
			continue // the former is an error here, the latter plays no part
		case p.Path == "mas_url":
			p.Path = o.masPath()
		case p.Path == "synapse_url":
			p.Path = o.synapsePath()
		default:
			p.Path = "site." + p.Path
		}
		problems = append(problems, p)
	}
	return problems
}

// checkHostNames refuses names that some proxy reads as something else: nginx takes ~a
// for a regular expression, HAProxy -f for a flag, and a final dot compares to nothing that
// clients send. Servers behind the proxy may have an underscore, as those of Docker Compose
// have, and a final dot, which spares Kubernetes the search domains.
func (o Options) checkHostNames() maskit.Problems {
	inside := regexp.MustCompile(`^[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_][a-z0-9_-]*)*\.?$`).MatchString
	var problems maskit.Problems
	for _, address := range []struct {
		path, url string
		isName    func(string) bool
	}{
		{"site.client_api_url", o.Site.ClientAPIURL, isDNSName},
		{"site.account_url", o.Site.AccountURL, isDNSName},
		{o.synapsePath(), o.synapseURL(), inside},
		{o.masPath(), o.masURL(), inside},
	} {
		host := hostname(address.url)
		if _, err := netip.ParseAddr(host); err != nil && !address.isName(host) {
			problems = append(problems, problem(address.path, "host-invalid",
				"has a host that is neither a DNS name nor an IP address", "write a name of letters, digits, - and ."))
		}
	}
	return problems
}

// masPath and synapsePath name the field that the address was taken from.
func (o Options) masPath() string     { return upstreamPath("mas", o.MAS) }
func (o Options) synapsePath() string { return upstreamPath("synapse", o.Synapse) }

func upstreamPath(word string, upstream Upstream) string {
	if upstream.URL != "" {
		return word + ".url"
	}
	return "site." + word + "_url"
}

// checkHosts judges how the addresses stand to each other.
func (o Options) checkHosts() maskit.Problems {
	client, account := parsed(o.Site.ClientAPIURL), parsed(o.Site.AccountURL)
	var problems maskit.Problems
	if client.Hostname() == account.Hostname() && client.Host != account.Host {
		problems = append(problems, problem("site.account_url", "host-shared",
			"has the host of client_api_url, but another port; they could not be told apart by name",
			"give it a host of its own, or the same port and a path"))
	}
	if client.Scheme != account.Scheme {
		problems = append(problems, problem("site.account_url", "scheme-mismatch",
			"has another scheme than client_api_url", "use https for both"))
	}
	if strings.Trim(client.Path, "/") != "" {
		problems = append(problems, problem("site.client_api_url", "path-unsupported",
			"has a path, and Synapse serves its API at the root of a host only", "leave the path out"))
	}
	if path := strings.Trim(parsed(o.synapseURL()).Path, "/"); path != "" {
		problems = append(problems, problem(o.synapsePath(), "path-unsupported",
			"has a path, and Synapse serves its API at the root of a host only", "leave the path out"))
	}
	if client.Scheme == "http" && o.Listener.Certificate.File != "" {
		problems = append(problems, problem("listener.certificate.file", "certificate-unused",
			"is given, but the public URLs are http", "write https there, or leave it out"))
	}
	return problems
}

func (o Options) checkPrefix() maskit.Problems {
	var problems maskit.Problems
	prefix := o.Site.Prefix()
	if path := strings.TrimSuffix(parsed(o.masURL()).Path, "/"); path != prefix {
		problems = append(problems, problem(o.masPath(), "prefix-mismatch",
			fmt.Sprintf("has the path %q, but by account_url MAS mounts everything under %q", path, prefix),
			"name the listener of MAS that has this prefix, with it"))
	}
	for _, taken := range []string{"/_matrix", "/_synapse", "/.well-known"} {
		if prefix != "" && hostname(o.Site.AccountURL) == hostname(o.Site.ClientAPIURL) && isBelow(prefix, taken) {
			problems = append(problems, problem("site.account_url", "prefix-taken",
				"its path is the homeserver's: "+taken, "use another path, such as /auth/"))
		}
	}
	return problems
}

func (o Options) checkPaths() maskit.Problems {
	var problems maskit.Problems
	for i, path := range o.SynapsePaths {
		bad := func(code, message, hint string) {
			problems = append(problems, problem(fmt.Sprintf("synapse_paths[%d]", i), code, message, hint))
		}
		switch {
		case !regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+/?$`).MatchString(path) || hasDotSegment(path):
			bad("path-invalid", "is not a path of letters, digits and . _ ~ - that begins with /", "such as /_synapse/jitsi, without pattern and query")
		case isBelow("/_synapse/mas", path), isBelow(path, "/_synapse/mas"):
			bad("path-guarded", "would open /_synapse/mas", "name the paths that are needed, or set public_synapse_mas")
		case isBelow("/_synapse/admin", path), isBelow(path, "/_synapse/admin"):
			bad("path-guarded", "would open /_synapse/admin", "name the paths that are needed, or set public_synapse_admin")
		case o.Site.Prefix() != "" && (isBelow(path, o.Site.Prefix()) || isBelow(o.Site.Prefix(), path)):
			bad("path-taken", "is a path of MAS by account_url", "name other paths")
		}
	}
	return problems
}

func (l Listener) check() maskit.Problems {
	var problems maskit.Problems
	if l.Address != "" {
		if _, _, ok := splitAddress(l.Address); !ok {
			problems = append(problems, problem("listener.address", "address-invalid",
				"is not IP:port or :port", "such as :443, 127.0.0.1:8080 or [::1]:8080"))
		}
	}
	for _, file := range []struct{ path, name string }{
		{"listener.certificate.file", l.Certificate.File},
		{"listener.certificate.key_file", l.Certificate.KeyFile},
		{"listener.account_certificate.file", l.AccountCertificate.File},
		{"listener.account_certificate.key_file", l.AccountCertificate.KeyFile},
	} {
		problems = append(problems, checkFile(file.path, file.name)...)
	}
	for _, pair := range []struct {
		path        string
		certificate Certificate
	}{{"listener.certificate", l.Certificate}, {"listener.account_certificate", l.AccountCertificate}} {
		if pair.certificate.File == "" && pair.certificate.KeyFile != "" {
			problems = append(problems, problem(pair.path+".file", "required", "is missing beside the key file", ""))
		}
	}
	if l.AccountCertificate.File != "" && l.Certificate.File == "" {
		problems = append(problems, problem("listener.certificate.file", "required", "is missing beside the certificate of the account host", ""))
	}
	for i, prefix := range l.TrustedProxies {
		if !prefix.IsValid() || prefix.Addr().Is4In6() {
			problems = append(problems, problem(fmt.Sprintf("listener.trusted_proxies[%d]", i), "network-invalid", "is not a network", "such as 10.0.0.0/8"))
		} else if prefix.Bits() == 0 {
			problems = append(problems, problem(fmt.Sprintf("listener.trusted_proxies[%d]", i), "network-everyone",
				"is everyone, so anybody could choose the address that MAS sees", "name the proxies in front"))
		}
	}
	return problems
}

// splitAddress reads IP:port or :port; ip is the zero value for the latter.
func splitAddress(address string) (ip netip.Addr, port string, ok bool) {
	if rest, found := strings.CutPrefix(address, ":"); found {
		n, err := strconv.ParseUint(rest, 10, 16)
		return netip.Addr{}, strconv.FormatUint(n, 10), err == nil && n > 0
	}
	both, err := netip.ParseAddrPort(address)
	return both.Addr(), strconv.Itoa(int(both.Port())), err == nil && both.Port() > 0 && both.Addr().Zone() == ""
}

// checkFile accepts absolute paths of plain characters: what every proxy takes
// without quotes.
func checkFile(path, name string) maskit.Problems {
	if name == "" || regexp.MustCompile(`^(/[A-Za-z0-9._~+@-]+)+$`).MatchString(name) {
		return nil
	}
	return maskit.Problems{problem(path, "path-invalid",
		"is not an absolute path of letters, digits and . _ ~ + @ -", "such as /etc/ssl/matrix.pem")}
}
