package official

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
)

// progress follows the log of mas-cli. The log may lack lines, and some of its numbers
// are estimates or nonsense (a percentage of inf or NaN, a total of 18446744073709551615
// rows), so that only what was counted is read, and nothing depends on a line being there.
type progress struct {
	job     *migrate.Job
	totals  map[string]int64
	timings []migrate.Timing

	begun   time.Time // of the stage, by the clock of the log
	rows    map[migrate.Entity]int64
	skipped map[migrate.Entity]map[string]int64
	ignored migrate.Anomaly // users of application services
	badIPs  migrate.Anomaly
}

func newProgress(job *migrate.Job) *progress {
	return &progress{
		job: job, rows: map[migrate.Entity]int64{}, skipped: map[migrate.Entity]map[string]int64{},
		ignored: migrate.Anomaly{Code: migrate.CodeAppserviceLocalpart, Path: "users"},
		badIPs:  migrate.Anomaly{Code: migrate.CodeUnreadableIP, Path: "devices"},
	}
}

// line reads what mas-cli prints.
func (p *progress) line(text string) {
	line, ok := mascli.ParseLog(text)
	if !ok {
		return
	}
	if p.begun.IsZero() {
		p.begun = line.Time
	}
	switch message := line.Message; {
	case strings.HasPrefix(message, "migrating "):
		p.migrating(line.Time, strings.TrimPrefix(message, "migrating "))
	case strings.HasPrefix(message, "still waiting for rebuild of "):
		p.job.Events(migrate.Event{Stage: migrate.StageBuild, Object: lastWord(message)})
	case strings.HasPrefix(message, "index "), strings.HasPrefix(message, "constraint "):
		p.rebuilt(message)
	case strings.HasPrefix(message, "Starting new syn2mas migration"):
		p.job.Events(migrate.Event{Stage: migrate.StageLoad, Message: "MAS's tables are ready"})
	case strings.HasPrefix(message, "Partial syn2mas migration"):
		p.job.Events(migrate.Event{Stage: migrate.StageReset, Message: "what an unfinished migration left is removed"})
	case strings.HasPrefix(message, "Migration ran in dry-run mode"):
		p.job.Events(migrate.Event{Stage: migrate.StageReset, Message: "the rows of the rehearsal are removed"})
	case strings.HasPrefix(message, "AS user "):
		add(&p.ignored, quotedBy(message, "AS user ", " has invalid"))
	case strings.HasPrefix(message, "Failed to parse device IP"):
		add(&p.badIPs, line.Field("mxid")+" "+line.Field("device_id"))
	default:
		p.migrated(line.Time, message)
	}
}

// add counts a row, and keeps some.
func add(a *migrate.Anomaly, sample string) {
	a.Count++
	if sample = strings.TrimSpace(sample); sample != "" && len(a.Samples) < migrate.MaxSamples {
		a.Samples = append(a.Samples, sample)
	}
}

// migrating reads "users: 4096 (12 skipped) /~5000 (~81.9%)".
func (p *progress) migrating(at time.Time, text string) {
	name, rest, _ := strings.Cut(text, ": ")
	entity, ok := entityOf(name)
	rows, counted := leadingNumber(rest)
	if !ok || !counted {
		return
	}
	event := migrate.Event{Stage: migrate.StageLoad, Entity: entity, Rows: rows, Total: p.total(entity)}
	if seconds := at.Sub(p.begun).Seconds(); seconds > 0 {
		event.Rate = float64(rows) / seconds
	}
	if event.Rate > 0 && event.Total > rows {
		event.Remaining = time.Duration(float64(event.Total-rows) / event.Rate * float64(time.Second))
	}
	p.job.Events(event)
}

