package mascli

import (
	"bytes"
	"fmt"
	"sync"
)

// longestLine bounds the memory that output takes. A longer line is left out as a whole:
// a part of it could hold half a secret, which nothing would recognise.
const longestLine = 256 << 10

// lines splits what is written to it, and calls next for each line.
type lines struct {
	mu      *sync.Mutex // shared with the other stream
	next    func(string)
	line    []byte
	dropped int // bytes of the current line that is too long
}

// Write never fails.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	for {
		part, rest, ended := bytes.Cut(p, []byte{'\n'})
		l.append(part)
		if !ended {
			return n, nil
		}
		l.end()
		p = rest
	}
}

func (l *lines) append(part []byte) {
	if l.dropped > 0 || len(l.line)+len(part) > longestLine {
		l.dropped += len(l.line) + len(part)
		l.line = l.line[:0]
		return
	}
	l.line = append(l.line, part...)
}

func (l *lines) end() {
	text := string(bytes.TrimSuffix(l.line, []byte{'\r'}))
	if l.dropped > 0 {
		text = fmt.Sprintf("[a line of %d bytes was left out]", l.dropped)
	}
	l.line, l.dropped = l.line[:0], 0
	if l.next != nil {
		l.next(text)
	}
}

// flush ends a last line that has no end.
func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.line) > 0 || l.dropped > 0 {
		l.end()
	}
}
