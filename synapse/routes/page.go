package routes

import (
	"bytes"
	"fmt"
	"strings"
)

// page writes a configuration file line by line.
type page struct {
	buf    bytes.Buffer
	indent string // one step
	depth  int
}

// line writes one line at the present depth; an empty one stays empty.
func (p *page) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text != "" {
		p.buf.WriteString(strings.Repeat(p.indent, p.depth))
	}
	p.buf.WriteString(text + "\n")
}

// comment writes a comment, one line per line of text.
func (p *page) comment(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		p.line("# %s", line)
	}
}

// block writes what body writes between two lines, one step deeper.
func (p *page) block(open, end string, body func()) {
	p.line("%s", open)
	p.depth++
	body()
	p.depth--
	if end != "" {
		p.line("%s", end)
	}
}

func (p *page) bytes() []byte { return p.buf.Bytes() }

// about is the comment at the top of every file.
func about(where string) string {
	return "Written by maskit: the public edge of a homeserver that delegates authentication to MAS.\n" +
		where + "\n" +
		"The request target as it was sent decides, byte by byte, because MAS and Synapse read it so."
}

// because is the comment above a rule.
func (r Row) because() string {
	if r.To == Denied {
		return "denied: " + r.Reason
	}
	return "to " + r.To.String() + ": " + r.Reason
}
