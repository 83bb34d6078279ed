package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// oldestPostgreSQL is what MAS 1.22 needs, and Synapse 1.136.
const oldestPostgreSQL = 130000

// server is a PostgreSQL server, the database on it that is used, and as whom.
type server struct {
	whose, path string
	version     string // "15.18"
	number      int32  // 150018
	encoding    string
	collation   string
	standby     bool
	user        string
	database    string
	schema      string
	// oid of the database and started of the server tell it from all others.
	oid     uint32
	started time.Time
}

func askServer(ctx context.Context, conn *pgx.Conn, whose string) (server, error) {
	s := server{whose: whose, path: databasePath(whose)}
	err := conn.QueryRow(ctx, `SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('server_version_num')::int4,
			pg_encoding_to_char(encoding)::text, datcollate::text, pg_is_in_recovery(), current_user::text, datname::text,
			coalesce(current_schema()::text, ''), oid, pg_postmaster_start_time()
		FROM pg_database WHERE datname = current_database()`).
		Scan(&s.version, &s.number, &s.encoding, &s.collation, &s.standby, &s.user, &s.database, &s.schema, &s.oid, &s.started)
	if err != nil {
		return server{}, fmt.Errorf("ask for its settings: %w", err)
	}
	return s, nil
}

// judge reports what either database must be.
func (s server) judge(seen *surroundings) {
	if s.number < oldestPostgreSQL {
		seen.report(maskit.SeverityError, s.path, CodePostgreSQLTooOld, fmt.Sprintf("%s is on PostgreSQL %s, and MAS and Synapse need 13 or newer", s.whose, s.version), "upgrade PostgreSQL")
	}
	if s.standby {
		seen.report(maskit.SeverityError, s.path, CodeStandby, s.whose+" is a standby, on which no table can be locked and nothing written", "give the address of the primary")
	}
	if s.encoding != "UTF8" {
		seen.report(maskit.SeverityError, s.path, CodeEncoding, fmt.Sprintf("%s has the encoding %s, in which names and devices cannot all be written", s.whose, s.encoding),
			"make a database with ENCODING 'UTF8', and move the data there")
	}
	if s.whose == synapseDatabase && s.collation != "C" && s.collation != "POSIX" {
		seen.report(maskit.SeverityWarning, s.path, CodeCollation,
			fmt.Sprintf("%s has the collation %s, with which Synapse does not start unless told (allow_unsafe_locale); users are sorted anew for the migration, which takes longer", s.whose, s.collation),
			"move the data to a database with LC_COLLATE 'C', as Synapse's documentation says; nothing is lost without")
	}
}

// sameDatabase reports that both addresses lead to one place.
func sameDatabase(seen *surroundings, synapse, mas server) {
	if synapse.oid != mas.oid || !synapse.started.Equal(mas.started) || synapse.database != mas.database {
		return
	}
	if synapse.schema != mas.schema {
		seen.report(maskit.SeverityInfo, mas.path, CodeSameDatabase,
			fmt.Sprintf("MAS and Synapse share the database %s, in the schemas %s and %s", mas.database, mas.schema, synapse.schema), "give MAS a database of its own, so that each can be restored alone")
		return
	}
	seen.report(maskit.SeverityError, mas.path, CodeSameDatabase,
		fmt.Sprintf("both addresses lead to the database %s, and both have a table users", mas.database), "correct one of the two addresses; MAS needs a database of its own")
}
