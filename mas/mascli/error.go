package mascli

import (
	"fmt"
	"strings"
)

// ExitError says that mas-cli failed. It holds no secret that mas-cli was given.
type ExitError struct {
	// Command is what was run: "config sync".
	Command string
	// Code is the exit code: 1 for what went wrong, 2 for arguments that this mas-cli
	// does not know, 101 for a defect of it, 128 and more for a signal.
	Code int
	// Causes are the error and what caused it, as mas-cli names them, the outermost first.
	Causes []string
	// Tail is the end of the output, at most 40 lines.
	Tail []string
}

// Error names the causes, or else the last lines of the output.
func (e *ExitError) Error() string {
	why := e.Causes
	if len(why) == 0 {
		why = e.Tail[max(0, len(e.Tail)-3):]
	}
	text := fmt.Sprintf("mascli: mas-cli %s: %s", e.Command, e.status())
	if len(why) > 0 {
		text += ": " + strings.Join(why, ": ")
	}
	return text
}

func (e *ExitError) status() string {
	switch {
	case e.Code == 2:
		return "exit code 2 (this mas-cli does not know the arguments)"
	case e.Code == 128+9:
		return "exit code 137 (it was killed, perhaps for want of memory)"
	}
	return fmt.Sprintf("exit code %d", e.Code)
}

// tailLines is how much of the output an error keeps.
const tailLines = 40

// output collects what a command prints: its end, and the error with which it ends.
type output struct {
	tail   []string
	causes []string
	within bool // the list of causes
	stdout []string
}

func (o *output) err(line string) {
	if line != "" {
		o.tail = append(o.tail[max(0, len(o.tail)-tailLines+1):], line)
	}
	o.cause(line)
}

// cause reads how anyhow prints an error:
//
//	Error: outermost
//
//	Caused by:
//	    0: next
//	    1: innermost
func (o *output) cause(line string) {
	text := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(line, "Error: "):
		o.causes, o.within = []string{strings.TrimPrefix(line, "Error: ")}, false
	case len(o.causes) == 0 || text == "":
	case text == "Caused by:":
		o.within = true
	case o.within && strings.HasPrefix(line, "    "):
		if number, rest, ok := strings.Cut(text, ": "); ok && strings.Trim(number, "0123456789") == "" {
			text = rest
		}
		if len(o.causes) < tailLines {
			o.causes = append(o.causes, text)
		}
	case o.within:
		o.within = false
	}
}
