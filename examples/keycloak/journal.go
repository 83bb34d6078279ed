package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/maskit-dev/maskit/internal/atomicfile"
)

// write is a request that changed something. Its body may hold secrets.
type write struct {
	At     time.Time       `json:"at"`
	Seed   [32]byte        `json:"seed"`
	Method string          `json:"method"`
	Path   string          `json:"path"` // below /admin, with the query
	Body   json.RawMessage `json:"body,omitempty"`
}

// journal is a file of writes, one a line, that one run at a time reads and appends to.
type journal struct {
	name   string
	unlock func()
	whole  int64    // the length without what a killed run left of a line
	file   *os.File // nil until there is something to append
}

// openJournal locks the directory of the file until close is called.
func openJournal(name string) (*journal, error) {
	unlock, err := atomicfile.Lock(filepath.Dir(name))
	if errors.Is(err, atomicfile.ErrBusy) {
		return nil, errors.New("another run uses it: wait for its end, or give this one another -memory in another directory")
	}
	return &journal{name: name, unlock: unlock}, err
}

// read returns what was appended so far. A line that was not written to its end belongs to
// a request that was never answered: it does not count.
func (j *journal) read() ([]write, error) {
	data, err := os.ReadFile(j.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	j.whole = int64(bytes.LastIndexByte(data, '\n') + 1)
	var writes []write
	for line := range bytes.Lines(data[:j.whole]) {
		var w write
		if err := json.Unmarshal(line, &w); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(writes)+1, err)
		}
		writes = append(writes, w)
	}
	return writes, nil
}

func (j *journal) append(w write) (err error) {
	if j.file == nil {
		if j.file, err = os.OpenFile(j.name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
			return err
		}
		if err := j.file.Truncate(j.whole); err != nil {
			return err
		}
	}
	return json.NewEncoder(j.file).Encode(w)
}

func (j *journal) close() error {
	defer j.unlock()
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
