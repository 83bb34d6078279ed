package mas

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// maxFileSize bounds what is read of a file that holds a key, a secret or a
// certificate chain.
const maxFileSize = 1 << 20

// imageDir is where the image of MAS has its own files.
const imageDir = "/usr/local/share/mas-cli/"

// read returns the content of a file, as MAS would read it.
func (c *checker) read(at place, name string) (string, bool) {
	info, ok := c.stat(at, name)
	if !ok {
		return "", false
	}
	if info.IsDir() {
		c.fail(at, "file-is-directory", "is a directory", "name the file in it")
		return "", false
	}
	data, err := readFile(c.files, inFS(name))
	switch {
	case errors.Is(err, errNotRegular):
		c.fail(at, "file-not-regular", "is not a regular file", "name the right file")
	case err != nil:
		c.fail(at, "file-unreadable", "cannot be read", "give the user that MAS runs as (65532 in its image) read access")
	case len(data) > maxFileSize:
		c.fail(at, "file-too-large", "is larger than 1 MiB", "name the right file")
	default:
		return string(data), true
	}
	return "", false
}

// directory checks that name is a directory.
func (c *checker) directory(at place, name string) bool {
	info, ok := c.stat(at, name)
	if ok && !info.IsDir() {
		c.fail(at, "file-not-directory", "is not a directory", "name the directory")
		return false
	}
	return ok
}

// stat looks a file up and reports why it cannot be used.
func (c *checker) stat(at place, name string) (fs.FileInfo, bool) {
	if strings.Contains(name, "://") {
		c.fail(at, "file-uri", "is a URI", "write a plain path, such as /etc/mas/secrets/encryption")
		return nil, false
	}
	if c.files == nil {
		c.note(at, "not-checked", "the file was not looked at", "")
		return nil, false
	}
	info, err := fs.Stat(c.files, inFS(name))
	switch {
	case err == nil:
		return info, true
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(name, imageDir):
		c.note(at, "not-checked", "is part of the image of MAS, which was not looked at", "")
	case errors.Is(err, fs.ErrNotExist):
		c.fail(at, "file-missing", "names a file that does not exist", "create it, or correct the path; MAS resolves relative paths from its working directory")
	default:
		c.fail(at, "file-unreadable", "cannot be read", "give the user that MAS runs as (65532 in its image) read access")
	}
	return nil, false
}

// inFS turns a path of the configuration into one of [fs.FS].
func inFS(name string) string {
	return path.Clean(strings.TrimLeft(path.Clean("/"+name), "/"))
}
