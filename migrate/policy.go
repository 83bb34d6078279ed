package migrate

// Policy says what becomes of rows that do not fit MAS. The zero value fails on each
// of them, before anything is visible to MAS.
type Policy struct {
	// OrphanRows: rows of devices, user_threepids, user_external_ids, access_tokens and
	// refresh_tokens whose user does not exist ("orphan-rows").
	OrphanRows Disposition
	// ForeignUsers: users whose id is of another domain, or no id at all ("foreign-users").
	ForeignUsers Disposition
	// UnmappedLinks: links of an identity provider that MAS does not have
	// ("synapse-missing-oauth-provider", "mas-missing-oauth-provider"). Skip is
	// --ignore-missing-auth-providers.
	UnmappedLinks Disposition
	// HiddenDeviceTokens: access tokens of active users on devices that Synapse hides,
	// or of guests ("hidden-device-tokens").
	HiddenDeviceTokens Disposition
	// NoCreationTime: users whose creation_ts is NULL ("null-creation-time"). Skip does
	// not skip the user: it takes the start of the migration as the time.
	NoCreationTime Disposition
	// UnusableHashes: password hashes that are not bcrypt, the empty one included
	// ("unusable-password-hash"). Skip leaves them out, so that the person has to
	// reset the password; the zero value copies them as the official tool does, and warns.
	UnusableHashes Disposition
	// DehydratedDevices: devices of dehydrated_devices that devices has, too
	// ("dehydrated-devices"). Skip leaves them without a session; the zero value gives
	// them one as the official tool does, and warns.
	DehydratedDevices Disposition
}

// Disposition is what to do with such rows.
type Disposition string

const (
	// Fail is the default: the migration fails, and nothing is visible to MAS.
	Fail Disposition = ""
	// Skip leaves the rows out, counts them by reason and shows samples.
	Skip Disposition = "skip"
)
