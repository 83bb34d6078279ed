package migratetest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// OdditiesServerName is the server name of all oddities.
const OdditiesServerName = "example.com"

// Oddity is one thing that a real database holds and that a migration has to cope
// with, and what is to become of it. All of them can be in one database, on top of a
// generated homeserver with the server name [OdditiesServerName].
type Oddity struct {
	// Name says what is odd.
	Name string
	// Providers are what [NewSite] needs for it, besides its own.
	Providers []Provider
	// Findings is what migrate.Syn2MAS.Check says of the data: how many rows, by code.
	Findings map[string]int64
	// Refused says that a migration fails unless the policy skips such rows, and
	// RefusedAlways that it fails whatever the policy says.
	Refused, RefusedAlways bool
	// Rows is how many rows MAS gets of it, by table, with a policy that skips whatever
	// does not fit.
	Rows map[string]int64
	// ByDefault is Rows with the zero policy, if it is not refused and differs; else nil.
	ByDefault map[string]int64
	// Official is what mas-cli syn2mas (MAS 1.22) does.
	Official Official

	synapse, mas string
}

// Official is how mas-cli syn2mas takes an [Oddity] that is alone. If it migrates, MAS
// gets the rows that the native engine gives it with the zero policy.
type Official struct {
	// Check and Migrate are the exit codes: 0, 1 for a failure, 10 for errors and 11 for
	// warnings that the check found.
	Check, Migrate int
	// Message is a part of what it prints, for those that it does not migrate.
	Message string
}

// Apply makes the oddity. mas may be nil unless AppliesToMAS.
func (o Oddity) Apply(ctx context.Context, synapse, mas *pgx.Conn) error {
	if _, err := synapse.Exec(ctx, o.synapse); err != nil {
		return fmt.Errorf("migratetest: apply %q: %w", o.Name, err)
	}
	if o.mas == "" {
		return nil
	}
	if _, err := mas.Exec(ctx, o.mas); err != nil {
		return fmt.Errorf("migratetest: apply %q: %w", o.Name, err)
	}
	return nil
}

// AppliesToMAS says that the oddity is in MAS's database.
func (o Oddity) AppliesToMAS() bool { return o.mas != "" }

// Default is what MAS gets with the zero policy.
func (o Oddity) Default() map[string]int64 {
	if o.ByDefault != nil {
		return o.ByDefault
	}
	return o.Rows
}

// Oddities lists all that is known.
func Oddities() []Oddity {
	var all []Oddity
	for _, some := range [][]Oddity{
		userOddities(), stateOddities(), passwordOddities(), addressOddities(), orphanOddities(), deviceOddities(), hiddenOddities(),
		tokenOddities(), refreshOddities(), linkOddities(), targetOddities(),
	} {
		all = append(all, some...)
	}
	return all
}

// rows names MAS's tables shortly: how many users, passwords and so on.
type rows struct{ users, passwords, emails, unsupported, links, sessions, access, refresh int64 }

func (r rows) tables() map[string]int64 {
	tables := map[string]int64{}
	for table, n := range map[string]int64{
		"users": r.users, "user_passwords": r.passwords, "user_emails": r.emails, "user_unsupported_third_party_ids": r.unsupported,
		"upstream_oauth_links": r.links, "compat_sessions": r.sessions, "compat_access_tokens": r.access, "compat_refresh_tokens": r.refresh,
	} {
		if n > 0 {
			tables[table] = n
		}
	}
	return tables
}

// found writes what Check finds: pairs of code and count.
func found(code string, count int64) map[string]int64 { return map[string]int64{code: count} }

// fails is an official engine whose check passes and whose migration fails.
func fails(message string) Official { return Official{Migrate: 1, Message: message} }
