package native

import (
	"bytes"

	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/mastoken"
)

// judgeTokens finds the tokens that MAS does not get, and how old the sessions are.
func (t *transformer) judgeTokens(a *account, out *batch) {
	for i := range a.access {
		token := &a.access[i]
		reason := t.tokenReason(a, i, out)
		if reason != "" {
			out.skip(tableAccess, reason)
			t.sessions.pairs.drop(i)
			continue
		}
		if s := t.sessions.of(token.device); s != nil && token.validated.valid {
			s.oldest = optional{min(token.validated.value, s.oldest.or(token.validated.value)), true}
		}
	}
}

// tokenReason says why an access token becomes none of MAS; empty if it does.
func (t *transformer) tokenReason(a *account, i int, out *batch) string {
	token, pairs := &a.access[i], &t.sessions.pairs
	paired := pairs.of(i) >= 0
	switch {
	case token.puppet && !paired:
		return skipPuppet
	case token.device == nil && !token.refresh.valid:
		return ""
	}
	s := t.sessions.of(token.device)
	switch {
	case s == nil && token.device != nil && !token.puppet:
		out.note(migrate.CodeLostDeviceTokens, "access_tokens", a.name, token.device)
		return migrate.CodeLostDeviceTokens
	case s == nil:
		return migrate.CodeLostDeviceTokens
	case s.hidden:
		out.note(migrate.CodeHiddenDeviceTokens, "access_tokens", a.name, token.device)
		return migrate.CodeHiddenDeviceTokens
	case s.reason != "":
		return s.reason
	case token.refresh.valid && !paired:
		return skipRefreshed
	}
	return ""
}

// tokens makes the tokens that are left, and the sessions of those without a device.
func (t *transformer) tokens(a *account, out *batch) {
	pairs := &t.sessions.pairs
	for i := range a.access {
		if pairs.dropped(i) {
			continue
		}
		token := &a.access[i]
		at := pgcopy.UnixMilli(token.validated.or(t.started))
		session := t.sessionOf(a, token, at, out)
		id := t.access(session, token, at, out)
		if !isAccessToken(token.token) {
			out.note(migrate.CodeUnrecognisedTokens, "access_tokens", a.name, token.device)
		}
		if r := pairs.of(i); r >= 0 {
			t.refresh(a, &a.refresh[r], pair{session, id, at}, out)
		}
	}
	for i := range a.refresh {
		if !pairs.made(i) {
			out.skip(tableRefresh, t.refreshReason(&a.refresh[i]))
		}
	}
}

func (t *transformer) sessionOf(a *account, token *accessToken, at pgcopy.Timestamp, out *batch) [16]byte {
	if token.device == nil {
		return t.deviceless(a, at, token.token, out)
	}
	return t.sessions.of(token.device).id
}

func (t *transformer) access(session [16]byte, token *accessToken, at pgcopy.Timestamp, out *batch) [16]byte {
	id := t.ids.make(kindAccess, at.UnixMilli(), token.token, nil)
	row := pgcopy.AppendTuple(out.tuples[tableAccess], 5)
	row = pgcopy.AppendUUID(row, id)
	row = pgcopy.AppendUUID(row, session)
	row = pgcopy.AppendText(row, token.token)
	row = pgcopy.AppendTimestamp(row, at)
	out.end(tableAccess, appendTime(row, token.until))
	return id
}

// pair is what a refresh token belongs to.
type pair struct {
	session, access [16]byte
	at              pgcopy.Timestamp
}

func (t *transformer) refresh(a *account, token *refreshToken, p pair, out *batch) {
	if !isRefreshToken(token.token) {
		out.note(migrate.CodeUnrecognisedTokens, "refresh_tokens", a.name, token.device)
	}
	row := pgcopy.AppendTuple(out.tuples[tableRefresh], 5)
	row = pgcopy.AppendUUID(row, t.ids.make(kindRefresh, p.at.UnixMilli(), token.token, nil))
	row = pgcopy.AppendUUID(row, p.session)
	row = pgcopy.AppendUUID(row, p.access)
	row = pgcopy.AppendText(row, token.token)
	out.end(tableRefresh, pgcopy.AppendTimestamp(row, p.at))
}

// refreshReason says why a refresh token that is in no pair is left out.
func (t *transformer) refreshReason(token *refreshToken) string {
	s := t.sessions.of(token.device)
	switch {
	case s == nil:
		return migrate.CodeLostDeviceTokens
	case s.hidden:
		return migrate.CodeHiddenDeviceTokens
	case s.reason != "":
		return s.reason
	}
	return skipRefreshed
}

// isAccessToken says whether MAS recognises a token by its form.
func isAccessToken(token []byte) bool {
	return bytes.HasPrefix(token, []byte("syt_")) || mastoken.Access(string(token))
}

func isRefreshToken(token []byte) bool {
	return bytes.HasPrefix(token, []byte("syr_")) || mastoken.Refresh(string(token))
}
