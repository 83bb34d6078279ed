package keycloak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// judgeLDAP has the server try the connections to the directories, and the passwords that
// it has for them. Nothing is changed, although the server takes the question by POST.
func (r *run) judgeLDAP(ctx context.Context) (maskit.Problems, error) {
	var ps maskit.Problems
	for i, l := range r.spec.LDAP {
		have, err := l.find(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", l.subject(), err)
		}
		if have.raw == nil || text(have.raw, "config", "enabled") == "false" {
			continue
		}
		found, err := r.tryLDAP(ctx, have.raw)
		if err != nil {
			return nil, fmt.Errorf("try %s: %w", l.subject(), err)
		}
		ps = append(ps, below(fmt.Sprintf("ldap[%d]", i), found)...)
	}
	return ps, nil
}

// failsBehindLDAP reports whether an error is what the server says instead of users while
// a directory does not answer: that something failed which it has no word for, with the
// status 500, or 400 where the directory refuses the password (seen in 26.7).
func failsBehindLDAP(err error, directories maskit.Problems) bool {
	var status *maskit.StatusError
	if !errors.As(err, &status) || status.Status < http.StatusInternalServerError && (status.Status != http.StatusBadRequest || status.Code != "unknown_error") {
		return false
	}
	return slices.ContainsFunc(directories, func(p maskit.Problem) bool { return p.Code == "ldap-unreachable" || p.Code == "ldap-bind-refused" })
}

// claimsBehindLDAP is instead of claims: with a directory that does not answer, the server
// fails to look users up, those of its own too.
func claimsBehindLDAP() maskit.Problem {
	return maskit.Problem{
		Path: "claims", Code: "claims-not-checked", Severity: maskit.SeveritySkip,
		Message: "users cannot be looked up while a directory does not answer", Hint: "mend the directory first",
	}
}

// tryLDAP tries first to reach the directory, and then to log in.
func (r *run) tryLDAP(ctx context.Context, raw map[string]any) (maskit.Problems, error) {
	reached, err := r.askLDAP(ctx, raw, "testConnection")
	switch {
	case errors.Is(err, maskit.ErrForbidden):
		return maskit.Problems{{Code: "ldap-not-checked", Severity: maskit.SeveritySkip, Message: "the account may not have the connection tried", Hint: "it needs manage-realm"}}, nil
	case err != nil:
		return nil, err
	case reached != "":
		return maskit.Problems{{
			Path: "url", Code: "ldap-unreachable", Message: "Keycloak cannot reach the directory: " + reached,
			Hint: "check address, port and firewall from Keycloak's host; for ldaps:// and start_tls, that its truststore (truststore-paths) has the CA",
		}}, nil
	}
	if text(raw, "config", "authType") == "none" {
		return nil, nil
	}
	refused, err := r.askLDAP(ctx, raw, "testAuthentication")
	if err != nil || refused == "" {
		return nil, err
	}
	return maskit.Problems{{
		Path: "bind_credential", Code: "ldap-bind-refused", Message: "the directory refuses bind_dn with the password that Keycloak has: " + refused,
		Hint: "give the right password, and change bind_credential_version so that it is written",
	}}, nil
}

// askLDAP has the server try something with the settings and the password that it has, and
// returns what it complains about.
func (r *run) askLDAP(ctx context.Context, raw map[string]any, action string) (string, error) {
	setting := func(name string) string { return text(raw, "config", name) }
	_, err := r.wire.call(ctx, http.MethodPost, r.path("testLDAPConnection"), map[string]any{
		"action": action, "componentId": text(raw, "id"), "bindCredential": mask,
		"connectionUrl": setting("connectionUrl"), "bindDn": setting("bindDn"), "authType": cmp.Or(setting("authType"), "simple"),
		"useTruststoreSpi": cmp.Or(setting("useTruststoreSpi"), "always"), "startTls": cmp.Or(setting("startTls"), "false"),
		"connectionTimeout": cmp.Or(setting("connectionTimeout"), "5000"),
	})
	var status *maskit.StatusError
	if errors.As(err, &status) && status.Status == http.StatusBadRequest {
		return cmp.Or(status.Message, "no reason given"), nil
	}
	return "", err
}
