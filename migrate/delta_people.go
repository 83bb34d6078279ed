package migrate

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/maskit-dev/maskit"
)

// person is what Synapse knows of a user.
type person struct {
	Name        string
	Hash        *string
	Deactivated bool
	Locked      bool
	Admin       bool
}

// synapseUsers asks Synapse for users by localpart.
func (d *delta) synapseUsers(ctx context.Context, localparts []string) (map[string]person, error) {
	ids := make([]string, len(localparts))
	for i, name := range localparts {
		ids[i] = d.mxid(name)
	}
	found, err := collect[person](ctx, d.r.synapse, `SELECT name, password_hash, deactivated <> 0, coalesce(locked, false), admin <> 0 FROM users WHERE name = ANY ($1)`, ids)
	known := map[string]person{}
	for _, p := range found {
		known[p.Name] = p
	}
	return known, err
}

// users are those who registered at MAS. Passwords and links come before.
func (d *delta) users(ctx context.Context) error {
	found, err := collect[struct{ Name string }](ctx, d.q, `SELECT username FROM users u WHERE `+d.line.made("u")+` ORDER BY username COLLATE "C"`)
	t := tally{d: d, loss: Loss{Kind: LostUsers, Effect: "their accounts stay in Synapse, and they cannot log in unless a password or a link is carried over"}}
	for _, u := range found {
		t.add(u.Name, d.carried[u.Name])
	}
	d.lose(t.loss)
	return err
}

// password is the newest one of a user. Root is the row from which MAS made it by
// hashing the same password anew, or itself.
type password struct {
	User     string
	Hash     string
	Version  int
	RootHash string
	RootVer  int
}

// passwords are those that were set at MAS. One that was only hashed anew when its
// owner logged in still works in Synapse.
func (d *delta) passwords(ctx context.Context) error {
	found, err := collect[password](ctx, d.q, `WITH RECURSIVE newest AS (
			SELECT DISTINCT ON (p.user_id) p.* FROM user_passwords p
			WHERE p.user_id IN (SELECT user_id FROM user_passwords n WHERE `+d.line.after("n")+`)
			ORDER BY p.user_id, p.created_at DESC, p.user_password_id DESC
		), chain AS (
			SELECT user_id, user_password_id AS id, upgraded_from_id AS previous, hashed_password AS hash, version, 0 AS depth FROM newest
		UNION ALL
			SELECT c.user_id, p.user_password_id, p.upgraded_from_id, p.hashed_password, p.version, depth + 1
			FROM chain c JOIN user_passwords p ON p.user_password_id = c.previous WHERE depth < 100
		), root AS (SELECT DISTINCT ON (user_id) * FROM chain ORDER BY user_id, depth DESC)
		SELECT u.username, n.hashed_password, n.version, r.hash, r.version FROM newest n JOIN users u USING (user_id) JOIN root r USING (user_id)
		JOIN user_passwords p ON p.user_password_id = r.id WHERE `+d.line.after("p")+` ORDER BY u.username COLLATE "C"`)
	if err != nil || len(found) == 0 {
		return err
	}
	names := make([]string, len(found))
	for i, p := range found {
		names[i] = p.User
	}
	known, err := d.synapseUsers(ctx, names)
	if err != nil {
		return err
	}
	d.losePasswords(found, known)
	return nil
}

// losePasswords makes an item for each scheme.
func (d *delta) losePasswords(found []password, known map[string]person) {
	portable := d.portableHashes()
	schemes := map[int]*tally{}
	for _, p := range found {
		user, exists := known[d.mxid(p.User)]
		if exists && user.Hash != nil && *user.Hash == p.RootHash {
			d.carried[p.User] = true // before
			continue
		}
		if schemes[p.RootVer] == nil {
			schemes[p.RootVer] = &tally{d: d, loss: Loss{Kind: LostPasswords, Scheme: p.RootVer, Effect: passwordEffect(portable)}}
		}
		can := exists && portable && p.RootVer == 1 && isBcrypt(p.RootHash)
		schemes[p.RootVer].add(p.User, can)
		if can {
			d.carried[p.User] = true
			d.setHash(user, p.RootHash)
		}
	}
	for _, version := range slices.Sorted(maps.Keys(schemes)) {
		d.lose(schemes[version].loss)
	}
}

func passwordEffect(portable bool) string {
	if portable {
		return "their old passwords work again, if they had one; Synapse understands hashes of scheme 1 only"
	}
	return "their old passwords work again, if they had one; Synapse understands none of the hashes, because scheme 1 is not bcrypt with its pepper"
}

func isBcrypt(hash string) bool {
	return regexp.MustCompile(`^\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}$`).MatchString(hash)
}

// portableHashes reports whether scheme 1 of MAS is what Synapse does.
func (d *delta) portableHashes() bool {
	for _, f := range d.r.m.checkConfig(d.r.job) {
		switch f.Code {
		case CodeMissingPasswordScheme, CodePasswordSchemeNotBcrypt, CodePasswordSchemeWrongPepper:
			return false
		}
	}
	return true
}

func (d *delta) setHash(user person, hash string) {
	change := maskit.Change{Subject: "users " + user.Name, Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{{Path: "password_hash", After: maskit.NewSecret(hash)}}}
	if user.Hash != nil {
		change.Fields[0].Before = maskit.NewSecret(*user.Hash)
	}
	d.steps = append(d.steps, copyStep{change: change, sql: `UPDATE users SET password_hash = $2 WHERE name = $1`, args: []any{user.Name, hash}})
}
