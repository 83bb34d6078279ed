// Command bench times the main operations of the SDK on inputs made in code, and
// prints each beside what it aims at. It asserts nothing: a slow machine is no bug.
package main

import (
	"fmt"
	"io"
	"os"
	"testing"
	"text/tabwriter"
	"time"
)

// row is one operation. Its run fails when the operation does.
type row struct {
	name string
	aim  time.Duration
	run  func() error
}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	rows, err := operations()
	if err != nil {
		return err
	}
	route, err := routing()
	if err != nil {
		return err
	}
	explain, err := explaining()
	if err != nil {
		return err
	}
	rows = append(rows, route, explain, manyEntries())
	width := 0
	for _, r := range rows {
		width = max(width, len(r.name))
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(table, "%-*s\tns/op\tB/op\tallocs/op\taim\tof aim\t\n", width, "operation")
	for _, r := range rows {
		if err := r.run(); err != nil { // once before it is timed: a failure would look fast
			return fmt.Errorf("%s: %w", r.name, err)
		}
		result := measure(r)
		share := 100 * float64(result.NsPerOp()) / float64(r.aim.Nanoseconds())
		_, _ = fmt.Fprintf(table, "%-*s\t%d\t%d\t%d\t%s\t%.0f %%\t\n",
			width, r.name, result.NsPerOp(), result.AllocedBytesPerOp(), result.AllocsPerOp(), r.aim, share)
	}
	return table.Flush() // a write that failed fails here too
}

func measure(r row) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := r.run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
