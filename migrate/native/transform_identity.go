package native

import (
	"fmt"

	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
)

// threepid makes an e-mail address, or what MAS keeps but does not use: phone numbers.
// The time is that of adding, not of validation.
func (t *transformer) threepid(a *account, p *threepid, out *batch) {
	at := pgcopy.UnixMilli(p.added)
	if string(p.medium) != mediumEmail {
		row := pgcopy.AppendTuple(out.tuples[tableUnsupported], 4)
		row = pgcopy.AppendUUID(row, a.id)
		row = pgcopy.AppendText(row, p.medium)
		row = pgcopy.AppendText(row, p.address)
		out.end(tableUnsupported, pgcopy.AppendTimestamp(row, at))
		return
	}
	fields := int16(4)
	if t.confirmedAt {
		fields++
	}
	row := pgcopy.AppendTuple(out.tuples[tableEmails], fields)
	row = pgcopy.AppendUUID(row, t.ids.make(kindEmail, at.UnixMilli(), a.localpart, p.address))
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendText(row, p.address)
	row = pgcopy.AppendTimestamp(row, at)
	if t.confirmedAt {
		row = pgcopy.AppendTimestamp(row, at)
	}
	out.end(tableEmails, row)
}

const mediumEmail = "email"

// link makes a link to an identity provider. It is as old as the user.
func (t *transformer) link(a *account, l *link, out *batch) {
	p, known := t.providers[string(l.provider)]
	if !known {
		p.code = migrate.CodeSynapseMissingOAuthProvider
	}
	if !p.mapped {
		out.noteLink(p, l.provider, a.name)
		out.skip(tableLinks, p.code)
		return
	}
	row := pgcopy.AppendTuple(out.tuples[tableLinks], 5)
	row = pgcopy.AppendUUID(row, t.ids.make(kindLink, a.createdMS, p.ulid, l.subject))
	row = pgcopy.AppendUUID(row, p.id)
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendText(row, l.subject)
	out.end(tableLinks, pgcopy.AppendTimestamp(row, a.at))
}

// uuidOf is how MAS stores a ULID.
func uuidOf(id maskit.ULID) ([16]byte, error) {
	parsed, err := ulid.ParseStrict(string(id))
	if err != nil {
		return [16]byte{}, fmt.Errorf("migrate/native: the id of a provider: %w", err)
	}
	return parsed, nil
}
