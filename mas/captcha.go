package mas

import "github.com/maskit-dev/maskit"

// Captcha is the section captcha. It guards registration by password only: no
// login, and no sign-up through an identity provider.
type Captcha struct {
	// Service is whose captcha it is. Empty: none.
	Service CaptchaService `yaml:"service" since:"0.10" null:"absent"`
	// SiteKey is the public key. Required with a service.
	SiteKey string `yaml:"site_key" since:"0.10" null:"absent"`
	// SecretKey is the private key. Required with a service; it has no file key.
	SecretKey maskit.Secret `yaml:"secret_key" since:"0.10" null:"absent"`
}

// CaptchaService is a captcha vendor.
type CaptchaService string

// The services.
const (
	RecaptchaV2         CaptchaService = "recaptcha_v2"
	CloudflareTurnstile CaptchaService = "cloudflare_turnstile"
	HCaptcha            CaptchaService = "hcaptcha"
)

func (CaptchaService) values() []string {
	return []string{"recaptcha_v2", "cloudflare_turnstile", "hcaptcha"}
}
