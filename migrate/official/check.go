package official

import (
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
)

// checkFindings translates what the checks of mas-cli said. What is not known, such as
// by a newer version, is a finding in its words.
func checkFindings(report mascli.CheckReport, policy migrate.Policy) migrate.Findings {
	var findings migrate.Findings
	for _, text := range report.Errors {
		findings = append(findings, checkFinding(text, maskit.SeverityError, policy))
	}
	for _, text := range report.Warnings {
		findings = append(findings, checkFinding(text, maskit.SeverityWarning, policy))
	}
	return findings
}

func checkFinding(text string, severity maskit.Severity, policy migrate.Policy) migrate.Finding {
	if anomaly, ok := checkAnomaly(text); ok {
		f := migrate.AnomalyFinding(anomaly, policy)
		f.Severity = severity // mas-cli decides whether it goes on
		return f
	}
	for _, known := range settingTexts() {
		if known.matches(text) {
			return finding(severity, known.path, known.code, text, known.hint)
		}
	}
	return finding(severity, "", CodeTool, text, "see the documentation of mas-cli syn2mas")
}

// settingText is what mas-cli says of a setting.
type settingText struct {
	part             string // of the text
	code, path, hint string
}

func (s settingText) matches(text string) bool { return strings.Contains(text, s.part) }

// settingTexts are the texts of MAS 0.16 to 1.22 about configurations. The first that matches counts.
func settingTexts() []settingText {
	const synapse, scheme = "in Synapse's configuration", "passwords.schemes"
	return []settingText{
		{"missing a password hashing scheme", migrate.CodeMissingPasswordScheme, scheme, "add a scheme with version: 1, algorithm: bcrypt and unicode_normalization: true to MAS's configuration"},
		{"must use the Bcrypt algorithm", migrate.CodePasswordSchemeNotBcrypt, scheme, "set algorithm: bcrypt and unicode_normalization: true in scheme 1, and argon2id in a scheme 2"},
		{"must have the same secret as the `pepper`", migrate.CodePasswordSchemeWrongPepper, scheme, "write Synapse's password_config.pepper into secret of scheme 1"},
		{"Guest support is enabled", migrate.CodeGuestsEnabled, "allow_guest_access", "set allow_guest_access: false " + synapse},
		{"`enable_3pid_changes` explicitly enabled", migrate.CodeThreepidChangesEnabled, "enable_3pid_changes", "set enable_3pid_changes: false " + synapse},
		{"`login_via_existing_session.enabled`", migrate.CodeLoginViaExistingSession, "login_via_existing_session.enabled", "set it to false " + synapse},
		{"has the wrong `matrix.homeserver`", migrate.CodeServerNameMismatch, "matrix.homeserver", "write Synapse's server_name there"},
		{"auth configuration which will need to be manually mapped", migrate.CodeExternalAuthSystem, "", "put an OpenID Connect provider that knows these people in front of MAS"},
		{"OIDC auth configuration", migrate.CodeExternalAuthSystem, "oidc_providers", "add the provider to upstream_oauth2.providers of MAS"},
		{"has registration enabled", migrate.CodeDisableRegistration, "enable_registration", "set enable_registration: false when Synapse is handed over"},
		{"MAS has not been configured with terms of service", migrate.CodeShouldPortUserConsentAsTerms, "branding.tos_uri", "set branding.tos_uri in MAS's configuration"},
		{"has `user_consent` enabled", migrate.CodeDisableUserConsent, "user_consent", "remove user_consent when Synapse is handed over"},
		{"no CAPTCHA has been configured in MAS", migrate.CodeShouldPortCaptcha, "captcha", "set captcha in MAS's configuration"},
	}
}

// checkAnomaly reads what mas-cli says of rows.
func checkAnomaly(text string) (migrate.Anomaly, bool) {
	const links = "user_external_ids"
	switch {
	case strings.Contains(text, " guests which will be migrated"):
		return migrate.Anomaly{Code: migrate.CodeGuestsInDatabase, Path: "users", Count: numberAfter(text, "contains ")}, true
	case strings.Contains(text, " non-email 3PIDs"):
		return migrate.Anomaly{Code: migrate.CodeNonEmailThreepids, Path: "user_threepids", Count: numberAfter(text, "contains ")}, true
	case strings.Contains(text, " mapping entries from a previously-configured MAS"):
		return migrate.Anomaly{Code: migrate.CodeExistingOAuthDelegated, Path: links, Count: numberAfter(text, "has ")}, true
	case strings.Contains(text, "but the Synapse configuration does not contain this provider"):
		return migrate.Anomaly{
			Code: migrate.CodeSynapseMissingOAuthProvider, Path: links, Count: numberAfter(text, "contains "),
			Provider: between(text, "provider '", "' but the Synapse"),
		}, true
	case strings.Contains(text, "which must also be configured in the MAS configuration"):
		issuer, err := strconv.Unquote(between(text, "' (issuer: ", ") used by"))
		if err != nil {
			issuer = ""
		}
		return migrate.Anomaly{
			Code: migrate.CodeMASMissingOAuthProvider, Path: links, Count: numberAfter(text, ") used by "),
			Provider: between(text, "provider '", "' (issuer: "), Issuer: issuer,
		}, true
	}
	return migrate.Anomaly{}, false
}

// numberAfter returns the number that follows the first such text with a number after it, else 0.
func numberAfter(text, before string) int64 {
	for {
		_, rest, ok := strings.Cut(text, before)
		if !ok {
			return 0
		}
		if n, ok := leadingNumber(rest); ok {
			return n
		}
		text = rest
	}
}

// leadingNumber reads digits that are not the beginning of a larger number than fits.
func leadingNumber(text string) (int64, bool) {
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(text[:end], 10, 64)
	return n, err == nil
}

// between returns what stands between the first of one text and the last of another.
func between(text, before, after string) string {
	_, rest, ok := strings.Cut(text, before)
	end := strings.LastIndex(rest, after)
	if !ok || end < 0 {
		return ""
	}
	return rest[:end]
}
