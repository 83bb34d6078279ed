package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"text/tabwriter"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/plantext"
	"github.com/maskit-dev/maskit/mas"
)

// report is what a run did, for people. It never holds a secret.
type report struct {
	parts    parts
	changes  maskit.Changes
	problems maskit.Problems
	modes    map[string]fs.FileMode // of the files written
}

func (r report) print(w io.Writer) {
	var b strings.Builder
	r.written(&b)
	r.compared(&b)
	r.patched(&b)
	r.findings(&b)
	r.registration(&b)
	r.next(&b)
	_, _ = io.WriteString(w, b.String()) // nobody is left to tell
}

// written lists the files, or says that nothing changed.
func (r report) written(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s layout, for MAS %s and Synapse %s\n\n",
		r.parts.site.Site.ServerName, r.parts.settings.layout, r.parts.masVersion(), r.parts.synapseVersion())
	if r.changes.Empty() {
		fmt.Fprintf(b, "%s is unchanged (%d files).\n", r.parts.settings.out, len(r.changes))
		return
	}
	fmt.Fprintf(b, "Written to %s:\n", r.parts.settings.out)
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, c := range r.changes {
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", c.Action, c.Subject, strings.TrimSpace(r.mark(c.Subject)+c.Reason))
	}
	_ = table.Flush() // writes to a strings.Builder
}

// mark says which files hold secrets.
func (r report) mark(name string) string {
	if r.modes[name] == secret {
		return "secret "
	}
	return ""
}

// compared says what the bundle means for the MAS that runs already. A bundle that is
// written again without a difference is not worth a word.
func (r report) compared(b *strings.Builder) {
	for _, c := range r.parts.compared {
		switch {
		case !c.Empty():
			section(b, "Compared with "+c.title)
			differences(b, c.Comparison)
		case r.parts.adopted != nil:
			section(b, "Compared with "+c.title)
			b.WriteString("  no difference\n")
		}
	}
}

func differences(b *strings.Builder, c mas.Comparison) {
	for _, d := range c.Differences {
		effect := d.Rollout.String()
		if d.Impact != mas.ImpactNone {
			effect += ", " + d.Impact.String()
		}
		fmt.Fprintf(b, "  %s %s [%s] %s\n", d.Change.Action, d.Change.Subject, effect, d.Text)
		for _, f := range d.Change.Fields {
			if d.Change.Action == maskit.ActionUpdate {
				fmt.Fprintf(b, "    %s\n", f)
			}
		}
	}
}

func (r report) patched(b *strings.Builder) {
	section(b, "What changed in homeserver.yaml")
	if r.parts.patched.Changes.Empty() {
		b.WriteString("  nothing: it delegates to MAS already\n")
		return
	}
	for _, c := range r.parts.patched.Changes {
		fmt.Fprintf(b, "  %s\n", c)
	}
}

// findings shows the warnings. The notes are for those who ask.
func (r report) findings(b *strings.Builder) {
	notes := 0
	var shown maskit.Problems
	for _, p := range r.problems {
		if !r.parts.settings.verbose && p.Severity != maskit.SeverityWarning && !strings.HasSuffix(p.Code, "-untested") {
			notes++
			continue
		}
		shown = append(shown, p)
	}
	if len(r.problems) == 0 {
		return
	}
	section(b, "Worth a look")
	for _, p := range shown {
		fmt.Fprintf(b, "  %s\n", p)
	}
	if notes > 0 {
		fmt.Fprintf(b, "  %s (-v shows them)\n", count(notes, "note"))
	}
}

func (r report) registration(b *strings.Builder) {
	section(b, "Register at the identity providers (also in "+path.Join(r.parts.settings.out, registerName)+")")
	for _, p := range r.parts.register {
		fmt.Fprintf(b, "  %s:\n", p.name)
		for _, step := range p.steps {
			fmt.Fprintf(b, "    %s\n", strings.ReplaceAll(step.String(), "\n", "\n    "))
		}
	}
	for _, realm := range r.parts.realms {
		fmt.Fprintf(b, "  Or have it done for %s. In a realm that has nothing of it yet, that is:\n", realm.provider)
		for _, line := range plantext.Lines(realm.plan) {
			fmt.Fprintf(b, "    %s\n", line)
		}
		fmt.Fprintf(b, "  This shows what it is in yours, and apply instead of plan does it:\n    %s\n", realm.command(r.parts.settings.out))
	}
}

func (r report) next(b *strings.Builder) {
	section(b, "Next")
	for n, step := range r.steps() {
		fmt.Fprintf(b, "  %d. %s\n", n+1, step)
	}
}

func (r report) steps() []string {
	steps := []string{"Keep " + identityName + " safe, and back it up: it holds the keys, and is never made again."}
	if files := r.externalFiles(); len(files) > 0 {
		steps = append(steps, "Give MAS the files that are not written here: "+strings.Join(files, ", ")+".")
	}
	args := ""
	for _, name := range r.parts.rendered.ConfigFiles {
		args += " -c " + path.Join(mount, name)
	}
	return append(steps,
		fmt.Sprintf("Mount mas/ at %s and run: mas-cli config check%s", mount, args),
		fmt.Sprintf("Give every Synapse process synapse/%s as %s.", sharedSecretName, r.parts.site.Synapse.SecretPath),
		"Once MAS runs and the users are migrated: stop all Synapse processes, give them "+r.homeserverNames()+", and start them.",
	)
}

// externalFiles are the paths that the configuration names and the bundle lacks.
func (r report) externalFiles() []string {
	var paths []string
	for _, p := range r.problems {
		if p.Code == "not-rendered" {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

func (r report) homeserverNames() string {
	var names []string
	for _, f := range r.parts.patched.Files {
		names = append(names, "synapse/"+f.Name)
	}
	return strings.Join(names, ", ")
}

func section(b *strings.Builder, title string) { fmt.Fprintf(b, "\n%s:\n", title) }

// count says how many there are of something.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printFailure prints why the bundle was not written.
func printFailure(w io.Writer, err error) {
	var invalid *maskit.ProblemsError
	var partly *partlyError
	switch {
	case errors.As(err, &partly):
		_, _ = fmt.Fprintf(w, "quickstart: %v\nSome files may be new by now, each of them whole: run the same command again.\n", err)
	case !errors.As(err, &invalid):
		_, _ = fmt.Fprintf(w, "quickstart: %v\nNothing was written.\n", err)
	default:
		for _, p := range invalid.Problems {
			_, _ = fmt.Fprintln(w, p)
		}
		_, _ = fmt.Fprintf(w, "\n%s. Nothing was written.\n", count(len(invalid.Problems), "problem"))
	}
}
