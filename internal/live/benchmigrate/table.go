package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/maskit-dev/maskit/migrate"
)

// table holds the best run of each side.
type table struct {
	official    *official
	run, verify *answer
	floor       *floor
}

func (t *table) addOfficial(o official) {
	if t.official == nil || o.seconds < t.official.seconds {
		t.official = &o
	}
}

func (t *table) addNative(run, verify answer) {
	if t.run == nil || run.Seconds < t.run.Seconds {
		t.run = &run
	}
	if t.verify == nil || verify.Seconds < t.verify.Seconds {
		t.verify = &verify
	}
}

func (t *table) addFloor(f floor) {
	if t.floor == nil || f.seconds < t.floor.seconds {
		t.floor = &f
	}
}

// print writes the table, and where the time of the native engine goes.
func (t *table) print(out io.Writer, rows int64) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "\tseconds\trows/s\tCPU s\tof PostgreSQL\tpeak MiB\tnative is\t")
	line := func(name string, seconds, cpu, database float64, kibibytes int64, share string) {
		_, _ = fmt.Fprintf(w, "%s\t%.2f\t%.0f\t%s\t%s\t%s\t%s\t\n", name, seconds, float64(rows)/seconds, known("%.1f", cpu), known("%.1f", database), known("%.0f", float64(kibibytes)/1024), share)
	}
	if o := t.official; o != nil {
		line("mas-cli syn2mas migrate", o.seconds, o.cpu, o.database, o.kibibytes, fmt.Sprintf("%.2f times as fast", o.seconds/t.run.Seconds))
	}
	line("native Run", t.run.Seconds, t.run.cpu, t.run.database, t.run.kibibytes, "")
	line("floor", t.floor.seconds, 0, t.floor.database, 0, fmt.Sprintf("%.2f times as long", t.run.Seconds/t.floor.seconds))
	line("Verify", t.verify.Seconds, t.verify.cpu, t.verify.database, t.verify.kibibytes, fmt.Sprintf("%.2f of Run", t.verify.Seconds/t.run.Seconds))
	_ = w.Flush()
	t.details(out)
}

// known leaves out what is zero.
func known(format string, n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf(format, n)
}

func (t *table) details(out io.Writer) {
	if t.official != nil {
		_, _ = fmt.Fprintf(out, "mas-cli, by its log: load %.1f s, rebuild %.1f s\n", t.official.load, t.official.rebuild)
	}
	_, _ = fmt.Fprintf(out, "floor: copy %.1f s, indexes %.1f s, constraints %.1f s\n", t.floor.copy, t.floor.indexes, t.floor.constraints)
	_, _ = fmt.Fprintf(out, "native engine: %.2f s of Run; stages overlap:\n", t.run.Report.Duration().Seconds())
	timings := slices.Clone(t.run.Report.Timings)
	slices.SortStableFunc(timings, func(a, b migrate.Timing) int { return int(1000 * (b.Seconds - a.Seconds)) })
	for _, timing := range timings[:min(len(timings), 30)] {
		_, _ = fmt.Fprintf(out, "  %6.2f s  %s %s\n", timing.Seconds, timing.Stage, timing.Object)
	}
}
