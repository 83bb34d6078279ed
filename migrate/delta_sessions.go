package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
)

// compatSession is a session with a token.
type compatSession struct {
	User    string
	Device  *string
	Token   *string
	Created time.Time
	Expires *time.Time
}

// compatSessions are logins by the old API of people who are not deactivated. Synapse looks a token up as it is, whatever
// its form; one that expires cannot be refreshed there, so that it is of no use.
func (d *delta) compatSessions(ctx context.Context) error {
	found, err := collect[compatSession](ctx, d.q, `SELECT DISTINCT ON (u.username COLLATE "C", s.compat_session_id) u.username, s.device_id, t.access_token, s.created_at, t.expires_at
		FROM compat_sessions s JOIN users u USING (user_id) LEFT JOIN compat_access_tokens t USING (compat_session_id)
		WHERE s.finished_at IS NULL AND u.deactivated_at IS NULL AND `+d.line.made("s")+`
		ORDER BY u.username COLLATE "C", s.compat_session_id, t.expires_at DESC NULLS FIRST, t.created_at DESC`)
	if err != nil {
		return err
	}
	return d.copySessions(ctx, found, Loss{Kind: LostCompatSessions, Effect: "they are signed out on these devices"})
}

// refreshes are new tokens of sessions that were moved.
func (d *delta) refreshes(ctx context.Context) error {
	found, err := collect[compatSession](ctx, d.q, `SELECT DISTINCT ON (u.username COLLATE "C", s.compat_session_id) u.username, s.device_id, t.access_token, t.created_at, t.expires_at
		FROM compat_sessions s JOIN users u USING (user_id) JOIN compat_access_tokens t USING (compat_session_id)
		WHERE s.finished_at IS NULL AND u.deactivated_at IS NULL AND NOT `+d.line.made("s")+` AND `+d.line.made("t")+`
		ORDER BY u.username COLLATE "C", s.compat_session_id, t.expires_at DESC NULLS FIRST, t.created_at DESC`)
	if err != nil {
		return err
	}
	return d.copySessions(ctx, found, Loss{Kind: LostRefreshes, Effect: "they are signed out on these devices, which have forgotten the tokens that Synapse knows"})
}

func (d *delta) copySessions(ctx context.Context, sessions []compatSession, loss Loss) error {
	if len(sessions) == 0 {
		return nil
	}
	has, err := d.synapseTokens(ctx, sessions)
	if err != nil {
		return err
	}
	t := tally{d: d, loss: loss}
	for _, s := range sessions {
		if s.Token != nil && has.tokens[*s.Token] {
			continue
		}
		can := s.Token != nil && s.Expires == nil && s.Device != nil && has.devices[device{d.mxid(s.User), *s.Device}]
		t.add(s.User, can)
		if can {
			d.addToken(s)
		}
	}
	d.lose(t.loss)
	return nil
}

type device struct{ User, ID string }

// synapseSessions are the devices and tokens that Synapse has.
type synapseSessions struct {
	devices map[device]bool
	tokens  map[string]bool
}

// synapseTokens asks Synapse which of the devices and tokens it has.
func (d *delta) synapseTokens(ctx context.Context, sessions []compatSession) (synapseSessions, error) {
	has := synapseSessions{devices: map[device]bool{}, tokens: map[string]bool{}}
	var users, ids, tokens []string
	for _, s := range sessions {
		if s.Device != nil {
			users, ids = append(users, d.mxid(s.User)), append(ids, *s.Device)
		}
		if s.Token != nil {
			tokens = append(tokens, *s.Token)
		}
	}
	devices, err := collect[device](ctx, d.r.synapse, `SELECT user_id, device_id FROM devices WHERE (user_id, device_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`, users, ids)
	if err != nil {
		return has, err
	}
	for _, found := range devices {
		has.devices[found] = true
	}
	known, err := collect[struct{ Token string }](ctx, d.r.synapse, `SELECT token FROM access_tokens WHERE token = ANY ($1)`, tokens)
	for _, found := range known {
		has.tokens[found.Token] = true
	}
	return has, err
}

// addToken gives a token the next number: Synapse, which is stopped, counts on from the highest.
func (d *delta) addToken(s compatSession) {
	d.steps = append(d.steps, copyStep{
		change: maskit.Change{
			Subject: fmt.Sprintf("access_tokens %s %s", d.mxid(s.User), *s.Device), Action: maskit.ActionCreate,
			Fields: []maskit.FieldChange{{Path: "token", After: maskit.NewSecret(*s.Token)}},
		},
		sql: `INSERT INTO access_tokens (id, user_id, device_id, token, last_validated)
			SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4 FROM access_tokens`,
		args: []any{d.mxid(s.User), *s.Device, *s.Token, s.Created.UnixMilli()},
	})
}

