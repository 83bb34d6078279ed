package keycloak

import (
	"context"

	"github.com/maskit-dev/maskit"
)

// features are what a server can do, told from what it shows: its version is hidden
// from most accounts, and says nothing about features that are switched off.
type features struct {
	// known says that the account sees the realm whole.
	known bool
	// hidden says that it sees the realm, and not whole.
	hidden bool
	// logoutExpires: logout tokens have the exp that MAS asks for. Told from a setting of
	// the same release, 24.0.
	logoutExpires bool
	// clientConditions: flows can tell clients apart, and a client can demand a level of
	// authentication. Told from a setting of 26.6; 26.7 does it and 26.0 does not (both
	// tried).
	clientConditions bool
	// everySession: logging a user out tells of every session. Told from a setting of
	// 26.6; 26.7 does it and 26.0 does not (both tried).
	everySession bool
}

func (r *run) features(ctx context.Context) (features, error) {
	var realm map[string]any
	found, err := r.get(ctx, r.path(), &realm)
	if err != nil || !found || text(realm, "id") == "" {
		return features{hidden: found}, err
	}
	_, since24 := realm["maxTemporaryLockouts"]
	_, since266 := realm["maxSecondaryAuthFailures"]
	return features{known: true, logoutExpires: since24, everySession: since266, clientConditions: since266}, nil
}

// judgeLogout says what of the client's back-channel logout this server does not do.
func (f features) judgeLogout(c Client) maskit.Problems {
	switch {
	case c.BackchannelLogoutURL.V == "":
		return nil
	case f.hidden:
		return maskit.Problems{{
			Path: "client.backchannel_logout_url", Code: "version-unknown", Severity: maskit.SeveritySkip,
			Message: "the account sees too little of the realm to tell how old Keycloak is, and so which logouts MAS is told of",
			Hint:    "give it the role view-realm",
		}}
	case !f.known:
		return nil
	case !f.logoutExpires:
		return maskit.Problems{{
			Path: "client.backchannel_logout_url", Code: "logout-token-without-exp",
			Message: "Keycloak before 24 sends logout tokens without exp, which MAS refuses",
			Hint:    "upgrade Keycloak; late releases of 22 and 23 send it too: acknowledge this there",
		}}
	case !f.everySession && c.LogoutScope == LogoutSession:
		return maskit.Problems{{
			Path: "client.logout_scope", Code: "logout-tells-one-session", Severity: maskit.SeverityWarning,
			Message: "when an administrator logs a user out, Keycloak of this age tells MAS of one session only; the others end without a word",
			Hint:    "set logout_scope to user, or end each session by itself",
		}}
	}
	return nil
}
