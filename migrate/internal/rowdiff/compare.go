package rowdiff

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// comparison is one call of Compare.
type comparison struct {
	options      Options
	synapse, mas *side
	hasher       hasher
	mixedCase    atomic.Bool
}

// Compare compares the databases. An error means that they could not be read; it says
// which.
func Compare(ctx context.Context, o Options) (Result, error) {
	c := &comparison{options: o.withDefaults(), hasher: newHasher()}
	var err error
	if c.synapse, err = openSide(ctx, "Synapse's database", o.Synapse, o.Snapshot); err != nil {
		return Result{}, err
	}
	defer c.synapse.close(ctx)
	if c.mas, err = openSide(ctx, "MAS's database", o.MAS, ""); err != nil {
		return Result{}, err
	}
	defer c.mas.close(ctx)
	limits, err := c.limits(ctx)
	if err != nil {
		return Result{}, err
	}
	c.synapse.scans, c.synapse.user = newSynapseReader(c.options, limits).scans(), synapseUser
	c.mas.scans, c.mas.user = masScans(limits, &c.mixedCase), masUser
	return c.compare(ctx)
}

// since is from when on a time in MAS cannot have come from Synapse, in the sense of moment.
type since struct {
	// accounts is for the times of users, tokens for those of tokens.
	accounts, tokens int64
	// confirmed says that e-mail addresses have a time at which they were confirmed
	// (MAS 0.20 to 1.9).
	confirmed bool
}

// limits finds out. The migration was begun after the last time that Synapse has,
// unless Synapse runs.
func (c *comparison) limits(ctx context.Context) (since, error) {
	var account, token int64
	err := c.synapse.keeper.QueryRow(ctx, `SELECT coalesce((SELECT max(creation_ts) FROM users WHERE creation_ts < $1), 0),
		coalesce((SELECT max(last_validated) FROM access_tokens WHERE last_validated < $2), 0)`,
		c.options.Started.Unix(), c.options.Started.UnixMilli()).Scan(&account, &token)
	if err != nil {
		return since{}, fmt.Errorf("%s: read the newest times: %w", c.synapse.name, err)
	}
	var confirmed bool
	if err := c.mas.keeper.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('user_emails')
		AND attname = 'confirmed_at' AND NOT attisdropped)`).Scan(&confirmed); err != nil {
		return since{}, fmt.Errorf("%s: look at user_emails: %w", c.mas.name, err)
	}
	started := microsOf(c.options.Started.Truncate(time.Millisecond)) // as engines write it
	return since{
		confirmed: confirmed,
		accounts:  min(microsOf(time.Unix(account+1, 0)), started),
		tokens:    min(microsOf(time.UnixMilli(token+1)), started),
	}, nil
}

func (c *comparison) compare(ctx context.Context) (Result, error) {
	expected, found, err := c.sum(ctx)
	if err != nil {
		return Result{}, err
	}
	var t tally
	for cl := range clusterCount {
		if different := expected.different(found, cl); len(different) > 0 {
			d := descent{comparison: c, cluster: cl, tally: &t}
			if err := d.run(ctx, different); err != nil {
				return Result{}, err
			}
		}
	}
	if err := c.count(ctx, found); err != nil {
		return Result{}, err
	}
	result := t.result(found)
	result.MixedCase = c.mixedCase.Load()
	return result, nil
}

// count corrects what joins have repeated: a session for each of its tokens, and, where
// something is wrong, a user for each password and an access token for each refresh token.
func (c *comparison) count(ctx context.Context, found *sums) error {
	err := c.mas.keeper.QueryRow(ctx, `SELECT (SELECT count(*) FROM compat_sessions), (SELECT count(*) FROM users),
		(SELECT count(*) FROM compat_access_tokens)`).Scan(&found.parts[sessions], &found.parts[users], &found.parts[accessTokens])
	if err != nil {
		return fmt.Errorf("%s: count rows: %w", c.mas.name, err)
	}
	found.parts[deviceless] = 0 // they are among the sessions
	return nil
}
