package migrate

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// checkConfig judges the configurations against each other: whether MAS can take over
// what Synapse did, and whether either starts afterwards. What [synapse.PreMigration]
// says of Synapse's alone is among the findings of prepare.
func (s *Syn2MAS) checkConfig(job *Job) Findings {
	c := configCheck{job: job, official: s.isOfficial()}
	if job.Config != nil {
		c.masAlone()
		c.sessions()
	}
	if job.Config != nil && job.hasLegacy() {
		c.serverName()
		c.passwords()
		c.providers()
		c.terms()
	}
	if job.hasLegacy() {
		c.afterwards(s.Source)
	}
	return c.findings
}

// hasLegacy reports whether Synapse's configuration could be read.
func (j *Job) hasLegacy() bool { return j.Legacy.File.Name != "" }

// configCheck collects findings about configurations.
type configCheck struct {
	job      *Job
	official bool
	findings Findings
}

func (c *configCheck) add(f Finding) { c.findings = append(c.findings, f) }

func (c *configCheck) report(severity maskit.Severity, path, code, message, hint string) {
	c.add(Finding{Problem: maskit.Problem{Path: path, Code: code, Severity: severity, Message: message, Hint: hint}})
}

// masAlone reports what keeps MAS from starting, or from working, with its configuration.
func (c *configCheck) masAlone() {
	for _, p := range c.job.Config.Validate(mas.ValidateOptions{}) {
		if p.Code == "duplicate" && strings.HasSuffix(p.Path, ".synapse_idp_id") && !c.official {
			continue // Job.Providers has the enabled ones only; mas-cli takes the last, enabled or not
		}
		if p.Severity == maskit.SeverityError || p.Severity == maskit.SeverityWarning && concernsUsers(p.Path) {
			c.add(Finding{Problem: p})
		}
	}
}

// concernsUsers lists the sections in which a warning may be about the people who are
// moved; other warnings are for those who set MAS up.
func concernsUsers(path string) bool {
	section, _, _ := strings.Cut(path, ".")
	return section == "matrix" || section == "passwords" || section == "database"
}

// serverName: every user id has it.
func (c *configCheck) serverName() {
	own, theirs := c.job.Config.Matrix.Homeserver, c.job.Legacy.ServerName
	if own == theirs {
		return
	}
	c.report(maskit.SeverityError, "matrix.homeserver", CodeServerNameMismatch,
		fmt.Sprintf("MAS serves %q, and Synapse is %q", own, theirs), fmt.Sprintf("set matrix.homeserver: %s in MAS", theirs))
}

// terms: what people accepted, or were asked, when they registered.
func (c *configCheck) terms() {
	if branding := c.job.Config.Branding; c.job.Legacy.UserConsent != nil && (branding == nil || branding.TOSURI == "") {
		c.report(maskit.SeverityWarning, "branding.tos_uri", CodeShouldPortUserConsentAsTerms,
			"Synapse asks for consent to its terms, and MAS has none", "publish the terms on a page of your own, and set branding.tos_uri in MAS")
	}
}

// sessions are the limits that MAS applies to sessions which people have for long.
func (c *configCheck) sessions() {
	e := c.job.Config.Experimental
	if e == nil {
		return
	}
	if idle := e.InactiveSessionExpiration; idle != nil && idle.ExpireCompatSessions.Or(true) {
		c.add(Finding{
			Problem: maskit.Problem{
				Path: "experimental.inactive_session_expiration", Code: CodeInactiveDevices, Severity: maskit.SeverityWarning,
				Message: fmt.Sprintf("MAS ends sessions that were not used for %s, and counts the time from before the migration", days(idle.TTL)),
				Hint:    "leave it out at first, and set it when people have used their devices with MAS",
			},
			Effect: "devices that were not used for so long would be signed out as soon as MAS starts, and deleted from Synapse with their keys",
		})
	}
	if limit := e.SessionLimit; limit != nil {
		c.add(Finding{
			Problem: maskit.Problem{
				Path: "experimental.session_limit", Code: CodeManyDevices, Severity: maskit.SeverityWarning,
				Message: fmt.Sprintf("MAS allows %d sessions of a user, and every device that is moved is one", limit.HardLimit),
				Hint:    "leave it out at first, or raise it above the number of devices that people have",
			},
			Effect: sessionLimitEffect(*limit),
		})
	}
}

func sessionLimitEffect(limit mas.SessionLimit) string {
	if limit.DangerousHardLimitEviction {
		return "a new login of somebody who has as many ends the oldest session, whose device loses its keys"
	}
	return "people who have as many cannot log in on another device"
}

func days(s mas.Seconds) string {
	const day = 24 * 60 * 60
	if s%day == 0 {
		return number(int64(s/day), "days") //nolint:gosec // a configured duration
	}
	return number(int64(s/60), "minutes") //nolint:gosec // a configured duration
}
