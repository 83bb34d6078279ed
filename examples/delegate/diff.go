package main

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// contextLines is how many unchanged lines are shown around a change.
const contextLines = 3

// diff shows an edit as a unified diff for reading: secrets are masked in it, so it
// cannot be applied where it has any.
func (e edit) diff() string {
	before, after := string(e.before), string(e.after)
	unified, err := udiff.ToUnifiedDiff(e.from(), e.name, before, udiff.Lines(before, after), contextLines)
	if err != nil || len(unified.Hunks) == 0 {
		return "" // the edits are those of udiff.Lines, so there is no error
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", e.from(), e.name)
	h := hunks{old: shown(e.before), fresh: shown(e.after)}
	for _, hunk := range unified.Hunks {
		h.write(&b, hunk)
	}
	return b.String()
}

func (e edit) from() string {
	if e.before == nil {
		return "/dev/null"
	}
	return e.name
}

// hunks writes hunks with the lines of the files as they may be shown.
type hunks struct {
	old, fresh []string
	shift      int // by how many lines the new file is ahead
}

func (h *hunks) write(b *strings.Builder, hunk *udiff.Hunk) {
	from := hunk.FromLine - 1
	to := from + h.shift // not hunk.ToLine, which is wrong behind a hunk of several edits
	firstFrom, firstTo := from, to
	var lines strings.Builder
	for _, line := range hunk.Lines {
		switch line.Kind {
		case udiff.Delete:
			writeLine(&lines, "-", h.old[from])
			from++
		case udiff.Insert:
			writeLine(&lines, "+", h.fresh[to])
			to++
		default:
			writeLine(&lines, " ", h.old[from])
			from++
			to++
		}
	}
	h.shift = to - from
	fmt.Fprintf(b, "@@ -%s +%s @@\n%s", span(firstFrom, from), span(firstTo, to), lines.String())
}

func writeLine(b *strings.Builder, sign, line string) {
	b.WriteString(sign + strings.TrimSuffix(line, "\n") + "\n")
	if !strings.HasSuffix(line, "\n") {
		b.WriteString("\\ No newline at end of file\n")
	}
}

// span is a range of lines, counted from 0, as a hunk has it.
func span(first, end int) string {
	switch count := end - first; count {
	case 0:
		return fmt.Sprintf("%d,0", first)
	case 1:
		return fmt.Sprint(first + 1)
	default:
		return fmt.Sprintf("%d,%d", first+1, count)
	}
}
