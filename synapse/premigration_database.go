package synapse

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// Database is where Synapse keeps its accounts. Empty fields are not set; libpq has
// defaults, and environment variables, for most.
type Database struct {
	// Engine is "psycopg2" for PostgreSQL or "sqlite3".
	Engine string
	// Host is a host name, an address, or the directory of a unix socket, which starts with "/".
	Host string
	// Port is the TCP port; zero means that of libpq, 5432.
	Port int
	// User, Name and Password are the role, the database and the role's password.
	User, Name string
	Password   maskit.Secret
	// SSLMode, SSLRootCert, SSLCert and SSLKey are libpq's settings of these names.
	SSLMode, SSLRootCert, SSLCert, SSLKey string
	// PassFile and Service are where libpq takes the password, or everything, from.
	PassFile, Service string
	// DSN is a whole connection string, which may hold a password.
	DSN maskit.Secret
	// File is the file of an SQLite database.
	File string
}

// database reads the one database with the accounts.
func (r *legacyReader) database() Database {
	section := r.databaseSection()
	if section == nil {
		return Database{}
	}
	db := Database{Engine: r.textOf(section.at("name"))}
	args := section.at("args")
	switch {
	case db.Engine == "sqlite3":
		db.File = r.textOf(args.at("database"))
		r.sqlite(section)
	case db.Engine != "psycopg2":
		r.report(section, maskit.Problem{Code: "database-engine", Message: "names no database that Synapse knows", Hint: "set name: psycopg2"})
	default:
		r.connection(&db, args)
		r.unread(args)
	}
	return db
}

// databaseSection finds the section that has the accounts. Of several databases
// that is the one with the main store; it becomes the one that syn2mas sees.
func (r *legacyReader) databaseSection() *datum {
	single, several, path := r.root.at("database"), r.root.at("databases"), r.root.at("database_path")
	switch {
	case single.truthy():
		return single
	case several.truthy():
		return r.mainDatabase(several)
	case path.truthy():
		r.sqlite(path)
		return nil
	}
	r.problems = append(r.problems, maskit.Problem{Path: "database", Code: "required", Message: "no file sets it", Hint: "give all files that Synapse loads"})
	return nil
}

func (r *legacyReader) mainDatabase(several *datum) *datum {
	for _, e := range several.entries {
		stores := e.value.at("data_stores")
		isMain := stores.isNull() || slices.ContainsFunc(stores.items, func(d *datum) bool { return d.text() == "main" })
		if !isMain {
			continue
		}
		r.root.setText("database", e.value)
		r.report(several, maskit.Problem{
			Code: "databases", Severity: maskit.SeverityInfo,
			Message: "syn2mas does not read databases; the file for it has the one with the main store as database, too",
			Hint:    "give that file to syn2mas only: Synapse does not start with both",
		})
		return e.value
	}
	r.report(several, maskit.Problem{Code: "database-main", Message: "has no database with the main store", Hint: "give all files that Synapse loads"})
	return nil
}

func (r *legacyReader) sqlite(d *datum) {
	r.report(d, maskit.Problem{
		Code: "database-sqlite", Message: "is SQLite; syn2mas reads only PostgreSQL",
		Hint: "move to PostgreSQL first, by synapse_port_db",
	})
}

// connection reads the arguments of psycopg2, that is of libpq.
func (r *legacyReader) connection(db *Database, args *datum) {
	name, alias := args.at("dbname"), args.at("database")
	if !name.isNull() && !alias.isNull() {
		r.report(alias, maskit.Problem{Code: "exclusive", Message: "is set beside dbname, which is the same; syn2mas refuses both", Hint: "remove one of them"})
	}
	if name.isNull() {
		name = alias
	}
	db.Name, db.User, db.Host = argument(name), argument(args.at("user")), argument(args.at("host"))
	db.Password, db.DSN = secretArgument(args.at("password")), secretArgument(args.at("dsn"))
	db.SSLMode, db.SSLRootCert = argument(args.at("sslmode")), argument(args.at("sslrootcert"))
	db.SSLCert, db.SSLKey = argument(args.at("sslcert")), argument(args.at("sslkey"))
	db.PassFile, db.Service = argument(args.at("passfile")), argument(args.at("service"))
	if port := args.at("port"); !port.isNull() {
		number, err := strconv.ParseUint(strings.TrimSpace(argument(port)), 10, 16)
		if err != nil || number == 0 {
			r.wrongType(port, "one port")
		}
		db.Port = int(number)
	}
	if strings.Contains(db.Host, ",") {
		r.report(args.at("host"), maskit.Problem{Code: "database-hosts", Message: "lists several hosts; syn2mas takes one", Hint: useURI("the host that accepts writes")})
	}
}

// argument is how psycopg2 passes an argument on: as text.
func argument(d *datum) string {
	if d.isNull() || d.scalar.Kind == yamledit.KindNone {
		return ""
	}
	return pythonText(d.scalar)
}

func secretArgument(d *datum) maskit.Secret {
	if text := argument(d); text != "" {
		return maskit.NewSecret(text)
	}
	return maskit.Secret{}
}

// unread reports the arguments that decide where and how to connect, and that
// syn2mas does not read.
func (r *legacyReader) unread(args *datum) {
	if args == nil {
		return
	}
	for _, e := range args.entries {
		if !e.value.isNull() && e.key.Kind == yamledit.KindString && !isRead(e.key.Text) {
			r.report(e.value, maskit.Problem{
				Code: "database-argument", Severity: maskit.SeverityWarning, Message: "decides how to reach the database, but syn2mas does not read it",
				Hint: useURI("this setting"),
			})
		}
	}
}

// isRead reports whether syn2mas reads an argument, or can do without: pools and time limits.
func isRead(key string) bool {
	switch key {
	case "user", "password", "dbname", "database", "host", "port", "application_name", "connect_timeout", "tcp_user_timeout":
		return true
	}
	return strings.HasPrefix(key, "cp_") || strings.HasPrefix(key, "keepalives")
}

func useURI(what string) string {
	return "give syn2mas " + what + " by --synapse-database-uri; what the address does not say it takes from the variables of libpq, such as PGPASSWORD"
}
