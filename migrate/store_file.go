package migrate

import (
	"context"
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
	data, err := EncodeState(old, new)
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
	return DecodeState(data)
}
