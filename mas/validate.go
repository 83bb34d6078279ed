package mas

import (
	"io/fs"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// ValidateOptions says what [Config.Validate] may look at.
type ValidateOptions struct {
	// FS is the file system as MAS sees it, rooted at "/": a file that the
	// configuration calls "/etc/mas/secrets/encryption" is "etc/mas/secrets/encryption"
	// in FS, and a relative name is taken from the root, as in the image of MAS.
	// Nil: the content of files is not checked, and each key that names one is
	// reported as an info with the code "not-checked".
	FS fs.FS
	// MASVersion is the MAS that will read the configuration. Zero: the newest one
	// that this version of maskit was tested with.
	MASVersion maskit.Version
}

// Validate reports everything that is wrong with the configuration, at once:
// what "mas-cli config check" refuses, what stops MAS at start, what fails only
// when somebody logs in, and what MAS ignores in silence. It opens no connection.
//
// Errors are mistakes: MAS does not start, or something that the configuration
// asks for does not work, or it exposes what must not be. Warnings are legal and
// probably not meant. A Config that has no error starts and serves, as far as
// the configuration alone can tell.
//
// Paths are those of the YAML file, and for a Config that came from [Parse] every
// problem carries the position of its key, or of the nearest section above a key
// that is missing. No problem holds a secret.
//
// What [Parse] has reported is not reported again, so that the two lists can be
// joined: values that it could not take and left out, and values that stand for others.
// It is reported once the value is another one. Of each severity 500 problems are
// reported; a last one then says how many more there are.
//
// A key or value that the MASVersion does not know is an error, since MAS would
// ignore the one and refuse the other. [Render] reports the same.
//
// The rules are those of MAS 1.22: its configuration reference, its schema, and
// its behaviour as observed, plus the syntax of the formats it reads (RFC 3986,
// RFC 5322, RFC 6749, RFC 7517, RFC 7518, the ULID specification).
func (c *Config) Validate(o ValidateOptions) maskit.Problems {
	if c == nil {
		return maskit.Problems{{Code: "required", Message: "there is no configuration"}}
	}
	ck := newChecker(c, o)
	return ck.run(ck.sections())
}

func newChecker(c *Config, o ValidateOptions) *checker {
	said := c.reported.holding(c)
	return &checker{
		config: c, files: o.FS, version: newestMAS(o.MASVersion), unreadable: said.unreadable(),
		elements: c.elements(), scanned: map[string]scanned{}, found: newCollector(c.positions, said.found),
	}
}

func (c *checker) run(sections []func()) maskit.Problems {
	c.found.add(maskit.CheckVersions(c.version, maskit.Version{})...)
	c.found.add(gateOf(c.elements, c.version)...)
	c.found.add(c.config.spellingsOf(c.elements)...)
	for _, section := range sections {
		section()
	}
	return c.found.problems()
}

// checker collects the problems of one configuration.
type checker struct {
	config     *Config
	files      fs.FS
	version    maskit.Version
	elements   []element           // of the configuration
	scanned    map[string]scanned  // that have been looked at
	unreadable paths               // what Parse has left out
	values     map[place]pairValue // known once pairs has run
	signers    signingKeys         // known once secrets has run
	found      *collector
}

// sections are the checks in the order of the file.
func (c *checker) sections() []func() {
	return []func(){
		c.pairs, c.enums, c.http, c.database, c.matrix, c.secrets, c.passwords, c.account, c.email,
		c.upstream, c.clients, c.policy, c.rateLimiting, c.captcha, c.branding, c.telemetry,
		c.templates, c.experimental, c.waysIn,
	}
}

// fail reports a mistake.
func (c *checker) fail(at place, code, message, hint string) {
	c.add(maskit.SeverityError, at, maskit.Problem{Code: code, Message: message, Hint: hint})
}

// warn reports what is legal and probably not meant.
func (c *checker) warn(at place, code, message, hint string) {
	c.add(maskit.SeverityWarning, at, maskit.Problem{Code: code, Message: message, Hint: hint})
}

// note reports what is worth knowing.
func (c *checker) note(at place, code, message, hint string) {
	c.add(maskit.SeverityInfo, at, maskit.Problem{Code: code, Message: message, Hint: hint})
}

func (c *checker) add(severity maskit.Severity, at place, p maskit.Problem) {
	p.Severity, p.Path = severity, string(at)
	c.found.add(p)
}

// required reports a key that must be there and is not.
// Where Parse has said why it could not be read, that is enough.
func (c *checker) required(at place, hint string) {
	if c.unreadable.covers(string(at)) || c.unreadable[string(at)+"_file"] {
		return
	}
	c.fail(at, "required", "is missing", hint)
}

// requiredItems reports a list that is missing or empty.
func (c *checker) requiredItems(at place, missing bool, hint string) {
	if missing {
		c.required(at, hint)
		return
	}
	c.fail(at, "required", "is empty", hint)
}

// noEffect warns about a key that MAS reads and then does not use.
func (c *checker) noEffect(at place, why string) {
	c.warn(at, "no-effect", "has no effect: "+why, "remove it")
}

// misplaced reports a key that does not go with another one.
func (c *checker) misplaced(at place, why string) {
	c.fail(at, "not-allowed", "is not allowed "+why, "remove it")
}

// place is the YAML path of a value.
type place string

func (p place) key(name string) place { return place(strictyaml.ChildPath(string(p), name)) }

func (p place) at(i int) place { return place(strictyaml.ItemPath(string(p), i)) }

// fill sets the position of every problem that has none: that of its path, or of
// the nearest value above it that stands in a file.
func (ps positions) fill(problems maskit.Problems) maskit.Problems {
	for i := range problems {
		if problems[i].Pos.IsZero() {
			problems[i].Pos = ps.nearest(problems[i].Path)
		}
	}
	return problems
}

func (ps positions) nearest(path string) maskit.Pos {
	for path != "" {
		if pos, ok := ps[path]; ok {
			return pos
		}
		path = parentPath(path)
	}
	return maskit.Pos{}
}
