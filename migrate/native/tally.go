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
	skipDeviceGone  = "device-gone"   // a token whose device does not exist
	skipRefreshed   = "refreshed"     // a token, or a pair, whose successor was used
)

// tally counts what became of rows. The zero value is ready.
type tally struct {
	rows      map[migrate.Entity]int64
	skipped   map[migrate.Entity]map[string]int64
	anomalies map[anomalyKey]*anomaly
}

// anomalyKey is what a finding is about: its code, and the table or the provider.
type anomalyKey struct{ code, path string }

// anomaly is how many rows are so, and the first of them.
type anomaly struct {
	count   int64
	samples []string
}

func (t *tally) migrated(entity migrate.Entity, rows int64) {
	if t.rows == nil {
		t.rows = map[migrate.Entity]int64{}
	}
	t.rows[entity] += rows
}

func (t *tally) skip(entity migrate.Entity, reason string) { t.skipMany(entity, reason, 1) }

func (t *tally) skipMany(entity migrate.Entity, reason string, rows int64) {
	if rows == 0 {
		return
	}
	if t.skipped == nil {
		t.skipped = map[migrate.Entity]map[string]int64{}
	}
	if t.skipped[entity] == nil {
		t.skipped[entity] = map[string]int64{}
	}
	t.skipped[entity][reason] += rows
}

// note counts a row that does not fit. The sample is the user id and, if there is
// one, the device id.
func (t *tally) note(code, path string, user, device []byte) {
	if t.anomalies == nil {
		t.anomalies = map[anomalyKey]*anomaly{}
	}
	key := anomalyKey{code, path}
	found := t.anomalies[key]
	if found == nil {
		found = &anomaly{}
		t.anomalies[key] = found
	}
	found.count++
	if len(found.samples) < migrate.MaxSamples {
		found.samples = append(found.samples, sample(user, device))
	}
}

func sample(user, device []byte) string {
	if device == nil {
		return string(user)
	}
	return string(user) + " " + string(device)
}

// add adds what another goroutine counted. The samples that stay are the first in the
// order of user ids, however the work was split.
func (t *tally) add(other tally) {
	for entity, rows := range other.rows {
		t.migrated(entity, rows)
	}
	for entity, reasons := range other.skipped {
		for reason, rows := range reasons {
			t.skipMany(entity, reason, rows)
		}
	}
	for key, found := range other.anomalies {
		if t.anomalies == nil {
			t.anomalies = map[anomalyKey]*anomaly{}
		}
		sum := t.anomalies[key]
		if sum == nil {
			sum = &anomaly{}
			t.anomalies[key] = sum
		}
		sum.count += found.count
		sum.samples = append(sum.samples, found.samples...)
		slices.Sort(sum.samples)
		sum.samples = sum.samples[:min(len(sum.samples), migrate.MaxSamples)]
	}
}

// reports says what became of the rows of each entity.
func (t *tally) reports() []migrate.EntityReport {
	var reports []migrate.EntityReport
	for _, entity := range migrate.Entities() {
		reports = append(reports, migrate.EntityReport{
			Entity: entity, Migrated: t.rows[entity], Skipped: maps.Clone(t.skipped[entity]),
		})
	}
	return reports
}
