package migrate

import (
	"context"

	"github.com/maskit-dev/maskit"
)

// flagged is what MAS knows of a user.
type flagged struct {
	Name                       string
	Deactivated, Locked, Admin bool
}

// flags are users whom somebody deactivated, reactivated, locked or unlocked, or whom
// somebody gave or took the rights of an administrator. MAS tells Synapse of most of that; here
// is what it could not tell, or does not.
func (d *delta) flags(ctx context.Context) error {
	found, err := collect[flagged](ctx, d.q, `SELECT username, deactivated_at IS NOT NULL, locked_at IS NOT NULL, can_request_admin FROM users u
		WHERE `+d.line.after("u")+` ORDER BY username COLLATE "C"`)
	if err != nil || len(found) == 0 {
		return err
	}
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = f.Name
	}
	known, err := d.synapseUsers(ctx, names)
	if err != nil {
		return err
	}
	t := tally{d: d, loss: Loss{Kind: LostFlags, Effect: "they are again as they were in Synapse"}}
	for _, f := range found {
		user, exists := known[d.mxid(f.Name)]
		if !exists || user.Deactivated == f.Deactivated && user.Locked == f.Locked && user.Admin == f.Admin {
			continue
		}
		t.add(f.Name, true)
		d.setFlags(user, f)
	}
	d.lose(t.loss)
	return nil
}

func (d *delta) setFlags(user person, f flagged) {
	change := maskit.Change{Subject: "users " + user.Name, Action: maskit.ActionUpdate}
	for _, flag := range []struct {
		path          string
		before, after bool
	}{{"deactivated", user.Deactivated, f.Deactivated}, {"locked", user.Locked, f.Locked}, {"admin", user.Admin, f.Admin}} {
		if flag.before != flag.after {
			change.Fields = append(change.Fields, maskit.FieldChange{Path: flag.path, Before: flag.before, After: flag.after})
		}
	}
	d.steps = append(d.steps, copyStep{
		change: change, sql: `UPDATE users SET deactivated = $2::bool::int, locked = $3, admin = $4::bool::int WHERE name = $1`,
		args: []any{user.Name, f.Deactivated, f.Locked, f.Admin},
	})
	if f.Deactivated && !user.Deactivated {
		d.signOut(user.Name, nil, "deactivated")
	}
}
