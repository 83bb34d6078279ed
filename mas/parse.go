package mas

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// Parse reads a configuration from one or several files, which it merges as MAS
// does (MAS 1.22, admerge): mappings deeply, scalars replaced by the later file,
// lists appended. The environment, which MAS reads below its files, is not read.
//
// The error means that a file could not be opened or read, or that none was
// named; MAS itself takes a missing file for an empty one. Everything else is a
// problem: YAML that is broken or hostile, keys that MAS would ignore, values of the
// wrong type, spellings that circulate in guides. They are reported all at once,
// each with file, line, path and fix, and without the value, which may be a
// secret. What could not be read is absent from the Config. [Config.Validate] does
// not repeat what Parse has reported, so that the two lists can be joined.
//
// A file may hold 1 MiB, 200,000 values and 128 levels. No more than some 500 problems
// are reported, with one that says how many more there are.
func Parse(fsys fs.FS, names ...string) (*Config, maskit.Problems, error) {
	if len(names) == 0 {
		return nil, nil, errors.New("mas: parse: no file named")
	}
	root, problems, err := load(fsys, names)
	if err != nil {
		return nil, nil, err
	}
	c := &Config{}
	if root == nil {
		return c, problems, nil
	}
	where, found := strictyaml.Decode(root, c, strictyaml.Options{Enum: enumValues})
	c.positions = where
	all := newCollector(where, nil)
	all.add(problems...)
	all.add(explain(found)...)
	all.add(c.spellings()...)
	all.kept = all.kept.Sorted()
	problems = all.problems()
	c.reported = reportsOf(problems, c)
	return c, problems, nil
}

// load reads and merges the files.
func load(fsys fs.FS, names []string) (*strictyaml.Node, maskit.Problems, error) {
	var root *strictyaml.Node
	var problems maskit.Problems
	for _, name := range names {
		data, err := readFile(fsys, name)
		if err != nil {
			return nil, nil, fmt.Errorf("mas: parse: %w", err)
		}
		node, found := strictyaml.Load(name, data)
		problems = append(problems, explainFile(found)...)
		switch {
		case node == nil:
		case root == nil:
			root = node
		default:
			root = strictyaml.Merge(root, node, func(d strictyaml.Doubled) {
				problems = append(problems, doubledList(d))
			})
		}
	}
	return root, problems, nil
}

// Why what stands at a path cannot be read to its end.
var (
	errDirectory  = errors.New("is a directory")
	errNotRegular = errors.New("is not a regular file") // a pipe, a device
)

// readFile reads a file, but no more than the parser accepts, so that a huge one
// costs no memory, and nothing that has no end or blocks.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s %w", name, errDirectory)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s %w", name, errNotRegular)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, strictyaml.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

func doubledList(d strictyaml.Doubled) maskit.Problem {
	return maskit.Problem{
		Path: d.Path, Code: "doubled-list", Severity: maskit.SeverityWarning, Pos: d.Second.Pos,
		Message: fmt.Sprintf("adds to the list at %s: MAS appends lists of several files, it does not replace them", d.First.Pos),
		Hint:    "keep the whole list in one file",
	}
}

// enumerated is implemented by the string types that have a fixed set of values.
type enumerated interface{ values() []string }

// enumValues returns the values of an enumerated type, nil for any other.
func enumValues(t reflect.Type) []string {
	if e, ok := reflect.Zero(t).Interface().(enumerated); ok {
		return e.values()
	}
	return nil
}
