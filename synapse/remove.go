package synapse

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// maxRemoved is how many settings are taken out of one section, which costs more
// than linear work. Nobody has a tenth of it.
const maxRemoved = 100

// repair takes settings out of the file where they count. If nothing would be
// left of a section that an earlier file has too, that one would count again as a
// whole: then the section gets a harmless value instead.
func (p *pass) repair(r repair) {
	_, keepsRest := replacement(r.key)
	isRevived := p.config.owner(r.key, r.section.file) >= 0
	switch {
	case isRevived && (r.isWhole() && keepsRest || !r.isWhole() && p.empties(r)):
		p.replace(r)
	case r.isWhole():
		p.drop(r, r.findings[0], r.key)
	case len(r.findings) > maxRemoved:
		p.problems = append(p.problems, r.section.problem("too-many-removals", fmt.Sprintf("has more than %d settings that must go, and Patch leaves them", maxRemoved), "remove them by hand, or use Overlay"))
	default:
		for _, f := range r.findings {
			p.drop(r, f, strings.Split(f.remove, ".")...)
		}
	}
}

// drop takes out what one finding is about.
func (p *pass) drop(r repair, f finding, keys ...string) {
	edits, how, note := p.edits[r.section.file], p.removal(r, f), "commented out by maskit: "+f.reason
	change := maskit.Change{Subject: f.target(), Action: maskit.ActionDelete, Reason: f.reason}
	field := maskit.FieldChange{Path: keys[len(keys)-1], Before: p.removed(r, f)}
	var refused maskit.Problems
	if list, isItem := strings.CutSuffix(f.remove, "[]"); isItem {
		field = maskit.FieldChange{Path: "module", Before: f.before()}
		refused = edits.RemoveItem(how, note, f.at.item, list)
	} else {
		refused = edits.Remove(how, note, keys...)
	}
	change.Fields = []maskit.FieldChange{field}
	p.record(r.section.file, refused, change)
	p.warn(r, f, refused)
}

// replace gives the section its harmless value.
func (p *pass) replace(r repair) {
	value, _ := replacement(r.key)
	refused := p.edits[r.section.file].Set(node(value), r.key)
	p.record(r.section.file, refused, maskit.Change{
		Subject: r.key, Action: maskit.ActionUpdate, Reason: strings.Join(r.reasons(), "; "),
		Fields: []maskit.FieldChange{{Path: r.key, Before: display(r.section.Entry), After: value}},
	})
	for _, f := range r.findings {
		p.warn(r, f, refused)
	}
}

// warn tells what people lose by a change, at the place where the setting stood
// in the files as they came.
func (p *pass) warn(r repair, f finding, refused maskit.Problems) {
	if f.moved == "" || len(refused) > 0 {
		return
	}
	pos := f.at.Pos
	if s, ok := p.original[r.section.file].Find(strings.Split(f.at.Path, ".")...); ok {
		pos = s.Pos
	}
	p.warnings[r.section.file] = append(p.warnings[r.section.file], f.movedWarning(pos))
}

// movedWarning tells what people lose.
func (f finding) movedWarning(pos maskit.Pos) maskit.Problem {
	return maskit.Problem{
		Path: f.at.Path, Code: "moved-to-mas", Severity: maskit.SeverityWarning, Pos: pos,
		Message: "no longer counts, and until MAS does its job, " + f.moved,
		Hint:    "keep the files as they were: PreMigration reads out of them what MAS needs",
	}
}

// empties reports whether a section holds nothing but what is to go, and
// duplicates of that.
func (p *pass) empties(r repair) bool {
	if r.section.Value.Kind == yaml.SequenceNode {
		return len(r.findings) == len(r.section.Value.Content)
	}
	targets := map[string]bool{}
	for _, f := range r.findings {
		targets[f.target()] = true
	}
	entries := p.config[r.section.file].Entries(r.key, r.section.Value)
	stays := func(e yamledit.Entry) bool { return !targets[e.Path] }
	return len(entries) == len(r.section.Value.Content)/2 && !slices.ContainsFunc(entries, stays)
}

// subject is what goes with a finding.
func (p *pass) subject(r repair, f finding) yamledit.Entry {
	switch {
	case f.remove == f.at.Path:
		return f.at.Entry
	case strings.HasSuffix(f.remove, "[]"):
		return p.config.items(r.section)[f.at.item].Entry
	}
	return r.section.Entry
}

// removed is what goes, as a change may show it.
func (p *pass) removed(r repair, f finding) any {
	if f.remove == f.at.Path {
		return f.before()
	}
	return display(p.subject(r, f))
}

// removal says how to take text out: what may hold a secret is deleted. Scalars
// are secret where none belongs, other values if they have keys of that kind.
func (p *pass) removal(r repair, f finding) yamledit.Removal {
	subject := p.subject(r, f).Value
	_, isSecret := f.before().(maskit.Secret)
	if f.remove != f.at.Path || subject.Kind != yaml.ScalarNode {
		isSecret = hasSecret(subject)
	}
	if f.remove != r.key && !strings.HasSuffix(f.remove, "[]") { // with the last setting, or a duplicate, the section goes
		isSecret = isSecret || p.empties(r) && hasSecret(r.section.Value)
	}
	if isSecret || p.delegate.Removal == RemovalDelete {
		return yamledit.Delete
	}
	return yamledit.CommentOut
}

// hasSecret looks for keys that sound like secrets, also duplicates that do not
// count, and for addresses with a password. Aliases count as what they stand for,
// because an edit may write them out; where that is too much, for a secret.
func hasSecret(n *yaml.Node) bool {
	left := maxCopied
	return soundsSecret(n, &left)
}

func soundsSecret(n *yaml.Node, left *int) bool {
	n = yamledit.Deref(n)
	if *left--; *left < 0 {
		return true
	}
	if n.Kind == yaml.ScalarNode {
		return strings.Contains(n.Value, "@") && strings.Contains(n.Value, "://")
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && isSecretKey(n.Content[i-1].Value) && !isBlank(child) {
			return true
		}
		if soundsSecret(child, left) {
			return true
		}
	}
	return false
}

func isBlank(n *yaml.Node) bool {
	s := yamledit.Resolve(n)
	return s.Kind == yamledit.KindNull || s.Kind == yamledit.KindBool || s.Kind == yamledit.KindString && s.Text == ""
}

// isSecretKey errs on the side of secrecy; a path to a secret is none.
func isSecretKey(key string) bool {
	key = strings.ToLower(key)
	if strings.HasSuffix(key, "_path") || strings.HasSuffix(key, "_file") {
		return false
	}
	return slices.ContainsFunc([]string{"secret", "pass", "pwd", "dsn", "macaroon", "token", "key", "jwk", "pepper", "credential", "private", "auth"}, func(word string) bool {
		return strings.Contains(key, word)
	})
}
