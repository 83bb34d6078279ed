package migrate

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit"
)

const (
	// applicationName is how sessions of maskit are called in pg_stat_activity.
	applicationName = "maskit"
	// connectTimeout bounds a connection attempt unless the address says otherwise.
	connectTimeout = 30 * time.Second
)

// settings are connection parameters by libpq's names.
type settings map[string]string

// set sets what is not empty.
func (s settings) set(key, value string) {
	if value != "" {
		s[key] = value
	}
}

// connString is a libpq connection string of all but the password, so that no error can
// quote that. What it does not say, pgx takes from the environment, as libpq does.
func (s settings) connString() string {
	var pairs []string
	for key, value := range s {
		if key != "password" {
			pairs = append(pairs, key+"='"+strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value)+"'")
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, " ")
}

// config resolves the settings.
func (s settings) config() (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(s.connString())
	if err != nil {
		return nil, withoutAddress(err)
	}
	if password, ok := s["password"]; ok {
		config.Password = password
	}
	return named(config), nil
}

// withoutAddress drops the connection string from an error of pgx.
func withoutAddress(err error) error {
	var failed *pgconn.ParseConfigError
	if errors.As(err, &failed) {
		failed.ConnString = ""
		return errors.New(strings.TrimPrefix(failed.Error(), "cannot parse ``: "))
	}
	return err
}

// named gives connections a name and a time limit.
func named(config *pgx.ConnConfig) *pgx.ConnConfig {
	config.RuntimeParams["application_name"] = applicationName
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	return config
}

// parseDSN reads a URI or a connection string as libpq does.
func parseDSN(dsn maskit.Secret) (*pgx.ConnConfig, error) {
	text := strings.TrimSpace(dsn.Reveal())
	if scheme, _, ok := strings.Cut(text, "://"); ok && isWord(scheme) && !isPostgres(scheme) {
		return nil, errNotPostgreSQL
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, dsnError(err)
	}
	return named(config), nil
}

// errNotPostgreSQL becomes a finding with [CodeNotPostgreSQL].
var errNotPostgreSQL = errors.New("is not the address of a PostgreSQL database")

// errDSN is all that can be said of a text that may be a password for the greater part.
var errDSN = errors.New("it is neither a postgresql:// URI nor a connection string of libpq, " +
	"or one of its parameters is not valid, or names a service or a certificate that is not there")

// dsnError says why a DSN cannot be used. Only errors about files and TLS are passed on:
// the others may quote parts of the DSN.
func dsnError(err error) error {
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return file
	}
	return errDSN
}

func isPostgres(scheme string) bool { return scheme == "postgres" || scheme == "postgresql" }

// isWord reports whether a text can be the scheme of a URI.
func isWord(text string) bool {
	return text != "" && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
}

// addressFindings reports that an address cannot be used: a DSN, or else the section
// database of a configuration.
func addressFindings(field string, dsn maskit.Secret, whose string, err error) Findings {
	if err == nil {
		return nil
	}
	p := maskit.Problem{
		Path: field, Code: CodeAddressInvalid, Message: fmt.Sprintf("the address of %s cannot be used: %v", whose, err),
		Hint: "correct it, or give another one as DSN, such as postgresql://user@host:5432/database?sslmode=verify-full",
	}
	if dsn.IsZero() {
		p.Path = "database"
	}
	if errors.Is(err, errNotPostgreSQL) {
		p.Code, p.Message = CodeNotPostgreSQL, "the address of "+whose+" "+err.Error()
	}
	return Findings{{Problem: p}}
}
