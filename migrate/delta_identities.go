package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// emails are addresses that were added at MAS and that it could not tell Synapse.
func (d *delta) emails(ctx context.Context) error {
	type email struct{ User, Address string }
	found, err := collect[email](ctx, d.q, `SELECT u.username, e.email FROM user_emails e JOIN users u USING (user_id)
		WHERE `+d.line.made("e")+` ORDER BY u.username COLLATE "C"`)
	if err != nil || len(found) == 0 {
		return err
	}
	var users []string
	for _, e := range found {
		users = append(users, d.mxid(e.User))
	}
	known, err := collect[email](ctx, d.r.synapse, `SELECT user_id, address FROM user_threepids WHERE medium = 'email' AND user_id = ANY ($1)`, users)
	if err != nil {
		return err
	}
	has := map[email]bool{}
	for _, e := range known {
		has[email{e.User, strings.ToLower(e.Address)}] = true
	}
	t := tally{d: d, loss: Loss{Kind: LostEmails, Effect: "Synapse does not know these addresses, so that they have to be added again"}}
	for i, e := range found {
		if !has[email{users[i], strings.ToLower(e.Address)}] {
			t.add(e.User, false)
		}
	}
	d.lose(t.loss)
	return nil
}

// link is one of upstream_oauth_links.
type link struct {
	User     string
	Provider [16]byte
	Subject  string
}

// links are those that were made at MAS.
func (d *delta) links(ctx context.Context) error {
	found, err := collect[link](ctx, d.q, `SELECT u.username, l.upstream_oauth_provider_id, l.subject FROM upstream_oauth_links l JOIN users u USING (user_id)
		WHERE `+d.line.made("l")+` ORDER BY u.username COLLATE "C"`)
	if err != nil || len(found) == 0 {
		return err
	}
	names := d.r.job.providerNames()
	var providers, subjects, owners []string
	for _, l := range found {
		providers, subjects, owners = append(providers, names[l.Provider]), append(subjects, l.Subject), append(owners, l.User)
	}
	type row struct{ Provider, Subject, User string }
	taken, err := collect[row](ctx, d.r.synapse, `SELECT auth_provider, external_id, user_id FROM user_external_ids
		WHERE (auth_provider, external_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`, providers, subjects)
	if err != nil {
		return err
	}
	owner := map[[2]string]string{}
	for _, t := range taken {
		owner[[2]string{t.Provider, t.Subject}] = t.User
	}
	known, err := d.synapseUsers(ctx, owners)
	if err != nil {
		return err
	}
	t := tally{d: d, loss: Loss{Kind: LostLinks, Effect: "Synapse does not know who they are at the identity provider"}}
	for i, l := range found {
		user := d.mxid(l.User)
		_, exists := known[user]
		has, isTaken := owner[[2]string{providers[i], l.Subject}]
		if isTaken && has == user {
			d.carried[l.User] = true // before
			continue
		}
		can := exists && providers[i] != "" && !isTaken
		t.add(l.User, can)
		if can {
			d.carried[l.User] = true
			d.addLink(user, providers[i], l.Subject)
		}
	}
	d.lose(t.loss)
	return nil
}

func (d *delta) addLink(user, provider, subject string) {
	d.steps = append(d.steps, copyStep{
		change: maskit.Change{Subject: fmt.Sprintf("user_external_ids %s %s", user, provider), Action: maskit.ActionCreate},
		sql:    `INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ($2, $3, $1)`, args: []any{user, provider, subject},
	})
}

// missing compares how many rows of the migration there are with how many there were.
func (d *delta) missing(_ context.Context) error {
	if d.line.rows == nil || d.r.state.Step == StepResetting && d.tables.migratedRows() == 0 { // a rollback has emptied them
		return nil
	}
	for _, t := range d.tables {
		if !t.migrated {
			continue
		}
		older := t.rows - t.made
		loss := Loss{Kind: LostOther, Table: t.name}
		switch was := d.line.rows[Entity(t.name)]; {
		case older < was && Entity(t.name) == Links:
			loss.Kind, loss.Table, loss.Count, loss.Effect = LostRemovedLinks, "", was-older, "people can log in by these links again, which were removed at MAS"
		case older < was:
			loss.Count, loss.Effect = was-older, "these rows were removed at MAS, and Synapse has them still unless MAS told it"
		case older > was:
			loss.Count, loss.Effect = older-was, "these rows came later, with an earlier time"
		}
		d.lose(loss)
	}
	return nil
}
