package routes

import (
	"slices"
	"strings"
)

// Backend is who answers a request.
type Backend int

const (
	// Denied means that nobody does: the proxy itself answers 404, or 405 for its method. The zero value.
	Denied Backend = iota
	// MAS is Matrix Authentication Service.
	MAS
	// Synapse is the homeserver.
	Synapse
)

// String returns "denied", "MAS" or "Synapse".
func (b Backend) String() string {
	switch b {
	case MAS:
		return "MAS"
	case Synapse:
		return "Synapse"
	default:
		return "denied"
	}
}

// Host is one of the two public hosts.
type Host int

const (
	// ClientAPI is the host of Site.ClientAPIURL, which Matrix clients talk to. The zero value.
	ClientAPI Host = iota
	// Account is the host of Site.AccountURL, where people meet MAS.
	Account
)

// String returns "client API" or "account".
func (h Host) String() string {
	if h == Account {
		return "account"
	}
	return "client API"
}

// Row is one rule of a [Table].
type Row struct {
	// Host is where the rule applies.
	Host Host
	// Pattern describes the paths.
	Pattern Pattern
	// To is who answers.
	To Backend
	// AddPrefix is what the proxy must put before the path when it passes the
	// request on, such as "/auth"; empty for nothing. MAS mounts the Matrix paths below
	// its own prefix too, where clients do not look for them.
	AddPrefix string
	// Reason says why, in one sentence without a final period.
	Reason string
}

// Table says who answers which request. The first row that matches decides; the
// last row of each host matches everything and denies it, or sends it to MAS.
//
// Rows are compared with the path as it was sent, see [Pattern]. A row holds for
// every method of Methods: browsers ask by OPTIONS before they call, and who answers
// the call must answer that too, with its own CORS headers.
type Table struct {
	// Rows are the rules in order. If both hosts are the same, all rows have the host ClientAPI.
	Rows []Row
	// Methods are those that anybody answers; every other one is Denied.
	Methods []string
	// ClientAPIHost and AccountHost are the public host names, in lower case, without
	// port. They are equal if MAS stands below a path of the homeserver's host.
	ClientAPIHost, AccountHost string
}

// Route says who answers a request on the client API host: the reference for
// every rendered configuration. The target is a path as it was sent, with or without
// its query string. It allocates nothing.
func (t Table) Route(method, target string) Backend {
	row, ok := t.find(ClientAPI, method, target)
	if !ok {
		return Denied
	}
	return row.To
}

// Decide is Route for either host, and returns the row that decided. For what no
// row speaks of (a method or a target that is not served at all) the row has no
// pattern and says Denied.
func (t Table) Decide(host Host, method, target string) Row {
	if row, ok := t.find(host, method, target); ok {
		return *row
	}
	return Row{Host: host, To: Denied, Reason: "the method or the form of the request target is not served"}
}

// OneHost reports whether MAS and the homeserver share one host.
func (t Table) OneHost() bool { return t.ClientAPIHost == t.AccountHost }

func (t Table) find(host Host, method, target string) (*Row, bool) {
	if !slices.Contains(t.Methods, method) || target == "" || target[0] != '/' {
		return nil, false
	}
	path := target
	if i := strings.IndexByte(target, '?'); i >= 0 {
		path = target[:i]
	}
	if t.OneHost() {
		host = ClientAPI
	}
	for i := range t.Rows {
		if row := &t.Rows[i]; row.Host == host && row.Pattern.Match(path) {
			return row, true
		}
	}
	return nil, false
}

// String lists the rows: host, paths, who answers, and why.
func (t Table) String() string {
	var b strings.Builder
	for _, row := range t.Rows {
		b.WriteString(row.Host.String() + " " + row.Pattern.String() + " -> " + row.To.String() + ": " + row.Reason + "\n")
	}
	return b.String()
}
