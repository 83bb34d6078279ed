package migrate

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// masConnection reads how MAS 1.22 reaches its database, by sqlx 0.8. It differs from
// libpq: a URI has more spellings and ignores what it does not know, TLS is checked only
// by the modes verify-ca and verify-full, and the mode allow never asks for it.
func masConnection(db *mas.Database, override maskit.Secret) (*pgx.ConnConfig, error) {
	if !override.IsZero() {
		return parseDSN(override)
	}
	if db == nil {
		db = &mas.Database{}
	}
	s, files, err := masSettings(db)
	if err != nil {
		return nil, err
	}
	s["sslmode"] = sqlxMode(cmp.Or(string(db.SSLMode), s["sslmode"]))
	if s["sslmode"] == "" {
		delete(s, "sslmode") // PGSSLMODE, else prefer
	}
	config, err := s.config()
	if err != nil {
		return nil, err
	}
	if err := files.merge(db).apply(config); err != nil {
		return nil, err
	}
	return config, nil
}

// masSettings reads the address, and which files of TLS a URI names.
func masSettings(db *mas.Database) (settings, tlsFiles, error) {
	if !db.URI.IsZero() {
		return parseSQLx(db.URI)
	}
	s := settings{}
	s.set("host", cmp.Or(db.Socket, db.Host))
	s.set("user", db.Username)
	s.set("dbname", db.Name)
	if db.Port != 0 {
		s.set("port", strconv.Itoa(int(db.Port)))
	}
	password, err := (fileText{text: db.Password.Inline.Reveal(), file: db.Password.File}).read()
	if db.Password.File != "" {
		password = strings.TrimSpace(password) // as MAS does, of a file alone
	}
	s.set("password", password)
	return s, tlsFiles{}, err
}

// sqlxMode is the mode of libpq that does what sqlx does.
func sqlxMode(mode string) string {
	mode = strings.ToLower(mode)
	if mode == "allow" {
		return "disable"
	}
	return mode
}

// errURI does not quote the URI, which holds the password.
var errURI = errors.New("it is no URI: percent-encode special characters in user name and password, such as @ / # ? %")

// parseSQLx reads a URI by the rules of sqlx: parameters replace what stands before them,
// the last one counts, and a socket wins over a host.
func parseSQLx(uri maskit.Secret) (settings, tlsFiles, error) {
	text, _, _ := strings.Cut(strings.TrimSpace(uri.Reveal()), "#")
	scheme, rest, ok := strings.Cut(text, ":")
	switch {
	case !ok || !isWord(scheme):
		return nil, tlsFiles{}, errURI
	case !isPostgres(strings.ToLower(scheme)):
		return nil, tlsFiles{}, errNotPostgreSQL
	}
	rest, query, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	authority, path, _ := strings.Cut(rest, "/")
	u := sqlxURI{settings: settings{}}
	u.set("dbname", unescape(strings.TrimLeft(path, "/")))
	if err := u.authority(authority); err != nil {
		return nil, tlsFiles{}, err
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(strings.ReplaceAll(pair, "+", " "), "=")
		if err := u.parameter(unescape(key), unescape(value)); err != nil {
			return nil, tlsFiles{}, err
		}
	}
	if u.socket != "" {
		u.set("host", u.socket)
	}
	return u.settings, u.files, nil
}

// sqlxURI collects what a URI says.
type sqlxURI struct {
	settings
	socket string
	files  tlsFiles
}

// authority reads "user:password@host:port".
func (u *sqlxURI) authority(text string) error {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		user, password, _ := strings.Cut(text[:i], ":")
		u.set("user", unescape(user))
		u.set("password", unescape(password))
		text = text[i+1:]
	}
	host, port := text, ""
	if i := strings.LastIndexByte(text, ':'); i > strings.LastIndexByte(text, ']') {
		host, port = text[:i], text[i+1:]
	}
	u.at(strings.Trim(unescape(host), "[]"))
	return u.port(port)
}

// at sets the host, which may be the directory of a socket.
func (u *sqlxURI) at(host string) {
	if strings.HasPrefix(host, "/") {
		u.socket = host
	} else {
		u.set("host", host)
	}
}

func (u *sqlxURI) port(port string) error {
	if port == "" {
		return nil
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("the port is not a number up to 65535") // the text may be half a password
	}
	u.set("port", port)
	return nil
}

// parameter applies one parameter of the query. What sqlx does not know it ignores.
func (u *sqlxURI) parameter(key, value string) error {
	switch key {
	case "sslmode", "ssl-mode":
		u.set("sslmode", value)
	case "sslrootcert", "ssl-root-cert", "ssl-ca":
		u.files.ca = fileText{file: value}
	case "sslcert", "ssl-cert":
		u.files.certificate = fileText{file: value}
	case "sslkey", "ssl-key":
		u.files.key = fileText{file: value}
	case "host":
		u.at(value)
	case "hostaddr":
		if _, err := netip.ParseAddr(value); err != nil {
			return errors.New("its parameter hostaddr is not an IP address")
		}
		u.set("host", value)
	case "port":
		return u.port(value)
	case "dbname", "user", "password":
		u.set(key, value)
	case "options":
		u.option(value)
	default:
		if name, ok := strings.CutPrefix(key, "options["); ok && strings.HasSuffix(name, "]") {
			u.option(fmt.Sprintf("-c %s=%s", strings.TrimSuffix(name, "]"), value))
		}
	}
	return nil
}

// option appends an option of the session.
func (u *sqlxURI) option(text string) {
	u.set("options", strings.TrimSpace(u.settings["options"]+" "+text))
}

// unescape decodes leniently, as the URL standard does.
func unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
