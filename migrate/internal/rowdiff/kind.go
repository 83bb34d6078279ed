package rowdiff

// cluster is a set of tables that are read by one query, joined: the joined rows are
// equal on both sides if, and only if, the tables are, but for what sharedSQL finds.
type cluster int

const (
	accounts     cluster = iota // users and their passwords
	thirdParties                // e-mail addresses and others
	upstream                    // links
	devices                     // sessions and their tokens
	clusterCount
)

// kind is a kind of row. It is a table of MAS, but for compat_sessions, whose rows
// without a device come from elsewhere in Synapse.
type kind byte

const (
	users kind = iota
	passwords
	emails
	unsupported
	links
	sessions
	deviceless
	accessTokens
	refreshTokens
	kindCount
)

// table is the table of MAS.
func (k kind) table() string {
	switch k {
	case users:
		return "users"
	case passwords:
		return "user_passwords"
	case emails:
		return "user_emails"
	case unsupported:
		return "user_unsupported_third_party_ids"
	case links:
		return "upstream_oauth_links"
	case sessions, deviceless:
		return "compat_sessions"
	case accessTokens:
		return "compat_access_tokens"
	default:
		return "compat_refresh_tokens"
	}
}

// form says how a field is shown.
type form int

const (
	formText form = iota
	formTime
	formFlag
	formNumber
	formAddress
	formProvider
	formID     // whether the id is one that was made at created_at
	formSecret // never shown
	formUUID
	formSession // whether a refresh token and its access token have one session
)

// field is a part of a row that must be the same on both sides.
type field struct {
	name string
	form form
}

// fields lists what is compared of a row, in the order in which both sides build it.
func (k kind) fields() []field {
	switch k {
	case users:
		return []field{
			{"created_at", formTime},
			{"locked_at", formTime},
			{"deactivated_at", formTime},
			{"can_request_admin", formFlag},
			{"is_guest", formFlag},
			{"user_id", formID},
		}
	case passwords:
		return []field{
			{"hashed_password", formSecret},
			{"created_at", formTime},
			{"version", formNumber},
			{"upgraded_from_id", formUUID},
			{"user_password_id", formID},
		}
	case emails:
		return []field{{"email", formText}, {"created_at", formTime}, {"confirmed_at", formTime}, {"user_email_id", formID}}
	case unsupported:
		return []field{{"medium", formText}, {"address", formText}, {"created_at", formTime}}
	case links:
		return []field{
			{"upstream_oauth_provider_id", formProvider},
			{"subject", formText},
			{"created_at", formTime},
			{"human_account_name", formText},
			{"upstream_oauth_link_id", formID},
		}
	}
	return k.sessionFields()
}

func (k kind) sessionFields() []field {
	switch k {
	case sessions, deviceless:
		return []field{
			{"device_id", formText},
			{"human_name", formText},
			{"user_agent", formText},
			{"is_synapse_admin", formFlag},
			{"last_active_at", formTime},
			{"last_active_ip", formAddress},
			{"finished_at", formTime},
			{"user_session_id", formUUID},
			{"created_at", formTime},
			{"compat_session_id", formID},
		}
	case accessTokens:
		return []field{
			{"device_id", formText},
			{"access_token", formSecret},
			{"created_at", formTime},
			{"expires_at", formTime},
			{"compat_access_token_id", formID},
		}
	default:
		return []field{
			{"device_id", formText},
			{"refresh_token", formSecret},
			{"compat_access_token_id", formSecret},
			{"created_at", formTime},
			{"consumed_at", formTime},
			{"compat_session_id", formSession},
			{"compat_refresh_token_id", formID},
		}
	}
}

// identities lists the sets of fields, by index, by which a row of one user is told
// from the others: rows that are equal in the first are one row that was changed, then
// those in the second.
func (k kind) identities() [][]int {
	switch k {
	case users:
		return [][]int{{}}
	case passwords:
		return [][]int{{0}, {}}
	case emails:
		return [][]int{{0}, {1}}
	case unsupported, links:
		return [][]int{{0, 1}, {0}, {1}}
	case sessions:
		return [][]int{{0}}
	case deviceless:
		return [][]int{{}}
	default: // tokens: by the token, then by the device
		return [][]int{{1}, {0}}
	}
}

// label lists the fields that name a row, besides the user. None is a secret.
func (k kind) label() []int {
	switch k {
	case emails, sessions, deviceless, accessTokens, refreshTokens:
		return []int{0}
	case unsupported, links:
		return []int{0, 1}
	}
	return nil
}
