package scale

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/maskit-dev/maskit"
)

// Step is one step of the arithmetic.
type Step struct {
	// What was computed, with its unit: "introspections per second".
	What string `json:"what"`
	// Value is the result.
	Value float64 `json:"value"`
	// How is the arithmetic with its numbers: "10000 × 3 × 4 / 300 s".
	How string `json:"how"`
	// Source says where the numbers come from; empty if they are results of
	// earlier steps.
	Source string `json:"source"`
}

// Explanation is the whole arithmetic of a sizing, in order.
type Explanation []Step

// Explain returns the arithmetic behind [For]: the steps that were executed, not
// a description of them.
func Explain(load Load) (Explanation, maskit.Problems) {
	_, book, problems := size(load)
	return book.steps, problems
}

// String returns one aligned line per step:
//
//	introspections per second  400  = 10000 × 3 × 4 / 300 s
func (e Explanation) String() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, s := range e {
		line := s.What + "\t" + number(s.Value) + "\t= " + s.How
		if s.Source != "" {
			line += "  (" + s.Source + ")"
		}
		_, _ = fmt.Fprintln(w, line) // a strings.Builder takes everything
	}
	_ = w.Flush()
	return out.String()
}

// ledger collects steps while they are computed.
type ledger struct{ steps Explanation }

// add writes a step down and returns its value.
func (b *ledger) add(what string, value float64, how string, numbers []any, source string) float64 {
	b.steps = append(b.steps, Step{What: what, Value: value, How: fmt.Sprintf(how, numbers...), Source: source})
	return value
}

func args(numbers ...any) []any { return numbers }

// defaults writes down the load, and how each absent value is derived.
func (b *ledger) defaults(given Load) {
	full := given.WithDefaults()
	field := func(what string, given, full float64, how string, numbers ...any) {
		if given != 0 {
			b.add(what, full, "given", nil, "")
			return
		}
		b.add(what, full, how, numbers, "starting point")
	}
	field("users", float64(given.Users), float64(full.Users), "")
	field("daily active", float64(given.DailyActive), float64(full.DailyActive), "ceil(%d × %v)", given.Users, activeShare)
	field("online devices", float64(given.OnlineDevices), float64(full.OnlineDevices), "daily active")
	field("Synapse processes", float64(given.SynapseProcesses), float64(full.SynapseProcesses), "min(1 + floor(%d / %d), %d)", full.OnlineDevices, devicesPerProcess, synapseProcesses)
	field("logins per second", given.LoginsPerSecond, full.LoginsPerSecond, "%d × %v / %d s", full.DailyActive, peakLoginShare, secondsOfPeakHour)
}

// number writes a value with at most three digits after the point.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64)
}
