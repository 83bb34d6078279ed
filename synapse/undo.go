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

// undoFile is one changed file in the JSON document.
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
	text, err := json.Marshal(files)
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
	var changed []undoFile
	if err := json.Unmarshal([]byte(undo.Reveal()), &changed); err != nil {
		return nil, fmt.Errorf("synapse: revert: the undo is not one that Patch made: %w", maskit.ErrInvalid)
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
