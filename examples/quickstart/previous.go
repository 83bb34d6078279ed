package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/atomicfile"
	"github.com/maskit-dev/maskit/mas"
)

// readPrevious reads the configuration of MAS in the bundle that this run replaces, nil
// if there is none. Whoever runs that bundle has users: what becomes of them is judged
// before anything is written.
func (in *inputs) readPrevious() (maskit.Problems, error) {
	if _, err := os.Stat(filepath.Join(in.settings.out, atomicfile.ManifestName)); err != nil {
		return nil, nil //nolint:nilerr // no bundle of ours: what is in the way is reported when it would be replaced
	}
	root := os.DirFS(filepath.Join(in.settings.out, "mas"))
	var names []string
	for _, name := range []string{"config.yaml", "secrets/overlay.yaml"} {
		if _, err := fs.Stat(root, name); err == nil {
			names = append(names, name)
		}
	}
	switch {
	case len(names) == 0:
		return nil, nil
	case in.stored.text.IsZero() && in.adopted == nil: // it was not there when the identity was made
		return nil, fmt.Errorf("another run has just written to %s: run this one again", in.settings.out)
	}
	config, problems, err := mas.Parse(root, names...)
	if err != nil {
		return nil, err
	}
	if len(problems.Only(maskit.SeverityError)) > 0 {
		return in.notCompared(), nil
	}
	// What is not in the bundle stays a reference, in both configurations alike.
	in.previous, _ = config.Inline(mountedFS{root})
	in.restoreIdentity()
	return nil, nil
}

// notCompared says that somebody has broken the configuration in the bundle.
func (in *inputs) notCompared() maskit.Problems {
	p := maskit.Problem{
		Path: filepath.Join(in.settings.out, "mas"), Code: "bundle-not-compared",
		Message: "the configuration there cannot be read, so nobody knows what becomes of the users of that MAS",
		Hint:    "restore it, or write to another directory; -force replaces it all the same",
	}
	if in.settings.force {
		p.Severity = maskit.SeverityWarning
	}
	return maskit.Problems{p}
}

// restoreIdentity fills in what a killed run has not written yet: all of it comes from
// the identity.
func (in *inputs) restoreIdentity() {
	stored, config := in.stored.identity, in.previous
	if config.Secrets.Encryption.File != "" {
		config.Secrets.Encryption = mas.SecretValue{Inline: stored.EncryptionKey}
	}
	if config.Matrix.Secret.File != "" {
		config.Matrix.Secret = mas.SecretValue{Inline: stored.SharedSecret}
	}
	for _, key := range config.Secrets.Keys {
		if key.Key.File != "" || key.Password.File != "" {
			config.Secrets.Keys = stored.SigningKeys
			return
		}
	}
}

// mountedFS is the bundle as MAS sees it.
type mountedFS struct{ bundle fs.FS }

// Open implements [fs.FS].
func (m mountedFS) Open(name string) (fs.File, error) {
	below, ok := strings.CutPrefix("/"+name, mount+"/")
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return m.bundle.Open(below)
}

// comparison is what this bundle means for the users of a MAS that runs already.
type comparison struct {
	title string
	mas.Comparison
}

// compare judges the step from the bundle that is replaced, and from the adopted
// configuration. Findings that the user accepts by -accept are warnings.
func (p *parts) compare(in inputs) maskit.Problems {
	if in.previous != nil {
		p.compared = append(p.compared, comparison{"the bundle that was there", mas.Compare(in.previous, p.config)})
	}
	if in.adopted != nil {
		p.compared = append(p.compared, comparison{"the adopted configuration", mas.Compare(in.adopted, p.config)})
	}
	var refused, problems maskit.Problems
	for _, c := range p.compared {
		refused = append(refused, c.Refused...)
		problems = append(problems, c.Problems...)
	}
	judged := append(refused, p.settings.accept.apply(once(problems, nil))...)
	for i := range judged {
		judged[i].Hint = p.compareHint(judged[i])
	}
	return judged
}

// compareHint adds to a fix what can be done in this program.
func (p *parts) compareHint(problem maskit.Problem) string {
	if problem.Severity != maskit.SeverityError {
		return problem.Hint
	}
	switch problem.Code {
	case "provider-id-changed":
		return "give the provider its old name again: its id is kept under it"
	case "encryption-key-changed", "encryption-key-missing":
		return problem.Hint
	}
	return problem.Hint + "; another deployment belongs into another directory (-out); if it is meant: -accept " + problem.Code
}
