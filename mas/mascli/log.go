package mascli

import (
	"strings"
	"time"
)

// LogLine is a line of mas-cli's log.
type LogLine struct {
	Time time.Time
	// Level is TRACE, DEBUG, INFO, WARN or ERROR.
	Level string
	// Target is the module, with a line number that differs between versions, or the
	// name of the event: "syn2mas::migration:321", "progress".
	Target string
	// Message is the rest, fields included but for the trace id.
	Message string
}

// ParseLog reads a line of the log, in the fixed format of MAS 0.16 to 1.22. Anything
// else that mas-cli prints gives false. It never fails on what it does not know.
func ParseLog(line string) (LogLine, bool) {
	stamp, rest, ok := strings.Cut(line, " ")
	if !ok || len(stamp) < len("2006-01-02T15:04:05Z") {
		return LogLine{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return LogLine{}, false
	}
	level, rest, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if !ok || !isLevel(level) {
		return LogLine{}, false
	}
	target, message, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	message, _, _ = strings.Cut(message, " trace.id=")
	return LogLine{Time: at, Level: level, Target: target, Message: strings.TrimSpace(message)}, true
}

func isLevel(text string) bool {
	switch text {
	case "TRACE", "DEBUG", "INFO", "WARN", "ERROR":
		return true
	}
	return false
}

// Field returns the value of a field such as provider.id, without quotes; "" if the
// line has none.
func (l LogLine) Field(name string) string {
	_, rest, ok := strings.Cut(" "+l.Message, " "+name+"=")
	if !ok {
		return ""
	}
	if quoted, ok := strings.CutPrefix(rest, `"`); ok {
		value, _, _ := strings.Cut(quoted, `"`)
		return value
	}
	value, _, _ := strings.Cut(rest, " ")
	return value
}
