package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/probe"
)

func (s settings) print(w io.Writer, report probe.Report) error {
	if s.json {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	_, err := io.WriteString(w, s.table(report)+s.findings(report))
	return err
}

// table has one line for each check.
func (s settings) table(report probe.Report) string {
	var b strings.Builder
	version := "Synapse of unknown version"
	if !report.SynapseVersion.IsZero() {
		version = "Synapse " + report.SynapseVersion.String()
	}
	fmt.Fprintf(&b, "%s: %s, issuer %s\n\n", s.site.ServerName, version, cmp.Or(report.Issuer, "unknown"))
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range report.Checks {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.Status, c.Name, c.Hop, flags(c.Detail))
	}
	_ = table.Flush() // writes to a strings.Builder
	return b.String()
}

// findings say how to mend what is wrong.
func (s settings) findings(report probe.Report) string {
	var b strings.Builder
	wrong, skipped := 0, 0
	for _, p := range report.Problems {
		switch p.Severity {
		case maskit.SeveritySkip:
			skipped++
			continue
		case maskit.SeverityError:
			wrong++
		default:
		}
		fmt.Fprintf(&b, "\n%s: %s [%s]\n  at  %s\n", p.Severity, p.Message, p.Code, p.Path)
		if p.Hint != "" {
			fmt.Fprintf(&b, "  fix: %s\n", p.Hint)
		}
	}
	switch {
	case wrong == 1:
		b.WriteString("\n1 thing is wrong.")
	case wrong > 1:
		fmt.Fprintf(&b, "\n%d things are wrong.", wrong)
	default:
		b.WriteString("\nNothing is wrong.")
	}
	if skipped > 0 {
		b.WriteString(" Checks were skipped for what was not given: " + strings.Join(lacking(report), ", ") + ".")
	}
	return b.String() + "\n"
}

// lacking are the flags without which checks were skipped.
func lacking(report probe.Report) []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range report.Problems.Only(maskit.SeveritySkip) {
		name, _, ok := strings.Cut(flags(p.Message), " was not given")
		if ok && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// flags writes the names of the SDK's fields as those of the flags.
func flags(text string) string {
	return strings.NewReplacer(
		"Site.ServerName", "-server-name", "Site.AccountURL", "-mas", "Site.SynapseURL", "-synapse",
		"Site.MASURL", "-mas-internal", "Secret was", "-secret-file was",
	).Replace(text)
}

// printMistakes blames the flags for what is wrong with the addresses.
func printMistakes(w io.Writer, err error) {
	names := map[string]string{
		"server_name": "-server-name", "client_api_url": "-client-api", "account_url": "-mas",
		"synapse_url": "-synapse", "mas_url": "-mas-internal",
	}
	var invalid *maskit.ProblemsError
	if !errors.As(err, &invalid) {
		_, _ = fmt.Fprintln(w, "probe:", err)
		return
	}
	for _, p := range invalid.Problems {
		p.Path = names[p.Path]
		_, _ = fmt.Fprintln(w, p)
	}
}
