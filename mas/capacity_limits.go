package mas

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/tokenbucket"
)

// divide gives each of the servers its share of the limits that the deployment
// shall have together. MAS counts in memory, each replica for itself.
//
// A bucket holds whole tokens, so a share is rounded down, and up to 1 where there
// are more servers than tokens. What the deployment then allows more than it
// should is a warning if the limit was asked for, and an info if it is MAS's own.
func (c Capacity) divide(config *Config) maskit.Problems {
	servers := c.servers()
	if servers == 1 {
		return nil
	}
	if config.RateLimiting == nil {
		config.RateLimiting = &RateLimiting{}
	}
	var problems maskit.Problems
	for _, row := range limitRows(config.RateLimiting) {
		target, severity := row.normal, maskit.SeverityInfo
		if *row.limit != nil {
			target, severity = **row.limit, maskit.SeverityWarning
		}
		share := tokenbucket.Bucket(target).Share(servers)
		*row.limit = (*RateLimit)(&share)
		if together := share.Together(servers); target.Burst > 0 && together > uint64(target.Burst) {
			problems = append(problems, maskit.Problem{
				Path: "rate_limiting." + row.path + ".burst", Code: "rate-limit-exceeded", Severity: severity,
				Message: fmt.Sprintf("%d servers allow %d attempts at once together, the limit is %d: each server allows at least one", servers, together, target.Burst),
				Hint:    fmt.Sprintf("raise the burst to %d, or run fewer servers", servers),
			})
		}
	}
	return problems
}

// limitRow is one limit: where it stands, and MAS's default for it.
type limitRow struct {
	path   string
	limit  **RateLimit
	normal RateLimit
}

// limitRows lists all limits of the section, whose sub-sections it creates. The
// defaults are those of MAS 1.22.
func limitRows(r *RateLimiting) []limitRow {
	if r.AccountRecovery == nil {
		r.AccountRecovery = &AccountRecoveryLimits{}
	}
	if r.Login == nil {
		r.Login = &LoginLimits{}
	}
	if r.EmailAuthentication == nil {
		r.EmailAuthentication = &EmailAuthenticationLimits{}
	}
	const minute, hour = 60.0, 3600.0
	return []limitRow{
		{"account_recovery.per_ip", &r.AccountRecovery.PerIP, RateLimit{3, 3 / hour}},
		{"account_recovery.per_address", &r.AccountRecovery.PerAddress, RateLimit{3, 1 / hour}},
		{"login.per_ip", &r.Login.PerIP, RateLimit{3, 3 / minute}},
		{"login.per_account", &r.Login.PerAccount, RateLimit{1800, 0.5}},
		{"registration", &r.Registration, RateLimit{3, 3 / hour}},
		{"email_authentication.per_ip", &r.EmailAuthentication.PerIP, RateLimit{5, 1 / minute}},
		{"email_authentication.per_address", &r.EmailAuthentication.PerAddress, RateLimit{3, 1 / hour}},
		{"email_authentication.emails_per_session", &r.EmailAuthentication.EmailsPerSession, RateLimit{2, 1 / (5 * minute)}},
		{"email_authentication.attempt_per_session", &r.EmailAuthentication.AttemptPerSession, RateLimit{10, 1 / minute}},
	}
}
