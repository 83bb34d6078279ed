package mas

import (
	"math"

	"github.com/maskit-dev/maskit/internal/tokenbucket"
)

// rateLimiting checks the section rate_limiting: configuration reference of MAS
// 1.22, "rate_limiting". MAS does not check email_authentication before it starts.
func (c *checker) rateLimiting() {
	const at place = "rate_limiting"
	r := c.config.RateLimiting
	if r == nil {
		return
	}
	c.limit(at.key("registration"), r.Registration)
	if g := r.AccountRecovery; g != nil {
		c.limit(at.key("account_recovery").key("per_ip"), g.PerIP)
		c.limit(at.key("account_recovery").key("per_address"), g.PerAddress)
	}
	if g := r.Login; g != nil {
		c.limit(at.key("login").key("per_ip"), g.PerIP)
		c.limit(at.key("login").key("per_account"), g.PerAccount)
	}
	if g := r.EmailAuthentication; g != nil {
		c.limit(at.key("email_authentication").key("per_ip"), g.PerIP)
		c.limit(at.key("email_authentication").key("per_address"), g.PerAddress)
		c.limit(at.key("email_authentication").key("emails_per_session"), g.EmailsPerSession)
		c.limit(at.key("email_authentication").key("attempt_per_session"), g.AttemptPerSession)
	}
}

func (c *checker) limit(at place, l *RateLimit) {
	if l == nil {
		return
	}
	if l.Burst == 0 {
		c.required(at.key("burst"), "how many are allowed at once, 1 or more")
	}
	rate := l.PerSecond
	switch {
	case rate == 0:
		c.required(at.key("per_second"), "how many are allowed per second in the long run, such as 0.05")
	case rate < 0, math.IsNaN(rate), rate > tokenbucket.MaxPerSecond:
		c.fail(at.key("per_second"), "out-of-range", "is not a positive number up to 1e9", "write events per second, such as 0.05 for three a minute")
	case !tokenbucket.Bucket(*l).Refills():
		c.fail(at.key("per_second"), "out-of-range", "is so small, for this burst, that the time to fill it up again does not fit into MAS's counter, which then panics at start or counts wrongly", "write events per second, such as 0.05 for three a minute")
	}
}
