package synapse

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// patchWrites is the hint of what Patch corrects.
const patchWrites = "Patch writes it"

// knownKeys are those of the section. Synapse ignores others.
func knownKeys() []string {
	return []string{"enabled", "endpoint", "secret", "secret_path", "force_http2"}
}

// lintSection reports a section that is missing or not as the Delegate wants it,
// what Synapse does not start with, and what it ignores in silence.
func (d Delegate) lintSection(c config) maskit.Problems {
	section, ok := c.find(sectionKey)
	problems := c.lintNames(ok)
	switch {
	case !ok:
		return append(problems, maskit.Problem{
			Path: sectionKey, Code: "not-delegated", Message: "is missing: Synapse does not delegate to MAS", Hint: patchWrites,
		})
	case section.IsNull():
		return append(problems, section.problem("not-delegated", "is null: Synapse does not delegate to MAS", patchWrites))
	case !section.IsMapping():
		return append(problems, section.problem("wrong-type", "is "+kindName(section.Entry)+", and Synapse does not start with it", patchWrites))
	}
	problems = append(problems, d.lintWanted(c, section)...)
	problems = append(problems, d.lintSecret(c)...)
	problems = append(problems, c.lintOverruled(section)...)
	problems = append(problems, c.lintWorkerFile(section)...)
	return append(problems, d.lintKeys(c, section)...)
}

// problem makes an error about the setting.
func (s setting) problem(code, message, hint string) maskit.Problem {
	return maskit.Problem{Path: s.Path, Code: code, Pos: s.Pos, Message: message, Hint: hint}
}

// lintWanted compares the keys of the section with what they must be.
func (d Delegate) lintWanted(c config, section setting) maskit.Problems {
	var problems maskit.Problems
	for _, w := range d.wanted() {
		current, ok := c.find(sectionKey, w.key)
		switch {
		case !ok:
			p := section.problem("section-differs", w.missing(), patchWrites)
			p.Path += "." + w.key
			problems = append(problems, p)
		case !w.isMetBy(current.Entry):
			code, message := w.judge(current.Entry)
			problems = append(problems, current.problem(code, message, patchWrites))
		}
	}
	return problems
}

// missing says what it means that the key is not there.
func (w wanted) missing() string {
	switch w.key {
	case "enabled":
		return "is missing: Synapse does not delegate to MAS"
	case "endpoint":
		return "is missing, so that Synapse looks for MAS at http://localhost:8080"
	}
	return "is missing"
}

// judge says what is wrong with a value that is not the wanted one. Synapse tells
// no more of what it refuses here than that the section is not valid.
func (w wanted) judge(e yamledit.Entry) (code, message string) {
	want, got := yamledit.Resolve(w.value), e.Scalar()
	switch {
	case got.Kind != want.Kind:
		return "wrong-type", "is " + kindName(e) + ", and Synapse does not start with it"
	case w.key == "enabled":
		return "section-differs", "is false: Synapse does not delegate to MAS"
	case w.key == "endpoint" && !isHTTP(got.Text):
		return "url-invalid", "is not an http or https address, and Synapse does not start with it"
	case w.key == "secret_path" && !strings.HasPrefix(got.Text, "/"):
		return "path-not-absolute", "is not an absolute path, so it depends on where Synapse is started"
	}
	return "section-differs", fmt.Sprintf("is not %v", w.text)
}

func isHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")) && u.Host != ""
}

// isUnwanted reports whether Patch takes the secret key out: the secret belongs
// into a file, and before 1.142 Synapse refuses even null beside secret_path.
func (d Delegate) isUnwanted(secret setting) bool {
	return !secret.IsNull() || d.SynapseVersion.IsZero() || before(d.SynapseVersion, rc1(142))
}

func (d Delegate) lintSecret(c config) maskit.Problems {
	secret, ok := c.find(sectionKey, "secret")
	if !ok || !d.isUnwanted(secret) {
		return nil
	}
	const hint = "Patch removes it; put the secret into the file that secret_path names"
	_, beside := c.find(sectionKey, "secret_path")
	switch s := secret.Scalar(); {
	case s.Kind == yamledit.KindNull:
		return maskit.Problems{secret.problem("secret-null", "is null, which Synapse before 1.142 refuses beside secret_path", "Patch removes it")}
	case s.Kind != yamledit.KindString:
		return maskit.Problems{secret.problem("wrong-type", "is "+kindName(secret.Entry)+", and Synapse does not start with it", hint)}
	case s.Text == "":
		return maskit.Problems{secret.problem("secret-empty", "is empty, and Synapse does not start with it unless secret_path is set", hint)}
	case beside:
		return maskit.Problems{secret.problem("secret-inline", "stands beside secret_path, and Synapse does not start with both", hint)}
	}
	return maskit.Problems{secret.problem("secret-inline", "stands in the configuration, where everyone who may read that can read it", hint)}
}

