package routes

import (
	"net/url"
	"slices"
	"strings"
)

// compatVersions are the versions of the client API for which both MAS and the
// homeserver's clients know login, logout and refresh. v1 is not among them:
// /_matrix/client/v1/login/get_token is Synapse's.
func compatVersions() Element { return Element{"api/v1", "r0", "v3", "unstable"} }

// methods are what Matrix clients, servers and browsers use.
func methods() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
}

// table builds the rows of options that were checked.
func (o Options) table() Table {
	t := Table{Methods: methods(), ClientAPIHost: hostname(o.Site.ClientAPIURL), AccountHost: hostname(o.Site.AccountURL)}
	t.Rows = append([]Row{dotSegments(ClientAPI)}, o.compatRows()...)
	t.Rows = append(t.Rows, o.synapseRows()...)
	if t.OneHost() {
		t.Rows = append(t.Rows, o.accountRows(ClientAPI)...)
	}
	if !t.OneHost() {
		t.Rows = append(t.Rows, theRest(ClientAPI), dotSegments(Account))
		t.Rows = append(t.Rows, o.accountRows(Account)...)
	}
	if last := t.Rows[len(t.Rows)-1]; o.Site.Prefix() != "" {
		t.Rows = append(t.Rows, theRest(last.Host))
	}
	return t
}

func theRest(host Host) Row {
	return Row{
		Host: host, Pattern: Pattern{Kind: Prefix}, To: Denied,
		Reason: "what is not listed is not public: health, metrics, and whatever a later release adds",
	}
}

func dotSegments(host Host) Row {
	return Row{
		Host: host, Pattern: Pattern{Kind: DotSegments}, To: Denied,
		Reason: "clients resolve . and .. before they send; a later hop that did would see another path than this one",
	}
}

// compatRows are the paths that a homeserver with delegated authentication no
// longer serves, and MAS serves instead (MAS 1.22, "compat" resource).
func (o Options) compatRows() []Row {
	row := func(reason string, elements ...Element) Row {
		elements = append([]Element{{"_matrix"}, {"client"}, compatVersions()}, elements...)
		return Row{Pattern: Pattern{Elements: elements}, To: MAS, AddPrefix: o.Site.Prefix(), Reason: reason}
	}
	return []Row{
		row("the ways to sign in, and signing in for clients that do not speak OAuth 2.0", Element{"login"}),
		row("single sign-on begins there", Element{"login"}, Element{"sso"}, Element{"redirect"}),
		row("single sign-on by a named identity provider begins there too", Element{"login"}, Element{"sso"}, Element{"redirect"}, nil),
		row("who issued the token ends it", Element{"logout"}),
		row("who issued the tokens ends them", Element{"logout"}, Element{"all"}),
		row("who issued the refresh token exchanges it", Element{"refresh"}),
	}
}

// synapseRows are what Synapse serves to the world.
func (o Options) synapseRows() []Row {
	row := func(to Backend, reason, path string) Row {
		return Row{Pattern: below(path), To: to, Reason: reason}
	}
	rows := []Row{
		row(Synapse, "client, federation, key and media API", "/_matrix"),
		row(Synapse, "pages and rendezvous sessions for clients", "/_synapse/client"),
	}
	for _, guarded := range []struct {
		path, denied, public string
		open                 bool
	}{
		{"/_synapse/mas", "only MAS calls it, from inside", "MAS calls it, from outside; the shared secret is its only guard", o.PublicSynapseMAS},
		{"/_synapse/admin", "the admin API is for administrators inside", "the admin API, public as asked", o.PublicSynapseAdmin},
	} {
		if guarded.open {
			rows = append(rows, row(Synapse, guarded.public, guarded.path))
			continue
		}
		rows = append(rows, row(Denied, guarded.denied, guarded.path))
	}
	if o.SynapseWellKnown {
		rows = append(rows, row(Synapse, "its own discovery documents", "/.well-known/matrix"))
	}
	for _, path := range o.SynapsePaths {
		rows = append(rows, row(Synapse, "asked for in addition", path))
	}
	return rows
}

// accountRows are the paths of MAS, below its prefix if it has one.
func (o Options) accountRows(host Host) []Row {
	prefix := o.Site.Prefix()
	row := func(to Backend, reason, path string) Row {
		return Row{Host: host, Pattern: below(prefix + path), To: to, Reason: reason}
	}
	rows := []Row{
		row(Denied, "for probes inside", "/health"),
		row(Denied, "for Prometheus inside", "/metrics"),
		row(Denied, "debugging output about the connection", "/connection-info"),
	}
	if o.PublicMASAdmin {
		rows = append(rows, row(MAS, "the admin API of MAS, public as asked", "/api"))
	} else {
		rows = append(rows, row(Denied, "the admin API of MAS is for administrators inside", "/api"))
	}
	return append(rows, row(MAS, "all that it serves to people, clients and identity providers", "/"))
}

// below is the pattern of a path and all that is below it.
func below(path string) Pattern {
	p := Pattern{Kind: Prefix}
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if segment != "" {
			p.Elements = append(p.Elements, Element{segment})
		}
	}
	return p
}

// hostname is the host of a URL without port; empty if it is none.
func hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// isBelow reports whether path is base or below it.
func isBelow(path, base string) bool {
	return slices.Equal(segments(path)[:min(len(segments(path)), len(segments(base)))], segments(base))
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }
