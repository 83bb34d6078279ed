package masdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// Column is one that a migration writes.
type Column struct {
	Name, Type string
	// Nullable says that NULL is written at times.
	Nullable bool
}

// Columns are those that a migration writes to a table of [Tables], in the order of
// MAS 1.22. They are the same in MAS 0.15 to 1.22.
func Columns(table string) []Column {
	const id, text, moment, yes = "uuid", "text", "timestamp with time zone", "boolean"
	switch table {
	case "users":
		return []Column{
			{"user_id", id, false},
			{"username", text, false},
			{"created_at", moment, false},
			{"locked_at", moment, true},
			{"can_request_admin", yes, false},
			{"is_guest", yes, false},
			{"deactivated_at", moment, true},
		}
	case "user_passwords":
		return []Column{
			{"user_password_id", id, false},
			{"user_id", id, false},
			{"hashed_password", text, false},
			{"created_at", moment, false},
			{"version", "integer", false},
		}
	case "user_emails":
		return []Column{{"user_email_id", id, false}, {"user_id", id, false}, {"email", text, false}, {"created_at", moment, false}}
	case "user_unsupported_third_party_ids":
		return []Column{{"user_id", id, false}, {"medium", text, false}, {"address", text, false}, {"created_at", moment, false}}
	case "upstream_oauth_links":
		return []Column{
			{"upstream_oauth_link_id", id, false},
			{"upstream_oauth_provider_id", id, false},
			{"user_id", id, false},
			{"subject", text, false},
			{"created_at", moment, false},
		}
	case "compat_sessions":
		return []Column{
			{"compat_session_id", id, false},
			{"user_id", id, false},
			{"device_id", text, true},
			{"created_at", moment, false},
			{"is_synapse_admin", yes, false},
			{"last_active_at", moment, true},
			{"last_active_ip", "inet", true},
			{"user_agent", text, true},
			{"human_name", text, true},
		}
	case "compat_access_tokens":
		return []Column{
			{"compat_access_token_id", id, false},
			{"compat_session_id", id, false},
			{"access_token", text, false},
			{"created_at", moment, false},
			{"expires_at", moment, true},
		}
	case "compat_refresh_tokens":
		return []Column{
			{"compat_refresh_token_id", id, false},
			{"compat_session_id", id, false},
			{"compat_access_token_id", id, false},
			{"refresh_token", text, false},
			{"created_at", moment, false},
		}
	}
	return nil
}

// found is a column as the catalog has it.
type found struct {
	Table, Name, Type           string
	NotNull, Default, Generated bool
}

// CheckShape compares the tables with [Columns]: every problem is an error with the
// code "unknown-mas-schema" and the path "table.column". Columns that a migration does
// not write may be there if they can be left out.
func CheckShape(ctx context.Context, q Querier) (maskit.Problems, error) {
	rows, err := q.Query(ctx, `SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef OR a.attidentity <> '',
			a.attgenerated <> '' OR a.attidentity = 'a'
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relname = ANY ($1)
		ORDER BY array_position($1::text[], c.relname::text), a.attnum`, Tables())
	if err != nil {
		return nil, fmt.Errorf("masdb: read the columns of MAS's tables: %w", err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[found])
	if err != nil {
		return nil, fmt.Errorf("masdb: read the columns of MAS's tables: %w", err)
	}
	return compareShape(columns), nil
}

func compareShape(columns []found) maskit.Problems {
	there := map[string]map[string]found{}
	for _, column := range columns {
		if there[column.Table] == nil {
			there[column.Table] = map[string]found{}
		}
		there[column.Table][column.Name] = column
	}
	var problems maskit.Problems
	for _, table := range Tables() {
		if there[table] == nil {
			problems = append(problems, shapeProblem(table, "the table does not exist"))
			continue
		}
		for _, want := range Columns(table) {
			if message := want.wrong(there[table]); message != "" {
				problems = append(problems, shapeProblem(table+"."+want.Name, message))
			}
			delete(there[table], want.Name)
		}
	}
	for _, column := range columns {
		if rest, ok := there[column.Table][column.Name]; ok && rest.NotNull && !rest.Default && !rest.Generated {
			problems = append(problems, shapeProblem(column.Table+"."+column.Name, "the column is not known, and needs a value"))
		}
	}
	return problems
}

// wrong says what keeps us from writing the column; "" if nothing does.
func (c Column) wrong(there map[string]found) string {
	switch column, ok := there[c.Name]; {
	case !ok:
		return "the column does not exist"
	case column.Type != c.Type:
		return fmt.Sprintf("the column is of type %s instead of %s", column.Type, c.Type)
	case c.Nullable && column.NotNull:
		return "the column does not take NULL"
	case column.Generated:
		return "the column is generated"
	}
	return ""
}

func shapeProblem(path, message string) maskit.Problem {
	return maskit.Problem{
		Path: path, Code: "unknown-mas-schema", Severity: maskit.SeverityError, Message: message,
		Hint: "the schema is none of MAS 0.20 to 1.22: use mas-cli syn2mas of the very version of MAS that will run",
	}
}
