package migrate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/atomicfile"
)

// stateFormat is the newest [State.Format] that this program reads, and the one it writes.
const stateFormat = 1

// maxState is the most that a state may take, in bytes, so that every [Store] can hold
// it: a Kubernetes ConfigMap takes 1 MiB.
const maxState = 500 << 10

// FileStore is a [Store] in a JSON file of mode 0600, which it replaces atomically and
// syncs. Its directory must exist, and belongs on a disk that outlives the migration.
//
// Processes that save at once are kept apart by a lock on the directory (not on
// Windows, where one at a time may use it). A file that another program wrote, that was
// cut off, or that has a newer format is an error: it is never taken for an empty state.
type FileStore struct {
	// Path is the file. Required. It may not be a symbolic link.
	Path string
}

// Load implements [Store].
func (f FileStore) Load(ctx context.Context) (State, error) {
	if err := ctx.Err(); err != nil {
		return State{}, fmt.Errorf("migrate: load state: %w", err)
	}
	state, err := f.read()
	if err != nil {
		return State{}, fmt.Errorf("migrate: load state %s: %w", f.Path, err)
	}
	return state, nil
}

// Save implements [Store].
func (f FileStore) Save(ctx context.Context, old, new State) error {
	if err := f.save(ctx, old, new); err != nil {
		return fmt.Errorf("migrate: save state %s: %w", f.Path, err)
	}
	return nil
}

func (f FileStore) save(ctx context.Context, old, new State) error {
	data, err := encodeState(old, new)
	if err != nil {
		return err
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	stored, err := f.read()
	if err != nil {
		return err
	}
	if stored.Revision != old.Revision {
		return fmt.Errorf("it has revision %d, and not %d: somebody else works on this migration: %w",
			stored.Revision, old.Revision, maskit.ErrConflict)
	}
	return atomicfile.Write(f.Path, data, 0o600)
}

// lock waits a little for another process: saving takes milliseconds.
func (f FileStore) lock(ctx context.Context) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		unlock, err = atomicfile.Lock(filepath.Dir(f.Path))
		if !errors.Is(err, atomicfile.ErrBusy) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (f FileStore) read() (State, error) {
	if f.Path == "" {
		return State{}, errors.New("FileStore.Path is empty")
	}
	info, err := os.Lstat(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return State{}, err
	}
	if !info.Mode().IsRegular() {
		return State{}, errors.New("it is not a regular file")
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return State{}, err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxState+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return State{}, err
	}
	return decodeState(data)
}

// encodeState returns new as the successor of old.
func encodeState(old, new State) ([]byte, error) {
	new.Format, new.Revision = stateFormat, old.Revision+1
	data, err := json.MarshalIndent(new, "", "  ")
	if err != nil {
		return nil, err
	}
	if len(data) >= maxState {
		return nil, fmt.Errorf("it would take %d bytes, and the most is %d", len(data)+1, maxState)
	}
	return append(data, '\n'), nil
}

// decodeState is strict: what it does not understand, it must not drop, because the next
// Save would.
func decodeState(data []byte) (State, error) {
	if len(data) > maxState {
		return State{}, fmt.Errorf("it has more than %d bytes, so it is not the state of a migration", maxState)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return State{}, fmt.Errorf("it is not the state of a migration, or was cut off: %w", plainJSONError(err))
	}
	if head.Format != stateFormat {
		return State{}, fmt.Errorf("it has format %d, and this program reads %d: use the program that wrote it: %w",
			head.Format, stateFormat, maskit.ErrUnsupported)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var state State
	if err := decoder.Decode(&state); err != nil {
		return State{}, plainJSONError(err)
	}
	if state.Revision < 1 {
		return State{}, fmt.Errorf("revision %d is none", state.Revision)
	}
	return state, nil
}

// plainJSONError drops what could quote a value.
func plainJSONError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s is no %s", wrong.Field, wrong.Type)
	}
	return err
}
