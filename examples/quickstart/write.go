package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/atomicfile"
)

// write puts all files into the output directory, or none of them.
func (p parts) write(problems maskit.Problems) (report, error) {
	files, err := p.files()
	if err != nil {
		return report{}, err
	}
	bundle := atomicfile.Bundle{Dir: p.settings.out, Force: p.settings.force, Prune: true}
	plan, err := bundle.Plan(files)
	if err != nil {
		return report{}, p.inOut(err)
	}
	problems = append(problems, keepIdentity(plan.Problems)...).Sorted()
	if err := problems.Err(); err != nil {
		return report{}, err
	}
	if err := plan.Apply(); err != nil {
		return report{}, p.applyError(err)
	}
	modes := map[string]fs.FileMode{}
	for _, f := range files {
		modes[f.Name] = f.Mode
	}
	return report{parts: p, changes: plan.Changes, problems: problems, modes: modes}, nil
}

// partlyError is a failure after the first file may have been replaced.
type partlyError struct{ err error }

// Error implements error.
func (e *partlyError) Error() string { return e.err.Error() }

// Unwrap returns the reason.
func (e *partlyError) Unwrap() error { return e.err }

// applyError says whether anything can have been written.
func (p parts) applyError(err error) error {
	err = p.inOut(err)
	if errors.Is(err, maskit.ErrDrift) || errors.Is(err, atomicfile.ErrBusy) {
		return err
	}
	return &partlyError{err}
}

// inOut says of an error which directory it is about, instead of which function.
func (p parts) inOut(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return fmt.Errorf("-out %s: %w", p.settings.out, err)
}

// Names in the bundle, and where MAS sees its part of it.
const (
	sharedSecretName = "mas_shared_secret" //nolint:gosec // a name, not a secret
	registerName     = "REGISTER.md"
	mount            = "/etc/mas"
)

// Modes of the files.
const (
	public fs.FileMode = 0o644
	secret fs.FileMode = 0o600
)

// files is the bundle.
func (p parts) files() ([]atomicfile.File, error) {
	identity, err := p.identityText()
	if err != nil {
		return nil, err
	}
	// The identity comes first: see holdsBundle.
	files := []atomicfile.File{{Name: identityName, Data: []byte(identity.Reveal()), Mode: secret}}
	for _, f := range p.rendered.Files {
		mode := public
		if f.Secret {
			mode = secret
		}
		files = append(files, atomicfile.File{Name: "mas/" + f.Name, Data: f.Data(), Mode: mode})
	}
	for _, f := range p.patched.Files {
		files = append(files, atomicfile.File{Name: "synapse/" + f.Name, Data: f.Data, Mode: secret}) // may hold secrets of its own
	}
	realms, err := p.realmFiles()
	if err != nil {
		return nil, err
	}
	return append(append(files, realms...),
		atomicfile.File{Name: "synapse/" + sharedSecretName, Data: []byte(p.identity.SharedSecret.Reveal()), Mode: secret},
		atomicfile.File{Name: registerName, Data: []byte(p.registerText()), Mode: public},
	), nil
}

// identityText is the text of the identity file. One that says the same already
// stays as it is, with the comments that people put into it.
func (p parts) identityText() (maskit.Secret, error) {
	if !p.stored.text.IsZero() && p.stored.identity.Equal(p.identity) {
		return p.stored.text, nil
	}
	return p.identity.Encode()
}

// keepIdentity gives the one file that is an input, too, another advice than the rest:
// without it, all keys and ids would be new.
func keepIdentity(problems maskit.Problems) maskit.Problems {
	for i, p := range problems {
		if p.Path == identityName {
			problems[i].Hint = "never move it away or delete it: it is the identity. With -force it is written anew with the values that it holds; comments are lost"
		}
	}
	return problems
}

// registerText says what to register at the identity providers.
func (p parts) registerText() string {
	var b strings.Builder
	b.WriteString("# What to register at the identity providers\n")
	for _, r := range p.register {
		fmt.Fprintf(&b, "\n## %s\n", r.name)
		for n, step := range r.steps {
			fmt.Fprintf(&b, "\n%d. %s\n", n+1, step.Title)
			for _, setting := range step.Settings {
				fmt.Fprintf(&b, "   - %s: `%s`\n", setting.Name, setting.Value)
			}
			if step.Detail != "" {
				fmt.Fprintf(&b, "\n   %s\n", step.Detail)
			}
		}
	}
	return b.String()
}

// masVersion and synapseVersion are those that the bundle is made for.
func (p parts) masVersion() maskit.Version {
	return newestUnless(p.site.Versions.MAS, maskit.Supported()[0].MAS)
}

func (p parts) synapseVersion() maskit.Version {
	return newestUnless(p.site.Versions.Synapse, maskit.Supported()[0].Synapse)
}

func newestUnless(given, newest maskit.Version) maskit.Version {
	if given.IsZero() {
		return newest
	}
	return given
}