// signOuts are sessions that were ended at MAS while Synapse still has tokens of the device.
func (d *delta) signOuts(ctx context.Context) error {
	type ended struct{ User, Device string }
	found, err := collect[ended](ctx, d.q, `SELECT DISTINCT u.username COLLATE "C", s.device_id FROM compat_sessions s JOIN users u USING (user_id)
		WHERE s.finished_at IS NOT NULL AND s.device_id IS NOT NULL AND `+d.line.changed("s")+`
			AND NOT EXISTS (SELECT FROM compat_sessions o WHERE o.user_id = s.user_id AND o.device_id = s.device_id AND o.finished_at IS NULL) ORDER BY 1, 2`)
	if err != nil || len(found) == 0 {
		return err
	}
	var users, ids []string
	for _, f := range found {
		users, ids = append(users, d.mxid(f.User)), append(ids, f.Device)
	}
	left, err := collect[device](ctx, d.r.synapse, `SELECT DISTINCT user_id, device_id FROM access_tokens
		WHERE (user_id, device_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`, users, ids)
	if err != nil {
		return err
	}
	has := map[device]bool{}
	for _, l := range left {
		has[l] = true
	}
	t := tally{d: d, loss: Loss{Kind: LostSignOuts, Effect: "these devices, which were signed out at MAS, are signed in again"}}
	for i, f := range found {
		if has[device{users[i], f.Device}] {
			t.add(f.User, true)
			d.signOut(users[i], &ids[i], "signed out at MAS")
		}
	}
	d.lose(t.loss)
	return nil
}

// signOut deletes the tokens of a device, or of a user.
func (d *delta) signOut(user string, deviceID *string, reason string) {
	subject := "access_tokens " + user
	if deviceID != nil {
		subject += " " + *deviceID
	}
	const which = ` WHERE user_id = $1 AND ($2::text IS NULL OR device_id = $2)`
	d.steps = append(d.steps,
		copyStep{
			change: maskit.Change{Subject: subject, Action: maskit.ActionDelete, Reason: reason},
			sql:    `DELETE FROM access_tokens` + which, args: []any{user, deviceID}, many: true,
		},
		copyStep{sql: `DELETE FROM refresh_tokens` + which, args: []any{user, deviceID}, many: true})
}

// otherSessions cannot be carried over at all.
func (d *delta) otherSessions(ctx context.Context) error {
	live := ` s JOIN users u USING (user_id) WHERE s.finished_at IS NULL AND ` + d.line.made("s")
	for _, k := range []struct {
		table, rest string
		loss        Loss
	}{
		{"oauth2_sessions", live, Loss{Kind: LostOAuthSessions, Effect: "they are signed out in these clients, such as Element X"}},
		{
			"oauth2_sessions", live + ` AND EXISTS (SELECT FROM unnest(s.scope_list) scope WHERE scope LIKE 'urn:matrix:%device:%')`,
			Loss{Kind: LostDevices, Effect: "these devices stay in the lists of their owners, without a login"},
		},
		{"user_sessions", live, Loss{Kind: LostBrowserSessions, Effect: "they are signed out of the account pages, which are gone"}},
		{
			"personal_sessions", ` s JOIN users u ON u.user_id = s.actor_user_id WHERE s.revoked_at IS NULL AND ` + d.line.made("s"),
			Loss{Kind: LostPersonalSessions, Effect: "these personal access tokens stop working"},
		},
	} {
		if !d.tables.has(k.table) { // an older MAS
			continue
		}
		if err := d.loseRows(ctx, k.loss, k.table+k.rest); err != nil {
			return err
		}
	}
	return nil
}

// others are rows that belong to people and to none of the above. What is in a table that
// nobody here knows, of a later MAS or of somebody else, is not taken for nothing.
func (d *delta) others(_ context.Context) error {
	for _, t := range d.tables {
		loss := Loss{Kind: LostOther, Table: t.name, Count: t.since}
		switch {
		case t.migrated || passing(t.name):
			continue
		case t.name == "user_terms":
			loss.Effect = "that they agreed to the terms is forgotten"
		case t.name == "user_recovery_tickets":
			loss.Effect = "these links to recover an account stop working"
		default:
			loss.Effect = "these rows refer to users, and nobody here knows what they are"
		}
		d.lose(loss)
	}
	return nil
}

// passing reports whether a table of MAS (0.20 to 1.22) that refers to users holds steps of logins
// and registrations, or what belongs to sessions that are told by themselves.
func passing(table string) bool {
	switch table {
	case "compat_sso_logins", "upstream_oauth_authorization_sessions",
		"oauth2_sessions", "oauth2_access_tokens", "oauth2_refresh_tokens", "oauth2_authorization_grants", "oauth2_device_code_grant", "oauth2_consents",
		"personal_sessions", "personal_access_tokens", "user_sessions", "user_session_authentications",
		"user_registrations", "user_email_authentications", "user_email_authentication_codes", "user_email_confirmation_codes":
		return true
	}
	return false
}
