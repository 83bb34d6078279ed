package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/atomicfile"
	"github.com/maskit-dev/maskit/keycloak"
)

// keep writes a secret that only its owner can read.
func keep(file string, secret maskit.Secret) error {
	return atomicfile.Write(file, []byte(secret.Reveal()+"\n"), 0o600)
}

// rotate gives the client a new secret: the file with it stands beside the old one until
// MAS is to use it. A run that was killed is continued by the next one.
func (j job) rotate(ctx context.Context) (int, error) {
	switch {
	case j.secretFile == "" && !j.Client.Secret.IsZero():
		return exitError, errors.New("rotate: the spec holds client.secret itself: put it into a file, and name that as client.secret_file")
	case j.secretFile == "":
		return exitError, errors.New("rotate: the spec has no client with a secret")
	case j.server.url != "" && !j.yes && !j.ask("Make a new secret for client "+j.Client.ID+"?"):
		return exitPlanned, j.print("Nothing was rotated.")
	}
	secret, err := j.next()
	if err != nil {
		return exitError, err
	}
	result, err := j.provisioner.RotateSecret(ctx, keycloak.Rotation{
		Realm: j.Realm.Name, ClientID: j.Client.ID, Secret: secret,
		Store:    func(_ context.Context, secret maskit.Secret) error { return keep(j.nextFile(), secret) },
		Activate: j.activate,
	})
	switch {
	case errors.Is(err, maskit.ErrInvalid), errors.Is(err, maskit.ErrNotFound), errors.Is(err, maskit.ErrUnauthorized), errors.Is(err, maskit.ErrUnsupported):
		return exitError, err // nothing was done
	case err != nil:
		return exitError, fmt.Errorf("%w\nRun rotate again to continue", err)
	}
	if j.json {
		return exitDone, j.printJSON(result)
	}
	return exitDone, j.printRotation(result)
}

func (j job) nextFile() string { return j.secretFile + ".next" }

// next is the secret of a rotation that was killed, or else a new one.
func (j job) next() (maskit.Secret, error) {
	secret, err := maskit.SecretFromFile(j.nextFile())
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	if secret, err = keycloak.NewSecret(rand.Reader); err != nil {
		return maskit.Secret{}, err
	}
	return secret, keep(j.nextFile(), secret)
}

// activate puts the new secret where MAS reads it, and makes MAS do so.
func (j job) activate(ctx context.Context) error {
	if err := os.Rename(j.nextFile(), j.secretFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch words := strings.Fields(j.reload); {
	case len(words) > 0:
		command := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // the user gives it
		command.Stdout, command.Stderr = j.terminal.err, j.terminal.err
		if err := command.Run(); err != nil {
			return fmt.Errorf("-reload: %w", err)
		}
	case j.server.url != "":
		_, _ = fmt.Fprintf(j.terminal.err, "Restart MAS with the new secret in %s, then press Enter: ", j.secretFile)
		if _, err := j.in.ReadString('\n'); err != nil {
			return fmt.Errorf("nobody has said that MAS uses the new secret: %w", err)
		}
	}
	return nil
}

func (j job) printRotation(result *keycloak.RotationResult) error {
	lines := []string{"The new secret of client " + j.Client.ID + " is in " + j.secretFile + "."}
	switch {
	case result.TwoSecrets:
		lines = append(lines, "Both secrets worked until MAS used the new one.")
	case result.Window > 0:
		lines = append(lines, fmt.Sprintf("Keycloak has no two-secret rotation: logins could fail for %s.", result.Window.Round(time.Millisecond)))
	default:
		lines = append(lines, "Keycloak has no two-secret rotation: logins could fail; for how long is not known, since an earlier run began it.")
	}
	return j.print(append(lines, fmt.Sprintf("%s, %s of them.", count(result.Requests, "request"), count(result.Writes, "write")))...)
}
