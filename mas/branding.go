package mas

// Branding is the section branding. Colours and logos need templates of your own.
type Branding struct {
	// ServiceName is shown on the pages. Default: the server name.
	ServiceName string `yaml:"service_name"`
	// PolicyURI links the privacy policy.
	PolicyURI string `yaml:"policy_uri"`
	// TOSURI links the terms of service, and makes accepting them part of registration.
	TOSURI string `yaml:"tos_uri"`
	// Imprint is a line at the foot of the pages.
	Imprint string `yaml:"imprint"`
	// LogoURI was a logo. MAS 1.21 dropped it.
	LogoURI string `yaml:"logo_uri" until:"1.20"`
}
