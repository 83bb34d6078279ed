package synapse

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/maskit-dev/maskit"
)

// String prints the plan for people: a table of processes, one of files, and what
// would stop which processes.
func (p Plan) String() string {
	var b strings.Builder
	table(&b, "PROCESS\tRUNS\tDELEGATES\tWOULD NOT START FOR\tNEEDS SECRET\tSERVES MAS\tCHANGES", len(p.Processes), func(i int) string {
		process := p.Processes[i]
		return strings.Join([]string{
			process.Name, strings.TrimPrefix(process.App, "synapse.app."), process.delegates(), count(len(process.Stops), "setting"),
			yes(process.MountSecret), yes(process.ServesMAS), yes(process.Changes),
		}, "\t")
	})
	b.WriteString("\n")
	table(&b, "FILE\tCHANGES\tLOADED BY", len(p.Files), func(i int) string {
		file := p.Files[i]
		return strings.Join([]string{file.Name, count(len(file.Changes), "change"), list(file.Processes)}, "\t")
	})
	p.writeStops(&b)
	return b.String()
}

func table(b *strings.Builder, header string, rows int, row func(int) string) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, header)
	for i := range rows {
		_, _ = fmt.Fprintln(w, row(i))
	}
	_ = w.Flush() // writes to a strings.Builder
}

// delegates says what becomes of a process.
func (p PlannedProcess) delegates() string {
	switch {
	case p.Before.Enabled && p.After.Enabled:
		return "already"
	case p.After.Enabled:
		return "from now on"
	case p.Before.Enabled:
		return "no longer"
	}
	return "no"
}

// writeStops lists the settings that would stop processes, those of a file once.
func (p Plan) writeStops(b *strings.Builder) {
	type stop struct {
		problem   maskit.Problem
		processes []string
	}
	index := map[string]int{}
	var stops []stop
	for _, process := range p.Processes {
		for _, problem := range process.Stops {
			key := problem.Pos.String() + problem.Path + problem.Code
			i, ok := index[key]
			if !ok {
				i, index[key] = len(stops), len(stops)
				stops = append(stops, stop{problem: problem})
			}
			stops[i].processes = append(stops[i].processes, process.Name)
		}
	}
	if len(stops) == 0 {
		return
	}
	b.WriteString("\n")
	table(b, "SETTING\tAT\tWOULD STOP", len(stops), func(i int) string {
		return stops[i].problem.Path + "\t" + stops[i].problem.Pos.String() + "\t" + list(stops[i].processes)
	})
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "-"
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}
