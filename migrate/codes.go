package migrate

// The codes of findings about configurations and rows, which both [Syn2MAS.Check] and the
// engines use. Those that "mas-cli syn2mas check" has bear its names, in kebab case.
const (
	CodeThreepidChangesEnabled       = "threepid-changes-enabled"
	CodeLoginViaExistingSession      = "login-via-existing-session-enabled"
	CodeGuestsEnabled                = "guests-enabled"
	CodeServerNameMismatch           = "server-name-mismatch"
	CodeMissingPasswordScheme        = "missing-password-scheme"
	CodePasswordSchemeNotBcrypt      = "password-scheme-not-bcrypt"
	CodePasswordSchemeWrongPepper    = "password-scheme-wrong-pepper"
	CodeDisableRegistration          = "disable-registration-after-migration"
	CodeDisableUserConsent           = "disable-user-consent-after-migration"
	CodeShouldPortUserConsentAsTerms = "should-port-user-consent-as-terms"
	CodeShouldPortCaptcha            = "should-port-registration-captcha"
	CodeExternalAuthSystem           = "external-auth-system"
	CodeGuestsInDatabase             = "guests-in-database"
	CodeNonEmailThreepids            = "non-email-threepids-in-database"
	CodeExistingOAuthDelegated       = "existing-oauth-delegated"
	CodeSynapseMissingOAuthProvider  = "synapse-missing-oauth-provider"
	CodeMASMissingOAuthProvider      = "mas-missing-oauth-provider"

	// What the official tool does not look for.

	CodeOrphanRows          = "orphan-rows"
	CodeForeignUsers        = "foreign-users"
	CodeNullCreationTime    = "null-creation-time"
	CodeHiddenDeviceTokens  = "hidden-device-tokens"
	CodeAppserviceLocalpart = "appservice-localpart"
	CodeCaseTwins           = "case-twins"
	CodeUnrecognisedTokens  = "unrecognised-tokens"
	CodeUnusableHash        = "unusable-password-hash"
	CodeUnreadableIP        = "unreadable-device-ip"
	CodeDehydratedDevices   = "dehydrated-devices"
	CodeMASNotEmpty         = "mas-not-empty"
	CodeUnfinishedRun       = "unfinished-run"
	CodeSynapseRunning      = "synapse-running"
	CodeMASRunning          = "mas-running"
	CodeUnknownSchema       = "unknown-mas-schema"
	CodeProviderMissing     = "provider-not-in-database"
	CodeProviderDisabled    = "provider-disabled"

	// What MAS does not know of, or does otherwise.

	CodeLostDeviceTokens   = "lost-device-tokens"
	CodeDevicelessAdmins   = "deviceless-admin-tokens"
	CodePuppetTokens       = "puppet-tokens"
	CodeAppserviceTokens   = "appservice-tokens"
	CodeExpiredTokens      = "expired-tokens"
	CodeSessionLifetimes   = "session-lifetimes"
	CodeImplausibleTimes   = "implausible-times"
	CodeOddUsernames       = "odd-usernames"
	CodeEmailTwins         = "email-twins"
	CodeDeactivatedRemains = "deactivated-remains"
	CodeLockedUsers        = "locked-users"
	CodeSuspendedUsers     = "suspended-users"
	CodeShadowBannedUsers  = "shadow-banned-users"
	CodeUnapprovedUsers    = "unapproved-users"
	CodeUserTypes          = "user-types"
	CodeExpiredAccounts    = "expired-accounts"
	CodeRegistrationTokens = "registration-tokens"
	CodeManyDevices        = "many-devices"
	CodeInactiveDevices    = "inactive-devices"
)

// Fatal reports whether an error with this code cannot be accepted, because no
// engine can work with what it found.
func Fatal(code string) bool {
	switch code {
	case CodeServerNameMismatch, CodeMASNotEmpty, CodeProviderMissing, CodeProviderDisabled, CodeSynapseRunning, CodeMASRunning,
		CodeUnreachable, CodeNotSynapse, CodeNotMAS, CodeSameDatabase, CodeMigrationRunning, CodeNotPostgreSQL, CodeAddressInvalid:
		return true
	}
	return false
}
