package mas

// Account is the section account: what people may do with their accounts.
type Account struct {
	// EmailChangeAllowed lets people change their e-mail addresses. Default: true.
	EmailChangeAllowed Opt[bool] `yaml:"email_change_allowed" since:"0.10"`
	// DisplaynameChangeAllowed lets people change their display name. Default: true.
	DisplaynameChangeAllowed Opt[bool] `yaml:"displayname_change_allowed" since:"0.10"`
	// PasswordRegistrationEnabled lets anyone register with a password.
	PasswordRegistrationEnabled bool `yaml:"password_registration_enabled" since:"0.10"`
	// PasswordRegistrationEmailRequired asks for an e-mail address there. Default: true.
	PasswordRegistrationEmailRequired Opt[bool] `yaml:"password_registration_email_required" since:"1.4"`
	// PasswordChangeAllowed lets people change their password. Default: true.
	PasswordChangeAllowed Opt[bool] `yaml:"password_change_allowed" since:"0.10"`
	// PasswordRecoveryEnabled lets people reset their password by e-mail.
	PasswordRecoveryEnabled bool `yaml:"password_recovery_enabled" since:"0.10"`
	// PasswordRegistrationTokenRequired asks for a registration token to register with a password.
	PasswordRegistrationTokenRequired bool `yaml:"password_registration_token_required" since:"1.19"`
	// AccountDeactivationAllowed lets people deactivate their account. Default: true.
	AccountDeactivationAllowed Opt[bool] `yaml:"account_deactivation_allowed" since:"0.15"`
	// LoginWithEmailAllowed accepts an e-mail address in place of the user name.
	LoginWithEmailAllowed bool `yaml:"login_with_email_allowed" since:"0.15"`
	// RegistrationTokenRequired asks for a registration token from everyone, upstream users too.
	//
	// Deprecated: use PasswordRegistrationTokenRequired and the provider's RegistrationTokenRequired (MAS 1.19).
	RegistrationTokenRequired bool `yaml:"registration_token_required" since:"0.17"`
}
