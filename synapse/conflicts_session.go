package synapse

// sessionConflicts are about logins and tokens, which MAS issues.
func sessionConflicts() []conflict {
	const (
		existing = "login_via_existing_session"
		issues   = "MAS issues login tokens"
	)
	conflicts := []conflict{
		{
			code: "login-via-existing-session", path: existing + ".enabled", holds: truthy,
			does: "Synapse hands out login tokens", reason: issues, remove: existing + ".enabled",
		},
		{code: "null-section", path: existing, holds: isNull, effect: crashes, reason: issues, remove: existing},
		{
			code: "wrong-type", path: existing, holds: isNoSectionOrNull, effect: crashes,
			reason: issues, remove: existing, masked: true,
		},
	}
	for _, path := range []string{"refresh_token_lifetime", "nonrefreshable_access_token_lifetime", "session_lifetime"} {
		conflicts = append(conflicts, conflict{
			code: "token-lifetime", path: path, holds: isLifetime, does: "Synapse limits the life of its own tokens",
			reason: "MAS sets the lifetime of tokens and sessions", remove: path,
		}, conflict{
			code: "wrong-type", path: path, holds: isNoDuration, effect: crashes,
			reason: "MAS sets the lifetime of tokens and sessions", remove: path, masked: true,
		})
	}
	return conflicts
}
