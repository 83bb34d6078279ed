package migrate

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// String is the report for people: what was looked at, what was found, worst first, with
// what it means and what to do about it, and what comes next.
func (r CheckReport) String() string {
	var b strings.Builder
	r.writeHead(&b)
	for _, group := range []struct {
		severity maskit.Severity
		title    string
	}{
		{maskit.SeverityError, "ERRORS: the migration does not start until each is mended, or accepted"},
		{maskit.SeverityWarning, "WARNINGS: the migration does as they say"},
		{maskit.SeverityInfo, "TO KNOW"},
		{maskit.SeveritySkip, "NOT CHECKED"},
	} {
		writeGroup(&b, group.title, r.Findings.Only(group.severity))
	}
	writePeople(&b, r.Findings)
	b.WriteString("\n" + r.next() + "\n")
	return b.String()
}

func (r CheckReport) writeHead(b *strings.Builder) {
	fmt.Fprintf(b, "Migration of %s from Synapse to MAS: check of %s", cmp.Or(r.ServerName, "(no server name)"), r.Started.UTC().Format("2006-01-02 15:04 UTC"))
	if r.Engine != "" {
		fmt.Fprintf(b, ", for the %s engine", r.Engine)
	}
	b.WriteString("\n")
	v := r.Versions
	side := func(name, postgres, schema string) {
		if postgres != "" {
			b.WriteString("  " + name + " PostgreSQL " + postgres + schema + "\n")
		}
	}
	schema := ""
	if v.SynapseSchema != 0 {
		schema = fmt.Sprintf(", schema version %d", v.SynapseSchema)
	}
	side("Synapse's database:", v.SynapsePostgreSQL, schema)
	schema = ""
	if v.MAS != "" {
		schema = fmt.Sprintf(", schema of MAS %s (%d)", v.MAS, v.MASSchema)
	}
	side("MAS's database:    ", v.MASPostgreSQL, schema)
	if len(r.Counts) > 0 {
		b.WriteString("\nROWS IN SYNAPSE\n")
	}
	for _, c := range r.Counts {
		fmt.Fprintf(b, "  %-20s%12s\n", c.Table, grouped(c.Rows))
	}
}

// writePeople sums the effects up, what has the same one on one line.
func writePeople(b *strings.Builder, findings Findings) {
	var lines []string
	rows := map[string]int64{}
	for _, f := range findings {
		if f.Effect == "" {
			continue
		}
		line := "  - " + f.Code + ": " + f.Effect
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
		rows[line]++
	}
	for i, line := range lines {
		if i == 0 {
			b.WriteString("\nWHAT PEOPLE WOULD NOTICE\n")
		}
		if n := rows[line]; n > 1 {
			line += fmt.Sprintf(" (%d times)", n)
		}
		b.WriteString(line + "\n")
	}
}

func writeGroup(b *strings.Builder, title string, findings Findings) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s (%d)\n", title, len(findings))
	for _, f := range findings {
		b.WriteString("\n" + f.paragraph())
	}
}

// paragraph is a finding without its severity, one thing a line.
func (f Finding) paragraph() string {
	var b strings.Builder
	b.WriteString("  " + f.sentence() + "\n")
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "      %-9s %s\n", name+":", strings.ReplaceAll(text, "\n", "\n                "))
		}
	}
	such := strings.Join(f.Samples, ", ")
	if more := f.Count - int64(len(f.Samples)); such != "" && more > 0 {
		such += fmt.Sprintf(" and %s more", grouped(more))
	}
	line("effect", f.Effect)
	line("such as", such)
	line("to do", f.Hint)
	line("fix", f.Fix)
	return b.String()
}

// sentence is where it is and what it is.
func (f Finding) sentence() string {
	var text string
	for _, part := range []string{f.Pos.String(), f.Path} {
		if part != "" {
			text += part + ": "
		}
	}
	return text + f.Message + " [" + f.Code + "]"
}

// writeBriefly is for reports of work: errors stopped it and are told in full; warnings
// are one line each, because Check has told them, with what to do; what is merely to
// know is left out.
func writeBriefly(b *strings.Builder, findings Findings) {
	writeGroup(b, "ERRORS", findings.Only(maskit.SeverityError))
	for _, group := range []struct {
		severity maskit.Severity
		title    string
	}{{maskit.SeverityWarning, "WARNINGS: check says what to do about them"}, {maskit.SeveritySkip, "NOT CHECKED"}} {
		for i, f := range findings.Only(group.severity) {
			if i == 0 {
				fmt.Fprintf(b, "\n%s (%d)\n", group.title, len(findings.Only(group.severity)))
			}
			b.WriteString("  - " + f.sentence() + "\n")
		}
	}
}

// next says how it stands and what comes next.
func (r CheckReport) next() string {
	errors, warnings := len(r.Findings.Only(maskit.SeverityError)), len(r.Findings.Only(maskit.SeverityWarning))
	count := number(int64(errors), "errors") + ", " + number(int64(warnings), "warnings") + ". "
	switch {
	case errors > 0:
		return count + "Mend what is an error and check again; what may stay as it is, accept by its code and count."
	case warnings > 0:
		return count + "Read the warnings; then rehearse while Synapse runs, stop Synapse and MAS, and run the migration."
	}
	return count + "Nothing stands in the way: rehearse while Synapse runs, then stop Synapse and MAS, and run the migration."
}

// grouped writes 1784210 as "1,784,210".
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
