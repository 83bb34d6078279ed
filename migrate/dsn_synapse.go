package migrate

import (
	"maps"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// synapseConnection reads how Synapse reaches its database: by psycopg2, which hands its
// arguments to libpq. An argument wins over the same one in the argument dsn (psycopg2,
// make_dsn). It is nil without an error if the configuration names no PostgreSQL database,
// which [synapse.PreMigration] reports.
func synapseConnection(db synapse.Database, override maskit.Secret) (*pgx.ConnConfig, error) {
	switch {
	case !override.IsZero():
		return parseDSN(override)
	case db.Engine != "psycopg2":
		return nil, nil
	}
	s := settings{}
	s.set("host", db.Host)
	s.set("user", db.User)
	s.set("dbname", db.Name)
	s.set("password", db.Password.Reveal())
	s.set("sslmode", db.SSLMode)
	s.set("sslrootcert", db.SSLRootCert)
	s.set("sslcert", db.SSLCert)
	s.set("sslkey", db.SSLKey)
	s.set("passfile", db.PassFile)
	s.set("service", db.Service)
	if db.Port != 0 {
		s.set("port", strconv.Itoa(db.Port))
	}
	if db.DSN.IsZero() {
		return s.config()
	}
	return s.over(db.DSN)
}

// over resolves the settings, and the DSN where they say nothing.
func (s settings) over(dsn maskit.Secret) (*pgx.ConnConfig, error) {
	if _, err := parseDSN(dsn); err != nil {
		return nil, err
	}
	text := strings.TrimSpace(dsn.Reveal())
	if scheme, _, ok := strings.Cut(text, "://"); ok && isPostgres(scheme) {
		return s.overURI(text)
	}
	all, err := keywords(text)
	if err != nil {
		return nil, err
	}
	maps.Copy(all, s)
	return all.config()
}

// overURI appends the settings as parameters, of which the last one counts.
func (s settings) overURI(uri string) (*pgx.ConnConfig, error) {
	uri = strings.TrimRight(uri, "?&") // an empty query, and empty parameters
	_, rest, _ := strings.Cut(uri, "://")
	if i := strings.IndexAny(rest, "@/"); i >= 0 && rest[i] == '@' {
		rest = rest[i+1:]
	}
	separator := "?"
	if strings.Contains(rest, "?") {
		separator = "&"
	}
	for key, value := range s {
		if key != "password" {
			uri += separator + key + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
			separator = "&"
		}
	}
	config, err := pgx.ParseConfig(uri)
	if err != nil {
		return nil, dsnError(err)
	}
	if password, ok := s["password"]; ok {
		config.Password = password
	}
	return named(config), nil
}

// keywords reads "host=db password='a b'" as libpq does: a backslash before any character
// stands for that, in quotes and without.
func keywords(text string) (settings, error) {
	const space = " \t\n\r\v\f"
	s := settings{}
	for text = strings.TrimLeft(text, space); text != ""; text = strings.TrimLeft(text, space) {
		key, rest, ok := strings.Cut(text, "=")
		key = strings.Trim(key, space)
		if !ok || key == "" || strings.ContainsAny(key, space) {
			return nil, errDSN
		}
		rest, quoted := strings.CutPrefix(strings.TrimLeft(rest, space), "'")
		end := space
		if quoted {
			end = "'"
		}
		var value string
		value, text = untilAny(rest, end)
		if quoted {
			if text == "" {
				return nil, errDSN
			}
			text = text[1:]
		}
		if key == "database" {
			key = "dbname" // to pgx they are one
		}
		s[key] = value
	}
	return s, nil
}

// untilAny returns what stands before the first of the characters that no backslash
// escapes, without the backslashes, and the rest.
func untilAny(text, end string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
			if i == len(text) {
				return b.String(), ""
			}
		case strings.IndexByte(end, text[i]) >= 0:
			return b.String(), text[i:]
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}
