package mas

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Inline returns a copy in which every file that a *_file key names is replaced by
// its content, trimmed as MAS trims it (MAS 1.22), and the files of secrets.keys_dir
// are entries of secrets.keys. What could not be read is reported and stays a reference;
// so does a file that stands beside the value itself, because one of them is a mistake.
//
// fsys is the file system as MAS sees it, rooted at "/", as in [ValidateOptions].
func (c *Config) Inline(fsys fs.FS) (*Config, maskit.Problems) {
	if c == nil {
		return nil, maskit.Problems{{Code: "required", Message: "there is no configuration"}}
	}
	in := inliner{files: fsys, config: c.Clone()}
	in.config.walk(in.pair)
	in.keysDir()
	return in.config, c.positions.fill(in.problems)
}

type inliner struct {
	files    fs.FS
	config   *Config
	problems maskit.Problems
}

func (in *inliner) pair(e element) {
	if !e.isPair() {
		return
	}
	file := e.value.FieldByName("File").String()
	switch {
	case file == "":
		return
	case !e.value.FieldByName("Inline").IsZero():
		in.report(e.path, "both-set", "stands beside "+e.FileKey, "keep one of the two")
		return
	}
	content, ok := in.read(e.filePath, file)
	if !ok {
		return
	}
	content = trimmingOf(*e.StructField).apply(content)
	switch v := e.value.Addr().Interface().(type) {
	case *SecretValue:
		*v = SecretValue{Inline: maskit.NewSecret(content)}
	case *TextValue:
		*v = TextValue{Inline: content}
	}
}

// keysDir puts the keys of the directory before the others, where MAS has them.
func (in *inliner) keysDir() {
	secrets := &in.config.Secrets
	if secrets.KeysDir == "" {
		return
	}
	const at = "secrets.keys_dir"
	if in.files == nil {
		in.report(at, "not-checked", "cannot be read: no file system was given", "")
		return
	}
	entries, err := fs.ReadDir(in.files, inFS(secrets.KeysDir))
	if err != nil {
		in.unreadable(at, secrets.KeysDir, err)
		return
	}
	var found []SigningKey
	for _, entry := range entries {
		name := path.Join(secrets.KeysDir, entry.Name())
		info, err := fs.Stat(in.files, inFS(name)) // follows the links of Kubernetes volumes
		switch {
		case err != nil:
			in.unreadable(at, name, err)
			return
		case info.IsDir():
			continue
		}
		content, ok := in.read(at, name)
		if !ok {
			return
		}
		found = append(found, SigningKey{Key: SecretValue{Inline: maskit.NewSecret(trimPEM.apply(content))}})
	}
	secrets.Keys, secrets.KeysDir = slices.Concat(found, secrets.Keys), ""
}

// read returns the content of a file. Its size is bounded like that of a configuration file.
func (in *inliner) read(at, name string) (string, bool) {
	switch {
	case strings.Contains(name, "://"):
		in.report(at, "file-uri", "is a URI", "write a plain path, such as /etc/mas/secrets/encryption")
		return "", false
	case in.files == nil:
		in.report(at, "not-checked", "cannot be read: no file system was given", "")
		return "", false
	}
	data, err := readFile(in.files, inFS(name))
	switch {
	case err != nil:
		in.unreadable(at, name, err)
		return "", false
	case len(data) > maxFileSize:
		in.report(at, "file-too-large", name+" is larger than 1 MiB", "name the right file")
		return "", false
	}
	return string(data), true
}

// unreadable says which file cannot be read, and why.
func (in *inliner) unreadable(at, name string, err error) {
	if !path.IsAbs(name) {
		name = fmt.Sprintf("%s, taken from /,", name)
	}
	switch {
	case errors.Is(err, errDirectory):
		in.report(at, "file-is-directory", name+" is a directory", "name the file in it")
	case errors.Is(err, errNotRegular):
		in.report(at, "file-not-regular", name+" is not a regular file", "name the right file")
	case errors.Is(err, fs.ErrNotExist):
		in.report(at, "file-missing", name+" does not exist", "create it, or correct the path; MAS resolves relative paths from its working directory")
	default:
		in.report(at, "file-unreadable", fmt.Sprintf("%s cannot be read: %v", name, reason(err)), "check that it is a file, and its permissions")
	}
}

// reason is the error of the operating system alone: the path stands before it.
func reason(err error) error {
	if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func (in *inliner) report(at, code, message, hint string) {
	in.problems = append(in.problems, maskit.Problem{Path: at, Code: code, Message: message, Hint: hint})
}
