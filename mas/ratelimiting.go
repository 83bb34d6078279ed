package mas

// RateLimiting is the section rate_limiting. Limits are kept in memory by each
// replica: N replicas allow N times as much.
type RateLimiting struct {
	// AccountRecovery bounds password recovery.
	AccountRecovery *AccountRecoveryLimits `yaml:"account_recovery" since:"0.10"`
	// Login bounds logins by password.
	Login *LoginLimits `yaml:"login" since:"0.10"`
	// Registration bounds registrations per IP address. Default: 3 at 3/3600 per second.
	Registration *RateLimit `yaml:"registration" since:"0.10"`
	// EmailAuthentication bounds verification e-mails and codes.
	EmailAuthentication *EmailAuthenticationLimits `yaml:"email_authentication" since:"0.13"`
}

// RateLimit is a token bucket.
type RateLimit struct {
	// Burst is the size of the bucket, at least 1. Required.
	Burst uint32 `yaml:"burst"`
	// PerSecond is how many tokens flow back per second, greater than 0. Required.
	PerSecond float64 `yaml:"per_second"`
}

// AccountRecoveryLimits are the limits of password recovery.
type AccountRecoveryLimits struct {
	// PerIP counts by client address. Default: 3 at 3/3600 per second.
	PerIP *RateLimit `yaml:"per_ip"`
	// PerAddress counts by e-mail address. Default: 3 at 1/3600 per second.
	PerAddress *RateLimit `yaml:"per_address"`
}

// LoginLimits are the limits of logins by password.
type LoginLimits struct {
	// PerIP counts by client address. Default: 3 at 3/60 per second.
	PerIP *RateLimit `yaml:"per_ip"`
	// PerAccount counts by account. Default: 1800 at 0.5 per second. A tight value
	// lets anyone lock an account out.
	PerAccount *RateLimit `yaml:"per_account"`
}

// EmailAuthenticationLimits are the limits of verification e-mails.
type EmailAuthenticationLimits struct {
	// PerIP counts by client address. Default: 5 at 1/60 per second.
	PerIP *RateLimit `yaml:"per_ip"`
	// PerAddress counts by e-mail address. Default: 3 at 1/3600 per second.
	PerAddress *RateLimit `yaml:"per_address"`
	// EmailsPerSession counts e-mails of one session. Default: 2 at 1/300 per second.
	EmailsPerSession *RateLimit `yaml:"emails_per_session"`
	// AttemptPerSession counts codes tried in one session. Default: 10 at 1/60 per second.
	AttemptPerSession *RateLimit `yaml:"attempt_per_session"`
}
