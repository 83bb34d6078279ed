package mas

// branding checks the section branding: configuration reference of MAS 1.22, "branding".
func (c *checker) branding() {
	const at place = "branding"
	b := c.config.Branding
	if b == nil {
		return
	}
	for _, link := range []struct{ key, value string }{
		{"policy_uri", b.PolicyURI},
		{"tos_uri", b.TOSURI},
		{"logo_uri", b.LogoURI},
	} {
		if link.value == "" {
			continue
		}
		if u, ok := c.webURL(at.key(link.key), link.value); ok {
			c.https(at.key(link.key), u)
		}
	}
}
