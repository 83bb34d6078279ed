package migrate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

func TestFileStoreKeepsWhatWasSaved(t *testing.T) {
	t.Parallel()
	store := FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}
	empty, err := store.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, State{}, empty)

	want := State{
		Format: 1, Revision: 1, RunID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Engine: "native", Step: StepRunning,
		Started: time.Date(2026, 7, 1, 3, 0, 0, 0, time.UTC), Key: strings.Repeat("ab", 32),
		Before: Schema{Head: 20260720134722, Count: 167, Definitions: []Definition{{Table: "users", Name: "users_pkey", SQL: "PRIMARY KEY (user_id)"}}},
		Acks:   []maskit.Ack{{Code: "orphan-rows", Max: 10}},
	}
	require.NoError(t, store.Save(t.Context(), State{}, want))
	got, err := store.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, got)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(store.Path)
		require.NoError(t, err)
		require.Equal(t, "-rw-------", info.Mode().String())
	}
}

func TestFileStoreRefusesTheSecondOfTwoWriters(t *testing.T) {
	t.Parallel()
	store := FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}
	require.NoError(t, store.Save(t.Context(), State{}, State{RunID: "a"}))
	first, err := store.Load(t.Context())
	require.NoError(t, err)
	require.NoError(t, store.Save(t.Context(), first, State{RunID: "b"}))
	err = store.Save(t.Context(), first, State{RunID: "c"})
	require.ErrorIs(t, err, maskit.ErrConflict)
	require.ErrorContains(t, err, "revision 2, and not 1")
	require.ErrorIs(t, store.Save(t.Context(), State{}, State{RunID: "d"}), maskit.ErrConflict)
	now, err := store.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, "b", now.RunID)
}

func TestFileStoreLetsOneOfManyWin(t *testing.T) {
	t.Parallel()
	store := FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}
	for round := range 5 {
		old, err := store.Load(t.Context())
		require.NoError(t, err)
		var won atomic.Int32
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				err := store.Save(t.Context(), old, State{Step: StepRunning})
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, maskit.ErrConflict) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, won.Load(), "round %d", round)
	}
}

func TestFileStoreAgainstAModel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var number atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		store := FileStore{Path: filepath.Join(dir, fmt.Sprint(number.Add(1)))}
		history := []State{{}} // what was stored, by revision
		for range rapid.IntRange(1, 12).Draw(rt, "saves") {
			old := history[rapid.IntRange(0, len(history)-1).Draw(rt, "from")]
			next := State{RunID: rapid.String().Draw(rt, "run"), Revision: rapid.Int64().Draw(rt, "ignored"), Step: StepRunning}
			err := store.Save(t.Context(), old, next)
			if old.Revision != int64(len(history)-1) {
				require.ErrorIs(rt, err, maskit.ErrConflict)
				continue
			}
			require.NoError(rt, err)
			got, err := store.Load(t.Context())
			require.NoError(rt, err)
			require.EqualValues(rt, len(history), got.Revision)
			history = append(history, got)
		}
		got, err := store.Load(t.Context())
		require.NoError(rt, err)
		require.Equal(rt, history[len(history)-1], got)
	})
}

func TestFileStoreIsStrict(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"empty file":      {"", "cut off"},
		"no object":       {"[]", "is no"},
		"unknown key":     {`{"format": 1, "revision": 1, "tokens": []}`, `unknown field "tokens"`},
		"newer format":    {`{"format": 2, "revision": 1, "steps": []}`, "it has format 2, and this program reads 1"},
		"no format":       {`{"revision": 1}`, "it has format 0"},
		"no revision":     {`{"format": 1}`, "revision 0 is none"},
		"something after": {`{"format": 1, "revision": 1} {}`, "cut off"},
		"wrong type":      {`{"format": 1, "revision": 1, "key": 5}`, "key is no string"},
		"too large":       {`{"format": 1, "revision": 1}` + strings.Repeat(" ", maxState), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}
			require.NoError(t, os.WriteFile(store.Path, []byte(tc.text), 0o600))
			_, err := store.Load(t.Context())
			require.ErrorContains(t, err, tc.want)
			require.ErrorContains(t, store.Save(t.Context(), State{}, State{RunID: "a"}), tc.want)
			left, err := os.ReadFile(store.Path)
			require.NoError(t, err)
			require.Equal(t, tc.text, string(left), "it is never overwritten")
		})
	}
}

func TestFileStoreTakesNoPartForTheWhole(t *testing.T) {
	t.Parallel()
	data, err := EncodeState(State{}, State{RunID: "a", Engine: "native", Step: StepMigrated, Report: &RunReport{Engine: "native"}})
	require.NoError(t, err)
	for cut := range len(data) - 1 { // without the final newline it is still whole
		_, err := DecodeState(data[:cut])
		require.Error(t, err, "the first %d bytes", cut)
	}
}

func TestFileStoreRefusesOddPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	real := filepath.Join(dir, "real.json")
	require.NoError(t, FileStore{Path: real}.Save(t.Context(), State{}, State{RunID: "a"}))
	link := filepath.Join(dir, "link.json")
	require.NoError(t, os.Symlink(real, link))
	for name, tc := range map[string]struct{ path, want string }{
		"none":              {"", "Path is empty"},
		"directory":         {dir, "not a regular file"},
		"symbolic link":     {link, "not a regular file"},
		"missing directory": {filepath.Join(dir, "none", "migration.json"), "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, FileStore{Path: tc.path}.Save(t.Context(), State{}, State{RunID: "b"}), tc.want)
		})
	}
}

func TestFileStoreRefusesAStateThatNoStoreCouldHold(t *testing.T) {
	t.Parallel()
	store := FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}
	err := store.Save(t.Context(), State{}, State{RunID: strings.Repeat("a", maxState)})
	require.ErrorContains(t, err, "the most is")
	require.NoFileExists(t, store.Path)
}

func FuzzDecodeState(f *testing.F) {
	whole, err := EncodeState(State{}, State{RunID: "a", Step: StepRunning, Acks: []maskit.Ack{{Code: "x"}}})
	require.NoError(f, err)
	f.Add(whole)
	f.Add([]byte(`{"format": 1, "revision": 1, "report": {"entities": null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := DecodeState(data)
		if err != nil {
			return
		}
		again, err := EncodeState(State{Revision: state.Revision - 1}, state)
		require.NoError(t, err)
		same, err := DecodeState(again)
		require.NoError(t, err)
		want, err := json.Marshal(state)
		require.NoError(t, err)
		got, err := json.Marshal(same)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got))
	})
}
