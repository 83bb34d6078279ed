package native

import (
	"bytes"

	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
)

// transformer makes the rows of MAS from a user of Synapse, by the rules of
// "mas-cli syn2mas" (MAS 1.22), with these differences: ids do not depend on chance, a
// session is as old as the oldest of its device's tokens, whatever the order in which
// they are read, and what does not fit is counted instead of ending the work.
//
// What it makes depends on the user and on its own fields alone. It is for one
// goroutine, as it keeps memory from user to user.
type transformer struct {
	ids    *ids
	suffix []byte // ":example.com"
	// started is the time of what has none, in milliseconds.
	started   int64
	policy    migrate.Policy
	providers map[string]provider
	// confirmedAt says that MAS has user_emails.confirmed_at.
	confirmedAt bool

	sessions sessions
}

// provider is an identity provider: of Synapse, of MAS, or of both.
type provider struct {
	mapped bool
	// ulid and id name it in MAS, if it is mapped.
	ulid []byte
	id   [16]byte
	// code is the finding that it is, if it is not mapped; issuer is what Synapse says.
	code, issuer string
}

// account is what the rows of a user have in common.
type account struct {
	*user
	localpart []byte
	id        [16]byte
	// createdMS and at are the time of its creation.
	createdMS int64
	at        pgcopy.Timestamp
}

// transform appends the rows of u to out.
func (t *transformer) transform(u *user, out *batch) {
	localpart, reason := t.admit(u, out)
	if reason != "" {
		out.skipDependents(u, reason)
		return
	}
	t.move(u, localpart, out)
}

// move appends the rows of a user who was admitted.
func (t *transformer) move(u *user, localpart []byte, out *batch) {
	a := t.account(u, localpart, out)
	t.password(a, out)
	for i := range u.threepids {
		t.threepid(a, &u.threepids[i], out)
	}
	for i := range u.links {
		t.link(a, &u.links[i], out)
	}
	switch {
	case u.deactivated:
		out.skipSessions(u, skipDeactivated)
	case u.guest:
		out.skipSessions(u, skipGuest)
	default:
		t.devices(a, out)
	}
}

// admit returns the localpart of a user whom MAS gets, or the reason for which it does
// not get this one; then it has counted the user and its password.
func (t *transformer) admit(u *user, out *batch) (localpart []byte, reason string) {
	out.nextUser()
	localpart, ours := t.localpart(u.name)
	switch {
	case ours && !u.appservice:
		return localpart, ""
	case u.appservice && bytes.HasSuffix(u.name, t.suffix): // whatever the localpart
		out.skipUser(u.hash != nil, skipAppservice)
		return nil, skipAppservice
	}
	out.foreign(u.name, u.hash != nil)
	return nil, migrate.CodeForeignUsers
}

// localpart returns what is between "@" and the first ":" if the rest is the server name.
func (t *transformer) localpart(name []byte) ([]byte, bool) {
	colon := bytes.IndexByte(name, ':')
	if colon < 1 || name[0] != '@' || !bytes.Equal(name[colon:], t.suffix) {
		return nil, false
	}
	return name[1:colon], true
}

func (t *transformer) account(u *user, localpart []byte, out *batch) *account {
	a := &account{user: u, localpart: localpart, createdMS: t.started, at: pgcopy.UnixMilli(t.started)}
	if u.created.valid {
		a.at = pgcopy.Unix(u.created.value)
		a.createdMS = a.at.UnixMilli()
	} else {
		out.note(migrate.CodeNullCreationTime, "users", u.name, nil)
	}
	a.id = t.ids.make(kindUser, a.createdMS, localpart, nil)

	row := pgcopy.AppendTuple(out.tuples[tableUsers], 7)
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendText(row, localpart)
	row = pgcopy.AppendTimestamp(row, a.at)
	row = appendTimeIf(row, u.locked, a.at)
	row = appendTimeIf(row, u.deactivated, a.at)
	row = pgcopy.AppendBool(row, u.admin)
	out.end(tableUsers, pgcopy.AppendBool(row, u.guest))
	return a
}

func appendTimeIf(row []byte, set bool, at pgcopy.Timestamp) []byte {
	if set {
		return pgcopy.AppendTimestamp(row, at)
	}
	return pgcopy.AppendNull(row)
}

// passwordVersion is the scheme in MAS's configuration that is to be Synapse's bcrypt.
const passwordVersion = 1

func (t *transformer) password(a *account, out *batch) {
	if a.hash == nil {
		return
	}
	if !isBcrypt(a.hash) {
		out.note(migrate.CodeUnusableHash, "users", a.name, nil)
		if t.policy.UnusableHashes == migrate.Skip {
			out.skip(tablePasswords, migrate.CodeUnusableHash)
			return
		}
	}
	row := pgcopy.AppendTuple(out.tuples[tablePasswords], 5)
	row = pgcopy.AppendUUID(row, t.ids.make(kindPassword, a.createdMS, a.localpart, nil))
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendText(row, a.hash)
	row = pgcopy.AppendTimestamp(row, a.at)
	out.end(tablePasswords, pgcopy.AppendInt4(row, passwordVersion))
}

// isBcrypt says whether a hash is of the form $2b$12$ and 53 characters of bcrypt's
// own base 64.
func isBcrypt(hash []byte) bool {
	const length = len("$2b$12$") + 53
	if len(hash) != length || hash[0] != '$' || hash[1] != '2' || hash[3] != '$' || hash[6] != '$' {
		return false
	}
	if bytes.IndexByte([]byte("abxy"), hash[2]) < 0 || !isDigit(hash[4]) || !isDigit(hash[5]) {
		return false
	}
	for _, c := range hash[7:] {
		if c != '.' && c != '/' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// newTransformer is for one goroutine.
func newTransformer(job *migrate.Job, confirmedAt bool) (*transformer, error) {
	providers, err := providersOf(job)
	if err != nil {
		return nil, err
	}
	return &transformer{
		ids: newIDs(job.Key), suffix: []byte(":" + job.Legacy.ServerName), started: job.Started.UnixMilli(),
		policy: job.Policy, providers: providers, confirmedAt: confirmedAt,
	}, nil
}

// providersOf is the providers of MAS under their names in Synapse, and those that
// only Synapse has.
func providersOf(job *migrate.Job) (map[string]provider, error) {
	providers := map[string]provider{}
	for _, p := range job.Legacy.OIDC {
		providers[p.SynapseIDPID] = provider{code: migrate.CodeMASMissingOAuthProvider, issuer: p.Issuer}
	}
	for name, id := range job.Providers {
		uuid, err := uuidOf(id)
		if err != nil {
			return nil, err
		}
		providers[name] = provider{mapped: true, ulid: []byte(id), id: uuid}
	}
	providers["oauth-delegated"] = provider{code: migrate.CodeExistingOAuthDelegated}
	return providers, nil
}
