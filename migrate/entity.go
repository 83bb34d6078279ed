package migrate

// Entity is one kind of row that is moved, named by its table in MAS (MAS 1.22).
type Entity string

// The entities, in the order in which foreign keys want them.
const (
	Users         Entity = "users"
	Passwords     Entity = "user_passwords"
	Emails        Entity = "user_emails"
	Unsupported   Entity = "user_unsupported_third_party_ids"
	Links         Entity = "upstream_oauth_links"
	Sessions      Entity = "compat_sessions"
	AccessTokens  Entity = "compat_access_tokens"
	RefreshTokens Entity = "compat_refresh_tokens" //nolint:gosec // the name of a table
)

// Entities lists all of them in that order.
func Entities() []Entity {
	return []Entity{Users, Passwords, Emails, Unsupported, Links, Sessions, AccessTokens, RefreshTokens}
}
