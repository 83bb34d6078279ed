package atomicfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ManifestName is the file in which a [Bundle] remembers what it wrote.
//
// It holds a SHA-256 of every file, secrets included: from the hash of a short
// password the password can be guessed. So it has mode 0600, and wherever the
// bundle goes it must be guarded like the secrets.
const ManifestName = "manifest.json"

const (
	manifestFormat = "maskit-bundle/1"
	maxManifest    = 16 << 20 // bytes; more than 100,000 files
)

// manifest is the record of what a bundle wrote.
type manifest struct {
	Format string           `json:"format"`
	Files  map[string]entry `json:"files"`
}

// entry is one file of a manifest.
type entry struct {
	// SHA256 of the content, in hex.
	SHA256 string `json:"sha256"`
	// Previous are the hashes that the file may still have, because a run was
	// interrupted. A manifest at rest has none.
	Previous []string `json:"previous,omitempty"`
}

// knows reports whether the bundle wrote this content under this name.
func (m manifest) knows(name, hash string) bool {
	e, ok := m.Files[name]
	return ok && (e.SHA256 == hash || slices.Contains(e.Previous, hash))
}

func (m manifest) hashes(name string) []string {
	e, ok := m.Files[name]
	if !ok {
		return nil
	}
	return append([]string{e.SHA256}, e.Previous...)
}

func (m manifest) encode() ([]byte, error) {
	m.Format = manifestFormat
	data, err := json.MarshalIndent(m, "", "  ")
	return append(data, '\n'), err
}

func parseManifest(r io.Reader) (manifest, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return manifest{}, err
	}
	if len(data) > maxManifest {
		return manifest{}, fmt.Errorf("longer than %d bytes", maxManifest)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var m manifest
	if err := decoder.Decode(&m); err != nil {
		return manifest{}, errors.New("not a manifest of this program")
	}
	if decoder.More() || m.Format != manifestFormat {
		return manifest{}, errors.New("not a manifest of this program")
	}
	for name := range m.Files {
		if err := checkName(name); err != nil {
			return manifest{}, err
		}
		for _, hash := range m.hashes(name) {
			if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
				return manifest{}, fmt.Errorf("%q: not a SHA-256", name)
			}
		}
	}
	return m, nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