// lintOverruled warns about secrets in sections that do not count, because a later
// file has the section too. Patch and Overlay leave them as they are.
func (c config) lintOverruled(section setting) maskit.Problems {
	var problems maskit.Problems
	for file, doc := range c[:section.file] {
		secret, ok := doc.Find(sectionKey, "secret")
		if !ok || !secret.Truthy() {
			continue
		}
		p := setting{Entry: secret, file: file}.problem("secret-overruled",
			"stands in the configuration without need: "+c[section.file].Name()+" has the section that counts", "remove it")
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
	}
	return problems
}

// lintWorkerFile warns about a section that other processes do not load.
func (c config) lintWorkerFile(section setting) maskit.Problems {
	doc := c[section.file]
	_, isWorker := doc.Find("worker_app")
	if _, isMain := doc.Find("server_name"); isMain || !isWorker {
		return nil
	}
	p := section.problem("section-in-worker-file",
		"stands in the file of one worker, but every process of Synapse needs it", "move it to the file that all processes load")
	p.Severity = maskit.SeverityWarning
	return maskit.Problems{p}
}

// lintNames reports top-level keys that are misspelt forms of the section's,
// which Synapse ignores: an error, or a warning beside a right one.
func (c config) lintNames(isThere bool) maskit.Problems {
	var problems maskit.Problems
	for file, doc := range c {
		for _, e := range doc.Entries("", doc.Root()) {
			if !isMisspelt(e.Path) {
				continue
			}
			p := setting{Entry: e, file: file}.problem("unknown-key", "Synapse does not know this key and ignores it", fmt.Sprintf("did you mean %q?", sectionKey))
			if isThere {
				p.Severity, p.Hint = maskit.SeverityWarning, "remove it: "+sectionKey+" is there"
			}
			problems = append(problems, p)
		}
	}
	return problems
}

// isMisspelt reports whether a key was meant to be that of the section.
func isMisspelt(key string) bool {
	if key == sectionKey || !strings.ContainsAny(key[:min(1, len(key))], "mM") && !strings.Contains(key, "auth") {
		return false // at once, for all the other keys of a file
	}
	switch plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(key)); plain {
	case "mas", "matrixauth", "matrixauthservice", "masconfig":
		return true
	default:
		return strictyaml.Closest(plain, []string{"matrixauthenticationservice"}) != ""
	}
}

// lintKeys reports keys of the section that Synapse does not know, or that its
// version does not.
func (d Delegate) lintKeys(c config, section setting) maskit.Problems {
	var problems maskit.Problems
	for _, e := range c[section.file].Entries(sectionKey, section.Value) {
		s := setting{Entry: e, file: section.file}
		switch key := strings.TrimPrefix(e.Path, sectionKey+"."); key {
		case "enabled", "endpoint", "secret", "secret_path":
		case "force_http2":
			problems = append(problems, d.lintForceHTTP2(s)...)
		default:
			hint := "remove it; the keys are " + strings.Join(knownKeys(), ", ")
			if closest := strictyaml.Closest(key, knownKeys()); closest != "" {
				hint = fmt.Sprintf("did you mean %q?", closest)
			}
			problems = append(problems, s.problem("unknown-key", "Synapse does not know this key and ignores it", hint))
		}
	}
	for i := 0; i+1 < len(section.Value.Content); i += 2 {
		if kind := yamledit.Resolve(section.Value.Content[i]).Kind; kind != yamledit.KindString && kind != yamledit.KindMerge {
			p := section.problem("wrong-type", "has a key that is not a string, and Synapse does not start with it", "remove the key, or put it into quotes")
			p.Pos = c[section.file].Pos(section.Value.Content[i])
			problems = append(problems, p)
		}
	}
	return problems
}

func (d Delegate) lintForceHTTP2(s setting) maskit.Problems {
	switch {
	case d.ForceHTTP2:
		return nil // written anew
	case before(d.SynapseVersion, sinceForceHTTP2()):
		p := s.problem("unsupported-by-version",
			fmt.Sprintf("Synapse %s ignores this key, which came with %s", d.SynapseVersion, sinceForceHTTP2()), "remove it, or upgrade Synapse")
		p.Severity = maskit.SeverityWarning
		return maskit.Problems{p}
	case s.Scalar().Kind != yamledit.KindBool:
		return maskit.Problems{s.problem("wrong-type", "is not a boolean, and Synapse does not start with it", "write true or false")}
	}
	return nil
}
