package mas

import "strings"

// captcha checks the section captcha: configuration reference of MAS 1.22, "captcha".
func (c *checker) captcha() {
	const at place = "captcha"
	ca := c.config.Captcha
	if ca == nil {
		return
	}
	if ca.Service == "" {
		if ca.SiteKey != "" || !ca.SecretKey.IsZero() {
			c.noEffect(at, "service is missing, so there is no captcha")
		}
		return
	}
	c.captchaKeys(at, ca)
	if a := c.config.Account; !c.passwordsEnabled() || a == nil || !a.PasswordRegistrationEnabled {
		c.noEffect(at, "it guards registration by password, which is off")
	}
}

func (c *checker) captchaKeys(at place, ca *Captcha) {
	switch {
	case ca.SiteKey == "":
		c.required(at.key("site_key"), "the public key that the captcha vendor gave you")
	case isDummy(ca.SiteKey):
		c.warn(at.key("site_key"), "placeholder", "looks like a placeholder, and then nobody can register by password", "use the key that the captcha vendor gave you")
	}
	switch {
	case ca.SecretKey.IsZero():
		c.required(at.key("secret_key"), "the private key that the captcha vendor gave you; it has no file key")
	case c.present(at.key("secret_key"), ca.SecretKey) && isDummy(ca.SecretKey.Reveal()):
		c.warn(at.key("secret_key"), "placeholder", "looks like a placeholder, and then nobody can register by password", "use the key that the captcha vendor gave you")
	}
}

// isDummy recognises what people write where a captcha key belongs. No vendor's
// keys hold these words.
func isDummy(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"placeholder", "changeme", "change-me", "change_me", "dummy", "example", "your-", "your_", "site-key", "site_key", "secret-key", "secret_key"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
