package mas

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// databaseTarget is where a connection goes and as whom, read as MAS 1.22 does by
// sqlx 0.8: in a URI, parameters of the query replace what stands before it, the last one
// wins, and a socket wins over a host. What is empty is left to the environment.
type databaseTarget struct {
	host     string // a name or an address; empty if there is a socket
	socket   string // the directory
	port     string
	user     string
	database string
	sslMode  string
}

// target returns where the section leads. The error does not hold the URI.
func (d *Database) target() (databaseTarget, error) {
	if d == nil {
		return databaseTarget{}, nil
	}
	if !d.URI.IsZero() {
		t, err := parseDatabaseURI(d.URI)
		t.sslMode = cmp.Or(string(d.SSLMode), t.sslMode)
		return t, err
	}
	t := databaseTarget{user: d.Username, database: d.Name, sslMode: string(d.SSLMode)}
	t.at(d.Host)
	if d.Port != 0 {
		t.port = strconv.Itoa(int(d.Port))
	}
	if d.Socket != "" {
		t.socket = d.Socket
	}
	return t, nil
}

// at sets the host, which may be the directory of a socket.
func (t *databaseTarget) at(host string) {
	if strings.HasPrefix(host, "/") {
		t.socket = host
	} else {
		t.host = host
	}
}

// databaseURIError says what is wrong with a parameter of the URI.
type databaseURIError struct{ parameter, wants string }

// Error implements error. It does not hold the value.
func (e *databaseURIError) Error() string {
	return fmt.Sprintf("the parameter %s is not %s", e.parameter, e.wants)
}

func parseDatabaseURI(uri maskit.Secret) (databaseTarget, error) {
	text, socket := cutSocketHost(uri.Reveal())
	u, err := url.Parse(text) // the error quotes the URI, password included
	if err != nil {
		return databaseTarget{}, &databaseURIError{"uri", "a URI"}
	}
	t := databaseTarget{port: u.Port(), user: u.User.Username(), database: strings.TrimLeft(u.Path, "/")}
	t.at(cmp.Or(socket, u.Hostname()))
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if err := t.parameter(unescape(key), unescape(value)); err != nil {
			return t, err
		}
	}
	return t, nil
}

// cutSocketHost takes a host that is a percent-encoded path out of the URI: package url
// does not take one.
func cutSocketHost(text string) (string, string) {
	scheme, rest, _ := strings.Cut(text, "://")
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	start := strings.LastIndexByte(rest[:end], '@') + 1
	host, port, _ := strings.Cut(rest[start:end], ":")
	if !strings.HasPrefix(strings.ToLower(host), "%2f") {
		return text, ""
	}
	if port != "" {
		port = ":" + port
	}
	return scheme + "://" + rest[:start] + port + rest[end:], unescape(host)
}

// unescape decodes leniently, as the URL standard does for queries.
func unescape(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// parameter applies one parameter of the query.
func (t *databaseTarget) parameter(key, value string) error {
	switch key {
	case "sslmode", "ssl-mode":
		mode := SSLMode(strings.ToLower(value))
		if !slices.Contains(mode.values(), string(mode)) {
			return &databaseURIError{key, "one of " + strings.Join(mode.values(), ", ")}
		}
		t.sslMode = string(mode)
	case "host":
		t.at(value)
	case "hostaddr":
		if _, err := netip.ParseAddr(value); err != nil {
			return &databaseURIError{key, "an IP address"}
		}
		t.host = value
	case "port":
		if _, err := strconv.ParseUint(value, 10, 16); err != nil {
			return &databaseURIError{key, "a port"}
		}
		t.port = value
	case "user":
		t.user = value
	case "dbname":
		t.database = value
	}
	return nil
}

// overNetwork reports whether the connection leaves the machine. Where the environment
// decides it is not known to.
func (t databaseTarget) overNetwork() bool {
	if t.socket != "" || t.host == "" || t.host == "localhost" {
		return false
	}
	addr, err := netip.ParseAddr(t.host)
	return err != nil || !addr.IsLoopback()
}

// data says which data it is, without user, password and options. A database that is not
// named has the name of the user (PostgreSQL, libpq). Empty: the environment decides.
func (t databaseTarget) data() string {
	place, name := cmp.Or(t.socket, t.host), cmp.Or(t.database, t.user)
	if place == "" && name == "" {
		return ""
	}
	return place + ":" + cmp.Or(t.port, "5432") + "/" + name
}
