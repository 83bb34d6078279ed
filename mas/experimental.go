package mas

// Experimental is the section experimental. MAS may change it between releases.
type Experimental struct {
	// AccessTokenTTL is the lifetime of access tokens. Default: 300.
	AccessTokenTTL Opt[Seconds] `yaml:"access_token_ttl"`
	// CompatTokenTTL is the lifetime of the tokens of Matrix logins that asked for
	// refresh tokens; the others never expire. Default: 300.
	CompatTokenTTL Opt[Seconds] `yaml:"compat_token_ttl"`
	// InactiveSessionExpiration ends sessions that are not used.
	InactiveSessionExpiration *InactiveSessionExpiration `yaml:"inactive_session_expiration" since:"0.14" null:"absent"`
	// PlanManagementIframeURI is shown in the account pages.
	PlanManagementIframeURI string `yaml:"plan_management_iframe_uri" since:"0.17" null:"absent"`
	// SessionLimit bounds the sessions of a user.
	SessionLimit *SessionLimit `yaml:"session_limit" since:"1.8" null:"absent"`
}

// InactiveSessionExpiration ends sessions that are not used.
type InactiveSessionExpiration struct {
	// TTL is how long a session may be idle. Required.
	TTL Seconds `yaml:"ttl"`
	// ExpireCompatSessions includes Matrix logins. Default: true.
	ExpireCompatSessions Opt[bool] `yaml:"expire_compat_sessions"`
	// ExpireOAuthSessions includes OAuth 2.0 sessions. Default: true.
	ExpireOAuthSessions Opt[bool] `yaml:"expire_oauth_sessions"`
	// ExpireUserSessions includes browser sessions. Default: true.
	ExpireUserSessions Opt[bool] `yaml:"expire_user_sessions"`
}

// SessionLimit bounds the sessions of a user.
type SessionLimit struct {
	// SoftLimit asks the user to end sessions at an interactive login. Required.
	SoftLimit uint64 `yaml:"soft_limit"`
	// HardLimit refuses new sessions; at least SoftLimit. Required.
	HardLimit uint64 `yaml:"hard_limit"`
	// MaxSessionThreshold exempts users with more sessions than that.
	MaxSessionThreshold Opt[uint64] `yaml:"max_session_threshold" since:"1.18" null:"absent"`
	// DangerousHardLimitEviction ends the oldest sessions instead; needs a HardLimit
	// of 2 or more.
	DangerousHardLimitEviction bool `yaml:"dangerous_hard_limit_eviction" since:"1.17"`
}
