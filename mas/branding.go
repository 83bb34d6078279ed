package mas

// Branding is the section branding. Colours and logos need templates of your own.
type Branding struct {
	// ServiceName is shown on the pages. Default: the server name.
	ServiceName string `yaml:"service_name" null:"absent"`
	// PolicyURI links the privacy policy.
	PolicyURI string `yaml:"policy_uri" null:"absent"`
	// TOSURI links the terms of service, and makes accepting them part of registration.
	TOSURI string `yaml:"tos_uri" null:"absent"`
	// Imprint is a line at the foot of the pages.
	Imprint string `yaml:"imprint" null:"absent"`
	// LogoURI was a logo. MAS 1.21 dropped it.
	LogoURI string `yaml:"logo_uri" until:"1.20"`
}
