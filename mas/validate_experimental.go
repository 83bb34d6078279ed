package mas

import "fmt"

// Bounds of the lifetimes, in seconds: the schema of MAS 1.22 has them, and MAS
// itself takes anything.
const (
	minTokenTTL Seconds = 60
	maxTokenTTL Seconds = 86400
	minIdleTTL  Seconds = 600
	maxIdleTTL  Seconds = 7776000
)

// experimental checks the section experimental: configuration reference of MAS
// 1.22, "experimental".
func (c *checker) experimental() {
	const at place = "experimental"
	e := c.config.Experimental
	if e == nil {
		return
	}
	c.ttl(at.key("access_token_ttl"), e.AccessTokenTTL, minTokenTTL, maxTokenTTL)
	c.ttl(at.key("compat_token_ttl"), e.CompatTokenTTL, minTokenTTL, maxTokenTTL)
	if i := e.InactiveSessionExpiration; i != nil {
		c.ttl(at.key("inactive_session_expiration").key("ttl"), Set(i.TTL), minIdleTTL, maxIdleTTL)
	}
	if e.PlanManagementIframeURI != "" {
		c.webURL(at.key("plan_management_iframe_uri"), e.PlanManagementIframeURI)
	}
	if e.SessionLimit != nil {
		c.sessionLimit(at.key("session_limit"), *e.SessionLimit)
	}
}

func (c *checker) ttl(at place, ttl Opt[Seconds], low, high Seconds) {
	if ttl.Valid && (ttl.V < low || ttl.V > high) {
		c.fail(at, "out-of-range", fmt.Sprintf("is not from %d to %d seconds", low, high), "write whole seconds in that range")
	}
}

func (c *checker) sessionLimit(at place, l SessionLimit) {
	if l.SoftLimit == 0 {
		c.required(at.key("soft_limit"), "1 or more")
	}
	switch {
	case l.HardLimit == 0:
		c.required(at.key("hard_limit"), "soft_limit or more")
	case l.HardLimit < l.SoftLimit:
		c.fail(at.key("hard_limit"), "limit-order", "is lower than soft_limit", "set it to soft_limit or more")
	case l.DangerousHardLimitEviction && l.HardLimit < 2:
		c.fail(at.key("hard_limit"), "limit-order", "is 1, so that a login would end the only session", "set it to 2 or more, or drop dangerous_hard_limit_eviction")
	}
	if l.MaxSessionThreshold.Valid && l.MaxSessionThreshold.V == 0 {
		c.fail(at.key("max_session_threshold"), "out-of-range", "is 0", "set it to 1 or more, or remove it")
	}
}
