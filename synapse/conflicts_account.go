package synapse

// accountConflicts are about accounts, which MAS keeps.
func accountConflicts() []conflict {
	const (
		consent   = "Synapse asks for consent to its terms"
		captcha   = "Synapse asks for a CAPTCHA"
		registers = "Synapse lets people register"
	)
	return []conflict{
		{
			code: "password-login", path: "password_config.enabled", holds: truthy, // "only_for_reauth" is a true string
			does: "Synapse checks passwords", reason: "MAS checks passwords", remove: "password_config.enabled",
		},
		{
			code: "wrong-type", path: "password_config", holds: isNoSectionOrNull, effect: crashes, masked: true,
			advice: "write a mapping, or remove it",
		},
		{
			code: "wrong-type", path: "password_config.policy", holds: isTrueNoSection, effect: crashes, masked: true,
			advice: "write a mapping, or remove it",
		},
		{
			code: "registration-open", path: "enable_registration", holds: opensRegistration,
			does: registers, reason: "MAS registers users", remove: "enable_registration",
		},
		{
			code: "wrong-type", path: "enable_registration", holds: isNoSwitch, effect: crashes, masked: true,
			reason: "MAS registers users", remove: "enable_registration",
		},
		{
			code: "registration-open", path: "disable_registration", holds: isSwitchedOff,
			does: registers, reason: "MAS registers users", remove: "disable_registration",
		},
		{
			code: "wrong-type", path: "disable_registration", holds: isNoSwitch, effect: crashes, masked: true,
			reason: "MAS registers users", remove: "disable_registration",
		},
		{
			code: "user-consent", path: "user_consent", holds: isNotNull, does: consent, masked: true,
			reason: "MAS asks for consent", remove: "user_consent",
			moved: "nobody is asked to accept the terms; MAS asks by branding.tos_uri",
		},
		{
			code: "captcha", path: "enable_registration_captcha", holds: truthy, does: captcha,
			reason: "MAS asks for the CAPTCHA", remove: "enable_registration_captcha",
			moved: "nothing keeps robots from registering; MAS asks for a CAPTCHA by its captcha section",
		},
		{
			code: "3pid-changes", path: "enable_3pid_changes", holds: truthy, does: "Synapse lets people change their email addresses",
			reason: "MAS keeps email addresses", remove: "enable_3pid_changes",
		},
	}
}

// opensRegistration: the older disable_registration counts if it is there.
func opensRegistration(l look) bool {
	_, older := l.config.find("disable_registration")
	return isSwitchedOn(l) && !older
}
