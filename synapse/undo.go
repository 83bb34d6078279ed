package synapse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
)

// Undo restores what a patch changed. It holds the original files, and with
// them every secret in them, so it is a [maskit.Secret]: it shows as
// "[redacted]" wherever it is printed, logged or marshalled. To store it, write
// undo.Reveal(), a JSON document, to a place for secrets; to read it back, use
// Undo{maskit.NewSecret(stored)}. The zero value undoes nothing.
type Undo struct{ maskit.Secret }

// undoVersion is that of the JSON document.
const undoVersion = 1

// undoDocument is the JSON document.
type undoDocument struct {
	Version int        `json:"version"`
	Files   []undoFile `json:"files"`
}

// undoFile is one changed file.
type undoFile struct {
	Name string `json:"name"`
	// PatchedSHA256 is the hash of the file that may be replaced.
	PatchedSHA256 string `json:"patched_sha256"`
	Original      []byte `json:"original"`
}

// newUndo keeps the originals of the files that differ.
func newUndo(originals, patched []File) Undo {
	var files []undoFile
	for i, file := range patched {
		if !bytes.Equal(file.Data, originals[i].Data) {
			files = append(files, undoFile{Name: file.Name, PatchedSHA256: hash(file.Data), Original: originals[i].Data})
		}
	}
	if len(files) == 0 {
		return Undo{}
	}
	text, err := json.Marshal(undoDocument{undoVersion, files})
	if err != nil {
		return Undo{} // strings and bytes always marshal
	}
	return Undo{maskit.NewSecret(string(text))}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Revert gives back the original of each file that a patch changed, byte for
// byte, and the other files as they are, so that what was written in part can be
// taken back, and a second Revert changes nothing. A file that is missing, or is
// neither the one that [Delegate.Patch] made nor its original, is an error that
// matches [maskit.ErrDrift]; then nothing is reverted.
func Revert(files []File, undo Undo) ([]File, error) {
	if undo.IsZero() {
		return files, nil
	}
	changed, err := undo.read()
	if err != nil {
		return nil, fmt.Errorf("synapse: revert: %w", err)
	}
	reverted := slices.Clone(files)
	for _, c := range changed {
		i := slices.IndexFunc(files, func(f File) bool { return f.Name == c.Name })
		if i < 0 {
			return nil, fmt.Errorf("synapse: revert %s: the file is missing: %w", c.Name, maskit.ErrDrift)
		}
		if hash(files[i].Data) != c.PatchedSHA256 && !bytes.Equal(files[i].Data, c.Original) {
			return nil, fmt.Errorf("synapse: revert %s: the file is not the one that the patch made: %w", c.Name, maskit.ErrDrift)
		}
		reverted[i].Data = c.Original
	}
	return reverted, nil
}

// read returns the changed files. What the JSON decoder says of a wrong document
// could show a part of a secret, so it is not told.
func (u Undo) read() ([]undoFile, error) {
	var document undoDocument
	switch err := json.Unmarshal([]byte(u.Reveal()), &document); {
	case err != nil, document.Version < 1, len(document.Files) == 0:
		return nil, fmt.Errorf("the undo is not one that Patch made: %w", maskit.ErrInvalid)
	case document.Version > undoVersion:
		return nil, fmt.Errorf("the undo was made by a newer release, in version %d of its form: %w", document.Version, maskit.ErrInvalid)
	}
	return document.Files, nil
}