// migrated reads "95 users migrated (3 skipped) in 0.1s", the end of a stage.
func (p *progress) migrated(at time.Time, text string) {
	rows, counted := leadingNumber(text)
	_, text, _ = strings.Cut(text, " ")
	what, rest, ok := strings.Cut(text, " migrated (")
	entity, known := stageOf(what)
	if !counted || !ok || !known {
		return
	}
	p.rows[entity] += rows
	if entity == migrate.RefreshTokens { // each with an access token
		p.rows[migrate.AccessTokens] += rows
	}
	skipped, _ := leadingNumber(rest)
	if skipped > 0 {
		p.skipped[entity] = map[string]int64{skipReason(entity): skipped}
	}
	if seconds, ok := secondsIn(rest); ok {
		p.timings = append(p.timings, migrate.Timing{Stage: migrate.StageLoad, Object: string(entity), Seconds: seconds})
	}
	p.begun = at
	p.job.Events(migrate.Event{Stage: migrate.StageLoad, Entity: entity, Rows: rows, Total: rows, Done: true})
}

// rebuilt reads "index users_username_unique rebuilt in 0.3s".
func (p *progress) rebuilt(text string) {
	_, rest, _ := strings.Cut(text, " ")
	object, rest, ok := strings.Cut(rest, " rebuilt")
	if !ok {
		return
	}
	if seconds, ok := secondsIn(rest); ok {
		p.timings = append(p.timings, migrate.Timing{Stage: migrate.StageBuild, Object: object, Seconds: seconds})
	}
	p.job.Events(migrate.Event{Stage: migrate.StageBuild, Object: object, Done: true})
}

// total is a count of the rows that a stage of mas-cli goes through.
func (p *progress) total(entity migrate.Entity) int64 {
	of := func(entity migrate.Entity) int64 { return p.totals[string(entity)] }
	switch entity {
	case migrate.Emails:
		return of(migrate.Emails) + of(migrate.Unsupported)
	case migrate.AccessTokens:
		return max(0, of(migrate.AccessTokens)-of(migrate.RefreshTokens))
	}
	return of(entity)
}

// entities are all of them, as far as mas-cli counted: it does not count passwords, nor
// third-party identifiers other than with e-mail addresses, and counts devices instead of sessions.
func (p *progress) entities() []migrate.EntityReport {
	var reports []migrate.EntityReport
	for _, entity := range migrate.Entities() {
		reports = append(reports, migrate.EntityReport{Entity: entity, Migrated: p.rows[entity], Skipped: p.skipped[entity]})
	}
	return reports
}

// findings are about what mas-cli warned of while it migrated.
func (p *progress) findings(job *migrate.Job) migrate.Findings {
	var findings migrate.Findings
	for _, a := range []migrate.Anomaly{p.ignored, p.badIPs} {
		if a.Count > 0 {
			findings = append(findings, migrate.AnomalyFinding(a, job.Policy))
		}
	}
	return findings
}

// entityOf is what mas-cli calls a stage while it is at work. E-mail addresses and other identifiers
// are one stage, reported as the former.
func entityOf(name string) (migrate.Entity, bool) {
	return lookUp(name, "users", "threepids", "external_ids", "nonrefreshable_access_tokens", "refreshable_tokens", "devices")
}

// stageOf is what it calls a stage that has ended.
func stageOf(name string) (migrate.Entity, bool) {
	return lookUp(name, "users", "third-party IDs", "upstream links (external IDs)", "non-refreshable access tokens", "refreshable token pairs", "devices")
}

func lookUp(name string, names ...string) (migrate.Entity, bool) {
	i := slices.Index(names, name)
	if i < 0 {
		return "", false
	}
	return []migrate.Entity{migrate.Users, migrate.Emails, migrate.Links, migrate.AccessTokens, migrate.RefreshTokens, migrate.Sessions}[i], true
}

// skipReason is why mas-cli leaves rows out. Of links it does not tell those of
// application services from those of unknown providers; devices and tokens of guests and
// deactivated users it does not count.
func skipReason(entity migrate.Entity) string {
	if entity == migrate.Links {
		return "appservice-or-unmapped"
	}
	return "appservice"
}

// secondsIn reads the end of "… in 0.1s".
func secondsIn(text string) (float64, bool) {
	i := strings.LastIndex(text, "in ")
	if i < 0 {
		return 0, false
	}
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text[i+3:]), "s"), 64)
	return seconds, err == nil && seconds >= 0 && seconds < 1e9 // neither NaN nor inf
}
