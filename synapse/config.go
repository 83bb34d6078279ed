package synapse

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// config is what Synapse loads: files that are merged by top-level key. The
// last file that has a key gives its whole section, also if that is null.
type config []*yamledit.Document

// setting is an entry of the file where it counts.
type setting struct {
	yamledit.Entry

	file int
	item int // that holds it, of the list in the path
}

// load parses the files. It is nil if one of them cannot be read.
func load(files []File) (config, maskit.Problems) {
	var problems maskit.Problems
	docs := make(config, len(files))
	names := map[string]bool{}
	for i, file := range files {
		doc, found := yamledit.Parse(file.Name, file.Data)
		problems, docs[i] = append(problems, found...), doc
		if names[file.Name] {
			problems = append(problems, maskit.Problem{
				Path: file.Name, Code: "duplicate-file", Message: "two files have this name", Hint: "give each file a name of its own",
			})
		}
		names[file.Name] = true
	}
	if len(files) == 0 {
		problems = append(problems, maskit.Problem{Code: "no-files", Message: "there is no configuration file", Hint: "give all files that Synapse loads, in its order"})
	}
	if problems.Err() != nil {
		return nil, problems
	}
	return docs, problems
}

// find looks a setting up by its keys.
func (c config) find(keys ...string) (setting, bool) {
	file := c.owner(keys[0], len(c))
	if file < 0 {
		return setting{}, false
	}
	entry, ok := c[file].Find(keys...)
	return setting{Entry: entry, file: file}, ok
}

// below looks a setting up from the value of another on.
func (c config) below(s setting, keys ...string) (setting, bool) {
	entry, ok := c[s.file].FindBelow(s.Entry, keys...)
	return setting{Entry: entry, file: s.file, item: s.item}, ok
}

// items lists the items of a sequence.
func (c config) items(s setting) []setting {
	entries := c[s.file].Items(s.Entry)
	items := make([]setting, len(entries))
	for i, entry := range entries {
		items[i] = setting{Entry: entry, file: s.file, item: i}
	}
	return items
}

// owner is the last file before a limit that has a top-level key; -1 if none has.
func (c config) owner(key string, limit int) int {
	for i := limit - 1; i >= 0; i-- {
		if _, ok := c[i].Find(key); ok {
			return i
		}
	}
	return -1
}

// checkServerName makes sure that the files are those of the site, if that is known.
func (c config) checkServerName(site maskit.Site) maskit.Problems {
	name, ok := c.find("server_name")
	switch {
	case !ok:
		return maskit.Problems{{
			Path: "server_name", Code: "required", Message: "no file sets the server name, without which Synapse does not start",
			Hint: "give all files that Synapse loads",
		}}
	case site.ServerName != "" && !name.Scalar().IsString(site.ServerName):
		return maskit.Problems{{
			Path: "server_name", Code: "server-name-mismatch", Pos: name.Pos,
			Message: fmt.Sprintf("is not %q, the server name of the site", site.ServerName),
			Hint:    "patch the files of that homeserver, or correct the site; a server name never changes",
		}}
	}
	return nil
}
