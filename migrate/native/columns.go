package native

import (
	"slices"

	"github.com/maskit-dev/maskit/migrate"
)

// column is a column of MAS that is written.
type column struct {
	name string
	// typ is its type as format_type prints it.
	typ string
	// nullable says that NULL is written, too.
	nullable bool
	// optional says that not every supported MAS has it.
	optional bool
}

// columns lists what is written of an entity, in the order of its fields (MAS 1.22;
// the same since 0.15, but for the optional one).
func columns(entity migrate.Entity) []column {
	switch entity {
	case migrate.Users:
		return []column{
			required("user_id", "uuid"), required("username", "text"), required("created_at", timestamp),
			nullable("locked_at", timestamp), nullable("deactivated_at", timestamp),
			required("can_request_admin", "boolean"), required("is_guest", "boolean"),
		}
	case migrate.Passwords:
		return []column{
			required("user_password_id", "uuid"), required("user_id", "uuid"), required("hashed_password", "text"),
			required("created_at", timestamp), required("version", "integer"),
		}
	case migrate.Emails:
		return []column{
			required("user_email_id", "uuid"), required("user_id", "uuid"), required("email", "text"),
			required("created_at", timestamp),
			{name: "confirmed_at", typ: timestamp, optional: true},
		}
	case migrate.Unsupported:
		return []column{
			required("user_id", "uuid"), required("medium", "text"), required("address", "text"),
			required("created_at", timestamp),
		}
	}
	return slices.Concat(linkColumns(entity), sessionColumns(entity), tokenColumns(entity))
}

func linkColumns(entity migrate.Entity) []column {
	if entity != migrate.Links {
		return nil
	}
	return []column{
		required("upstream_oauth_link_id", "uuid"), required("upstream_oauth_provider_id", "uuid"),
		required("user_id", "uuid"), required("subject", "text"), required("created_at", timestamp),
	}
}

func sessionColumns(entity migrate.Entity) []column {
	if entity != migrate.Sessions {
		return nil
	}
	return []column{
		required("compat_session_id", "uuid"), required("user_id", "uuid"), nullable("device_id", "text"),
		nullable("human_name", "text"), required("created_at", timestamp), required("is_synapse_admin", "boolean"),
		nullable("last_active_at", timestamp), nullable("last_active_ip", "inet"), nullable("user_agent", "text"),
	}
}

func tokenColumns(entity migrate.Entity) []column {
	switch entity {
	case migrate.AccessTokens:
		return []column{
			required("compat_access_token_id", "uuid"), required("compat_session_id", "uuid"),
			required("access_token", "text"), required("created_at", timestamp), nullable("expires_at", timestamp),
		}
	case migrate.RefreshTokens:
		return []column{
			required("compat_refresh_token_id", "uuid"), required("compat_session_id", "uuid"),
			required("compat_access_token_id", "uuid"), required("refresh_token", "text"), required("created_at", timestamp),
		}
	}
	return nil
}

const timestamp = "timestamp with time zone"

func required(name, typ string) column { return column{name: name, typ: typ} }

func nullable(name, typ string) column { return column{name: name, typ: typ, nullable: true} }
