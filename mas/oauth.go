package mas

// OAuth is the section oauth.
type OAuth struct {
	// DeviceCodeGrantEnabled allows signing in on another device by a code. Default: true.
	DeviceCodeGrantEnabled Opt[bool] `yaml:"device_code_grant_enabled"`
	// DeviceCodeUserCodeAutoFillEnabled fills the code in from the link.
	DeviceCodeUserCodeAutoFillEnabled bool `yaml:"device_code_user_code_auto_fill_enabled"`
}
