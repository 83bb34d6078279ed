package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Limits of a document. They are far above what a configuration needs and keep
// hostile input from costing memory or time.
const (
	// MaxBytes is the largest file: 1 MiB, which is also the most that a Kubernetes
	// ConfigMap or Secret can hold.
	MaxBytes = 1 << 20
	// MaxDepth is the deepest nesting, that of serde_yaml.
	MaxDepth = 128
	// MaxNodes is the most values, counted after aliases are expanded.
	MaxNodes = 200_000
)

// Load parses one document. The node is nil if there is none that could be read:
// the file is broken, beyond a limit, or holds no mapping. An empty file gives a
// warning and an empty mapping.
func Load(file string, data []byte) (*Node, maskit.Problems) {
	l := loader{file: file, anchors: map[*yaml.Node]*anchor{}}
	l.load(data)
	if l.problems.Err() != nil && l.fatal {
		return nil, l.problems
	}
	return l.root, l.problems
}

type loader struct {
	file     string
	root     *Node
	fatal    bool
	nodes    int
	anchors  map[*yaml.Node]*anchor
	problems maskit.Problems
}

func (l *loader) load(data []byte) {
	if len(data) > MaxBytes {
		l.fail(maskit.Problem{Code: "too-large", Message: fmt.Sprintf("is larger than %d KiB", MaxBytes>>10), Hint: "a configuration is a few hundred lines: is this the right file?"})
		return
	}
	if !utf8.Valid(data) {
		l.fail(maskit.Problem{Code: "not-utf8", Message: "is not UTF-8", Hint: "save it as UTF-8"})
		return
	}
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		l.report(maskit.Problem{
			Code: "byte-order-mark", Message: "starts with a byte order mark",
			Hint: "save it as UTF-8 without one", Pos: maskit.Pos{Line: 1, Column: 1},
		})
	}
	document, err := parse(data)
	switch {
	case errors.Is(err, io.EOF) || err == nil && document.isEmpty():
		l.root = &Node{Kind: Mapping, Pos: maskit.Pos{File: l.file, Line: 1, Column: 1}}
		l.report(maskit.Problem{
			Code: "empty-file", Severity: maskit.SeverityWarning, Pos: l.root.Pos,
			Message: "holds nothing", Hint: "remove it from the list of files, or fill it",
		})
	case err != nil:
		l.syntax(err, data)
	case document.more:
		l.fail(maskit.Problem{Code: "multi-document", Message: "holds more than one document", Hint: `keep one: remove the lines that are "---"`, Pos: l.pos(document.root)})
	default:
		l.convertRoot(document.root)
	}
}

func (l *loader) convertRoot(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		l.fail(maskit.Problem{Code: "not-a-mapping", Message: "the document is not a mapping of keys to values", Hint: `write it as lines of "key: value"`, Pos: l.pos(n)})
		return
	}
	l.root, _ = l.convert(n, &trail{}, 1)
}

// fail reports that nothing of the document can be used.
func (l *loader) fail(p maskit.Problem) {
	l.fatal = true
	p.Pos.File = l.file
	l.problems = append(l.problems, p)
}

func (l *loader) report(p maskit.Problem) {
	p.Pos.File = l.file
	if len(l.problems) < MaxProblems {
		l.problems = append(l.problems, p)
	}
}

func (l *loader) pos(n *yaml.Node) maskit.Pos {
	return maskit.Pos{File: l.file, Line: n.Line, Column: n.Column}
}

// document is the first document of a file.
type document struct {
	root *yaml.Node
	more bool // another one follows
}

func (d document) isEmpty() bool {
	return !d.more && d.root.Kind == yaml.ScalarNode && d.root.Value == "" && d.root.Style == 0
}

// errParser stands for a panic of the YAML library.
var errParser = errors.New("yaml: the parser gave up")

func parse(data []byte) (d document, err error) {
	// The library has panicked on hostile input before; whatever it is that it
	// cannot read, the caller gets an error.
	defer func() {
		if recover() != nil {
			d, err = document{}, errParser
		}
	}()
	var first, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&first); err != nil {
		return document{}, err
	}
	if len(first.Content) == 0 {
		return document{}, io.EOF
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
		return document{root: first.Content[0]}, nil
	case err != nil:
		return document{}, err
	}
	return document{root: first.Content[0], more: true}, nil
}
