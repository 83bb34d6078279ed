package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/maskit-dev/maskit"
)

// print shows the result. It holds no secret.
func (r result) print(w io.Writer) {
	var b strings.Builder
	section(&b, "In the way of delegation", r.found)
	if r.settings.mode != modeLint {
		r.printEdits(&b)
		section(&b, "Left to you", r.problems.Only(maskit.SeverityError))
	}
	section(&b, "Worth a look", append(r.problems.Only(maskit.SeverityWarning), r.problems.Only(maskit.SeverityInfo)...))
	r.printEnd(&b)
	if len(r.routes) > 0 {
		fmt.Fprintf(&b, "\nRoutes for %s:\n\n%s", r.settings.routes.kind, r.routes)
	}
	_, _ = io.WriteString(w, b.String()) // nobody is left to tell
}

func section(b *strings.Builder, title string, problems maskit.Problems) {
	if len(problems) == 0 {
		return
	}
	space(b)
	fmt.Fprintf(b, "%s (%d):\n", title, len(problems))
	for _, p := range problems {
		fmt.Fprintf(b, "  %s\n", p)
	}
}

// space parts sections.
func space(b *strings.Builder) {
	if b.Len() > 0 {
		b.WriteString("\n")
	}
}

// printEdits shows what would be written as diffs, and what was written as changes.
func (r result) printEdits(b *strings.Builder) {
	if r.written {
		r.printWritten(b)
		return
	}
	for _, e := range r.edits {
		if !e.hidden {
			space(b)
			b.WriteString(e.diff())
		}
	}
}

func (r result) printWritten(b *strings.Builder) {
	if len(r.changes) > 0 {
		space(b)
		b.WriteString("Changed:\n")
		for _, c := range r.changes {
			fmt.Fprintf(b, "  %s\n", c)
		}
	}
	space(b)
	for _, e := range r.edits {
		fmt.Fprintf(b, "%s %s%s\n", e.verb(), e.name, e.privacy())
	}
}

func (e edit) verb() string {
	switch {
	case e.after == nil:
		return "removed"
	case e.before == nil:
		return "created"
	}
	return "wrote"
}

func (e edit) privacy() string {
	if e.hidden && e.after != nil {
		return " (secret)"
	}
	return ""
}

// printEnd says how it stands, and what is next.
func (r result) printEnd(b *strings.Builder) {
	space(b)
	switch {
	case r.settings.mode == modeLint && r.problems.Err() != nil:
		b.WriteString("Synapse does not delegate to MAS with these files; -mode patch or overlay helps.\n")
	case r.settings.mode == modeLint, len(r.edits) == 0 && r.problems.Err() == nil && r.settings.mode != modeRevert:
		b.WriteString("Already delegated: nothing to do.\n")
	case r.written && r.settings.mode == modeRevert:
		b.WriteString("The files are as they were.\n")
	case r.written:
		for _, note := range append(r.notes, "Restart all processes of Synapse together, once MAS is ready and has the users.") {
			b.WriteString(note + "\n")
		}
	case r.problems.Err() != nil:
		b.WriteString("Nothing was written: mend what is left first.\n")
	case r.obstacle != nil:
		fmt.Fprintf(b, "Nothing was written, and -w would not write it: %v\n", r.obstacle)
	default:
		b.WriteString("Nothing was written. " + r.preview() + "\n")
	}
}

// preview names the files that -w would write.
func (r result) preview() string {
	var files []string
	masked := ""
	for _, e := range r.edits {
		name := e.name
		if e.after == nil {
			name = "remove " + name
		}
		files = append(files, name)
		if !e.hidden && strings.Contains(e.diff(), redacted) {
			masked = " Secrets are masked, so the diff is for reading only."
		}
	}
	return "-w would write " + strings.Join(files, ", ") + "." + masked
}
