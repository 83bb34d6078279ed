package native

import (
	"maps"
	"slices"

	"github.com/maskit-dev/maskit/migrate"
)

// The reasons for which rows are left out that are no findings.
const (
	skipAppservice  = "appservice"    // Synapse itself authenticates users of application services
	skipGuest       = "guest"         // guests have no sessions in MAS
	skipDeactivated = "deactivated"   // nor have deactivated users
	skipPuppet      = "puppet"        // an administrator's "log in as"
	skipHidden      = "hidden-device" // Synapse keeps keys in such rows
	skipRefreshed   = "refreshed"     // a token, or a pair, whose successor was used
)

// tally counts what became of rows. The zero value is ready.
type tally struct {
	rows      [tables]int64
	skipped   [tables]map[string]int64
	anomalies map[anomalyKey]*anomaly
	// user numbers the users, so that those of an anomaly can be counted.
	user int64
}

// anomalyKey is what a finding is about: its code, Synapse's table and, for links, the provider.
type anomalyKey struct{ code, path, provider string }

// anomaly is how many rows are so, of how many users, and the first of them.
type anomaly struct {
	count, users, last int64
	samples            []string
	issuer             string
}

// nextUser says that what follows is about another user.
func (t *tally) nextUser() { t.user++ }

func (t *tally) skip(of table, reason string) {
	if t.skipped[of] == nil {
		t.skipped[of] = map[string]int64{}
	}
	t.skipped[of][reason]++
}

// skipUser counts a user whom MAS does not get, and the password.
func (t *tally) skipUser(password bool, reason string) {
	t.skip(tableUsers, reason)
	if password {
		t.skip(tablePasswords, reason)
	}
}

// foreign counts a user who is not of this homeserver.
func (t *tally) foreign(user []byte, password bool) {
	t.note(migrate.CodeForeignUsers, "users", user, nil)
	t.skipUser(password, migrate.CodeForeignUsers)
}

// note counts a row that does not fit. The sample is the user id and, if there is one, the device id.
func (t *tally) note(code, path string, user, device []byte) {
	t.noteAs(anomalyKey{code: code, path: path}, user, device)
}

// noteLink counts a link of a provider that MAS does not have.
func (t *tally) noteLink(p provider, name, user []byte) {
	key := anomalyKey{code: p.code, path: "user_external_ids", provider: string(name)}
	t.noteAs(key, user, nil).issuer = p.issuer
}

func (t *tally) noteAs(key anomalyKey, user, device []byte) *anomaly {
	found := t.anomaly(key)
	found.count++
	if found.last != t.user {
		found.last = t.user
		found.users++
	}
	if len(found.samples) < migrate.MaxSamples {
		found.samples = append(found.samples, sample(user, device))
	}
	return found
}

func (t *tally) anomaly(key anomalyKey) *anomaly {
	found := t.anomalies[key]
	if found == nil {
		if t.anomalies == nil {
			t.anomalies = map[anomalyKey]*anomaly{}
		}
		found = &anomaly{}
		t.anomalies[key] = found
	}
	return found
}

func sample(user, device []byte) string {
	switch {
	case user == nil:
		return "NULL"
	case device == nil:
		return string(user)
	}
	return string(user) + " " + string(device)
}

// add adds what another goroutine counted of other users. The samples that stay are
// the first in the order of user ids, however the work was split.
func (t *tally) add(other *tally) {
	for of := range tables {
		t.rows[of] += other.rows[of]
		for reason, rows := range other.skipped[of] {
			if t.skipped[of] == nil {
				t.skipped[of] = map[string]int64{}
			}
			t.skipped[of][reason] += rows
		}
	}
	for key, found := range other.anomalies {
		sum := t.anomaly(key)
		sum.count += found.count
		sum.users += found.users
		sum.issuer = found.issuer
		sum.samples = append(sum.samples, found.samples...)
		slices.Sort(sum.samples)
		sum.samples = sum.samples[:min(len(sum.samples), migrate.MaxSamples)]
	}
}

// reports says what became of the rows of each entity.
func (t *tally) reports() []migrate.EntityReport {
	var reports []migrate.EntityReport
	for of, entity := range migrate.Entities() {
		reports = append(reports, migrate.EntityReport{
			Entity: entity, Migrated: t.rows[of], Skipped: maps.Clone(t.skipped[of]),
		})
	}
	return reports
}

// findings says which rows did not fit, in the words of Check, sorted.
func (t *tally) findings(job *migrate.Job) migrate.Findings {
	keys := slices.SortedFunc(maps.Keys(t.anomalies), anomalyKey.compare)
	var findings migrate.Findings
	for _, key := range keys {
		found := t.anomalies[key]
		a := migrate.Anomaly{
			Code: key.code, Path: key.path, Count: found.count, Users: found.users, Samples: found.samples,
			Provider: key.provider, Issuer: found.issuer, ServerName: job.Legacy.ServerName,
		}
		if key.path == "users" {
			a.Users = 0 // the rows are users
		}
		findings = append(findings, migrate.AnomalyFinding(a, job.Policy))
	}
	return findings.Sorted()
}

func (k anomalyKey) compare(other anomalyKey) int {
	return slices.Compare([]string{k.code, k.path, k.provider}, []string{other.code, other.path, other.provider})
}
