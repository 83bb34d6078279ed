package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// fill makes people in Synapse's database and providers in MAS's, and the
// configurations that go with them.
func (p *playground) fill(ctx context.Context) (migratetest.Site, error) {
	synapse, err := pgx.Connect(ctx, p.synapse.URI())
	if err != nil {
		return migratetest.Site{}, err
	}
	defer func() { _ = synapse.Close(context.WithoutCancel(ctx)) }()
	mas, err := pgx.Connect(ctx, p.mas.URI())
	if err != nil {
		return migratetest.Site{}, err
	}
	defer func() { _ = mas.Close(context.WithoutCancel(ctx)) }()
	if err := p.generate(ctx, synapse); err != nil {
		return migratetest.Site{}, err
	}
	spec := migratetest.SiteSpec{ServerName: migratetest.OdditiesServerName, Synapse: database(p.synapse), MAS: database(p.mas)}
	for _, o := range p.oddities() {
		if err := o.Apply(ctx, synapse, mas); err != nil {
			return migratetest.Site{}, err
		}
		spec.Providers = append(spec.Providers, o.Providers...)
	}
	site, err := migratetest.NewSite(spec)
	if err != nil {
		return migratetest.Site{}, err
	}
	return site, migratetest.InsertProviders(ctx, mas, site.Providers...)
}

// generate makes those in whom nothing is odd, and picks one of them.
func (p *playground) generate(ctx context.Context, synapse *pgx.Conn) error {
	_, err := migratetest.Generate(ctx, synapse, migratetest.Spec{
		Users: p.options.users, Seed: p.options.seed, ServerName: migratetest.OdditiesServerName,
	})
	if err != nil {
		return err
	}
	err = synapse.QueryRow(ctx, `SELECT name FROM users
		WHERE appservice_id IS NULL AND is_guest = 0 AND deactivated = 0 AND NOT locked AND password_hash <> ''
		ORDER BY creation_ts, name LIMIT 1`).Scan(&p.somebody)
	if err != nil {
		return fmt.Errorf("find a user with a password among %d: %w", p.options.users, err)
	}
	p.somebody = strings.TrimSuffix(strings.TrimPrefix(p.somebody, "@"), ":"+migratetest.OdditiesServerName)
	return nil
}

// oddities are all that some policy can migrate, or all.
func (p *playground) oddities() []migratetest.Oddity {
	var chosen []migratetest.Oddity
	for _, o := range migratetest.Oddities() {
		if p.options.all || !o.RefusedAlways {
			chosen = append(chosen, o)
		}
	}
	return chosen
}

func database(db live.DB) migratetest.Database {
	return migratetest.Database{Host: db.SocketDir, User: db.User, Name: db.Name}
}
