package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/maskit-dev/maskit/internal/live/pool"
)

// skipLog collects what tests had to skip. Its zero value is empty.
type skipLog struct {
	mu    sync.Mutex
	parts map[string]*skippedPart
}

type skippedPart struct {
	how   string
	tests int
}

func (l *skipLog) add(skip pool.Skip) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.parts == nil {
		l.parts = map[string]*skippedPart{}
	}
	part, ok := l.parts[skip.Part]
	if !ok {
		part = &skippedPart{how: skip.How}
		l.parts[skip.Part] = part
	}
	part.tests++
}

// report prints one line for each missing part, in alphabetical order.
func (l *skipLog) report(w io.Writer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(l.parts)) {
		part := l.parts[name]
		_, _ = fmt.Fprintf(w, "live: skipped %d test(s) without %s: %s\n", part.tests, name, part.how)
	}
}
