package migrate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// String says what was done, table by table, where the time went, and what was found;
// for people.
func (r RunReport) String() string {
	var b strings.Builder
	if len(r.Entities) == 0 && !r.AlreadyDone || r.Findings.Err() != nil { // an engine counts before it stops at an error
		writeBriefly(&b, r.Findings)
		return strings.TrimSpace(b.String() + "\nNothing was migrated.")
	}
	if r.AlreadyDone {
		b.WriteString("It was done before. ")
	}
	if r.Finished.After(r.Started) {
		fmt.Fprintf(&b, "The %s engine migrated %s rows in %.1f s.", strings.TrimSpace(r.Engine+" "+r.Version), grouped(r.Rows()), r.Duration().Seconds())
	}
	for _, e := range r.Entities {
		b.WriteString("\n" + e.String())
	}
	if stages := r.stages(); stages != "" {
		b.WriteString("\nWhere the time went: " + stages)
	}
	b.WriteString("\n")
	writeBriefly(&b, r.Findings)
	return strings.TrimSpace(b.String())
}

// Rows is how many rows were migrated, over all tables.
func (r RunReport) Rows() int64 {
	var rows int64
	for _, e := range r.Entities {
		rows += e.Migrated
	}
	return rows
}

// String is one line.
func (e EntityReport) String() string {
	line := fmt.Sprintf("  %-34s %12s", e.Entity, grouped(e.Migrated))
	var skipped []string
	for _, reason := range slices.Sorted(maps.Keys(e.Skipped)) {
		skipped = append(skipped, fmt.Sprintf("%s %s", grouped(e.Skipped[reason]), reason))
	}
	if len(skipped) > 0 {
		line += "  left out: " + strings.Join(skipped, ", ")
	}
	return line
}

// stages are the timings of whole stages, in the order in which they ended.
func (r RunReport) stages() string {
	var parts []string
	for _, t := range r.Timings {
		if t.Object == "" {
			parts = append(parts, fmt.Sprintf("%s %.1f s", t.Stage, t.Seconds))
		}
	}
	slowest := slices.SortedFunc(slices.Values(r.Timings), func(a, b Timing) int { return cmp.Compare(b.Seconds, a.Seconds) })
	slowest = slices.DeleteFunc(slowest, func(t Timing) bool { return t.Object == "" || t.Stage == StageLoad || t.Seconds < 1 })
	var slow []string
	for _, t := range slowest[:min(len(slowest), 3)] {
		slow = append(slow, fmt.Sprintf("%s %.1f s", t.Object, t.Seconds))
	}
	if len(slow) > 0 {
		parts = append(parts, "the slowest to build were "+strings.Join(slow, ", "))
	}
	return strings.Join(parts, ", ")
}
