package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// MaxSize is the largest file that [Parse] takes, in bytes: 4 MiB, some forty
// times a homeserver.yaml of 3,000 lines. A parsed file takes up to a hundred
// times its size in memory.
const MaxSize = 4 << 20

// Document is one parsed YAML file. It never changes: an edit makes a new one.
type Document struct {
	name string
	text []byte
	root *yaml.Node    // always a mapping; of no position if the file holds nothing
	rows []int         // the offset of the first byte of each line
	long map[int][]int // the long lines; see longLines

	aliases []*yaml.Node // every alias of the document
	anchors bool         // whether there is any
}

// Parse reads a file. The document is nil if there is an error among the
// problems: also if only PyYAML, by which Synapse reads, refuses the file. A file
// that holds nothing is an empty mapping. Duplicate keys, of which Synapse takes
// the last, are warnings. The data is not copied and must not be changed.
func Parse(name string, data []byte) (*Document, maskit.Problems) {
	d := &Document{name: name, text: data}
	if problem := d.checkBytes(); problem != nil {
		return nil, maskit.Problems{*problem}
	}
	d.rows = lineStarts(data)
	d.long = longLines(data, d.rows)
	if problem := d.load(); problem != nil {
		return nil, maskit.Problems{*problem}
	}
	return d.inspect()
}

// Name is the name given to [Parse].
func (d *Document) Name() string { return d.name }

// Bytes returns the text of the document, which must not be changed.
func (d *Document) Bytes() []byte { return d.text }

// Root is the top-level mapping; it is empty if the file holds nothing.
func (d *Document) Root() *yaml.Node { return d.root }

// Pos is where a node stands.
func (d *Document) Pos(n *yaml.Node) maskit.Pos {
	return maskit.Pos{File: d.name, Line: n.Line, Column: n.Column}
}

func (d *Document) checkBytes() *maskit.Problem {
	if len(d.text) > MaxSize {
		p := d.problem("too-large", maskit.Pos{}, "is larger than %d KiB", MaxSize>>10)
		p.Hint = "a homeserver.yaml has a few thousand lines: is this the right file?"
		return p
	}
	if utf8.Valid(d.text) {
		return d.checkMark()
	}
	at := 0
	for at < len(d.text) {
		r, size := utf8.DecodeRune(d.text[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	d.rows = lineStarts(d.text[:at])
	p := d.problem("not-utf8", d.posAt(at), "holds a byte that is not UTF-8")
	p.Hint = "save the file as UTF-8"
	return p
}

// checkMark refuses a byte order mark that does not start the file: it would be
// an unseen part of a key or a value.
func (d *Document) checkMark() *maskit.Problem {
	text := bytes.TrimPrefix(d.text, []byte(bom))
	at := bytes.Index(text, []byte(bom))
	if at < 0 {
		return nil
	}
	at += len(d.text) - len(text)
	d.rows = lineStarts(d.text[:at])
	p := d.problem("byte-order-mark", d.posAt(at), "holds a byte order mark (U+FEFF) that is not its first character")
	p.Hint = "remove it: editors do not show it"
	return p
}

// load parses the text into d.root.
func (d *Document) load() *maskit.Problem {
	decoder := yaml.NewDecoder(bytes.NewReader(d.text))
	node, err := decode(decoder)
	switch {
	case errors.Is(err, io.EOF):
		d.root = &yaml.Node{Kind: yaml.MappingNode}
		return nil
	case err != nil:
		return d.syntaxProblem(err)
	}
	if next, err := decode(decoder); err == nil {
		p := d.problem("multi-document", d.Pos(next), "holds more than one document")
		p.Hint = `keep one: remove the lines that are "---"`
		return p
	} else if !errors.Is(err, io.EOF) {
		return d.syntaxProblem(err)
	}
	d.root = node.Content[0]
	if isEmpty(d.root) {
		d.root = &yaml.Node{Kind: yaml.MappingNode}
	}
	if d.root.Kind != yaml.MappingNode {
		return d.problem("not-a-mapping", d.Pos(d.root), "is not a mapping of keys to values at its top level")
	}
	return nil
}

// decode reads the next document. The parser of yaml.v3 is known to panic on
// some malformed input; that is a syntax error too.
func decode(decoder *yaml.Decoder) (node *yaml.Node, err error) {
	defer func() {
		if recover() != nil {
			node, err = nil, errors.New("yaml: cannot be parsed")
		}
	}()
	node = &yaml.Node{}
	if err := decoder.Decode(node); err != nil {
		return nil, fmt.Errorf("yamledit: parse: %w", err)
	}
	return node, nil
}

// syntaxProblem turns "yaml: line 3: did not find …" into a problem at its
// line. yaml.v3 counts lines from 0 in what its parser, not its scanner, reports.
func (d *Document) syntaxProblem(err error) *maskit.Problem {
	text, pos := err.Error(), maskit.Pos{}
	if m := regexp.MustCompile(`yaml: (?:line (\d+): )?(.*)`).FindStringSubmatch(text); m != nil {
		pos.Line, _ = strconv.Atoi(m[1]) // empty gives 0, unknown
		text = m[2]
	}
	switch expected, ok := strings.CutPrefix(text, "did not find expected "); {
	case !ok || pos.Line == 0:
	case expected == "key", expected == "node content", strings.HasPrefix(expected, "',' or "), expected == "'-' indicator", expected == "<document start>":
		pos.Line++
	}
	message, hint := strictyaml.SyntaxMessage(text)
	p := d.problem("yaml-syntax", pos, "%s", message)
	p.Hint = hint
	return p
}

func (d *Document) problem(code string, pos maskit.Pos, format string, args ...any) *maskit.Problem {
	pos.File = d.name
	return &maskit.Problem{Code: code, Message: fmt.Sprintf(format, args...), Pos: pos}
}

// join appends a key to a YAML path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
