package migrate

import (
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
	config, err := pgx.ParseConfig(joinDSN(dsn.Reveal(), s))
	if err != nil {
		return nil, dsnError(err)
	}
	if password, ok := s["password"]; ok {
		config.Password = password
	}
	return named(config), nil
}

// joinDSN appends settings to a DSN in its own form; in either, the last one counts.
func joinDSN(dsn string, s settings) string {
	dsn = strings.TrimSpace(dsn)
	scheme, rest, isURI := strings.Cut(dsn, "://")
	if !isURI || !isPostgres(scheme) {
		return dsn + " " + s.connString()
	}
	if i := strings.IndexAny(rest, "@/"); i >= 0 && rest[i] == '@' {
		rest = rest[i+1:]
	}
	separator := "?"
	if strings.Contains(rest, "?") {
		separator = "&"
	}
	for key, value := range s {
		if key != "password" {
			dsn += separator + key + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
			separator = "&"
		}
	}
	return dsn
}
