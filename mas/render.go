package mas

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// Names of the files that MAS is given.
const (
	configName  = "config.yaml"
	overlayName = "secrets/overlay.yaml"
)

// Render writes the configuration as YAML. The same configuration and options give
// the same bytes, and [Parse] of the files followed by [Config.Inline] gives a
// configuration that is [Config.Equal] to c.
//
// A key or value that the target MAS does not know is an error (code
// "unsupported-by-version"); nothing is ever left out in silence. With an error
// nothing is rendered. Render checks nothing else: call [Config.Validate] first.
//
// Everything that YAML readers could take for another type is quoted, ULIDs and hex
// strings included. No list is ever in two files, because MAS would append them:
// when a list needs an inline secret, its whole section is in the secret overlay.
// No secret file ends with a newline; a secret with white space at its ends stays
// inline, because MAS trims some files and not others.
func Render(c *Config, o RenderOptions) (Rendered, maskit.Problems) {
	if c == nil {
		return Rendered{}, maskit.Problems{{Code: "required", Message: "there is no configuration"}}
	}
	o, problems := o.withDefaults()
	if o.Layout == LayoutSplit {
		c = c.Clone() // in which secrets become references to files
	}
	r := renderer{
		RenderOptions: o, config: c, gate: gate{version: o.MASVersion},
		overlay: map[string]bool{}, names: map[string]bool{overlayName: true},
	}
	c.walk(r.element)
	problems = append(problems, c.positions.fill(r.gate.problems)...)
	if problems.Err() != nil {
		return Rendered{}, problems
	}
	out := r.write()
	problems = append(problems, c.positions.fill(r.problems)...)
	if problems.Err() != nil {
		return Rendered{}, problems
	}
	return out, problems
}

type renderer struct {
	RenderOptions
	config   *Config
	gate     gate            // what the target does not know
	inline   bool            // whether a secret is inline
	overlay  map[string]bool // paths of what goes to the overlay
	names    map[string]bool // of files, to keep them unique
	secrets  []RenderedFile
	problems maskit.Problems
}

// element prepares what is to be written of a value, or for it.
func (r *renderer) element(e element) {
	r.gate.check(e)
	r.externalFile(e)
	r.inline = r.inline || e.isInlineSecret()
	if r.Layout == LayoutSplit {
		r.moveSecret(e)
	}
}

// externalFile notes what MAS will read that is not rendered.
func (r *renderer) externalFile(e element) {
	at := e.path
	switch {
	case e.isPair() && e.value.FieldByName("File").String() != "":
		at = e.filePath
	case e.path != "secrets.keys_dir":
		return
	}
	r.problems = append(r.problems, maskit.Problem{
		Path: at, Code: "not-rendered", Severity: maskit.SeverityInfo,
		Message: "names a file that is not among the rendered ones", Hint: "mount it there yourself",
	})
}

// moveSecret moves an inline secret to a file of its own, or marks it for the overlay.
func (r *renderer) moveSecret(e element) {
	switch v := e.value.Addr().Interface().(type) {
	case *SecretValue:
		if v.Inline.IsZero() {
			return
		}
		if v.File == "" && r.canBeFile(e, v.Inline) {
			*v = SecretValue{File: r.secretFile(e, v.Inline)}
			return
		}
	case *maskit.Secret:
	default:
		return
	}
	if e.inList {
		section, _, _ := strings.Cut(e.path, ".")
		section, _, _ = strings.Cut(section, "[")
		r.overlay[section] = true
		return
	}
	r.overlay[e.path] = true
}

// canBeFile reports whether the target reads the secret from a file, and gets the
// same value from it. A key in DER is binary: its last byte may look like a newline.
func (r *renderer) canBeFile(e element, secret maskit.Secret) bool {
	value, binary := secret.Reveal(), false
	if trimmingOf(*e.StructField) == trimPEM {
		value = trimPEM.apply(value)
		binary = !utf8.ValidString(value)
	}
	return r.gate.knows(e.Tag.Get("filesince")) && value != "" && (binary || value == strings.TrimSpace(value))
}

// secretFile adds a file and returns its path as MAS sees it.
func (r *renderer) secretFile(e element, secret maskit.Secret) string {
	name := r.uniqueName(r.config.secretName(e.path))
	content := trimmingOf(*e.StructField).apply(secret.Reveal())
	r.secrets = append(r.secrets, RenderedFile{Name: name, Secret: true, content: maskit.NewSecret(content)})
	return path.Join(r.Mount, name)
}

func (r *renderer) uniqueName(name string) string {
	unique := name
	for i := 2; r.names[unique]; i++ {
		unique = fmt.Sprintf("%s-%d", name, i)
	}
	r.names[unique] = true
	return unique
}

// write encodes the configuration files.
func (r *renderer) write() Rendered {
	root, err := strictyaml.Build(r.config)
	if err != nil {
		r.notEncodable(err)
		return Rendered{}
	}
	public, overlay := root, (*strictyaml.Node)(nil)
	if r.Layout == LayoutSplit {
		public, overlay = r.divide(root, "")
	}
	secret := r.Layout == LayoutSingle && r.inline
	out := Rendered{Files: []RenderedFile{r.configFile(configName, public, secret)}}
	if overlay != nil {
		out.Files = append(out.Files, r.configFile(overlayName, overlay, true))
	}
	for _, f := range out.Files {
		out.ConfigFiles = append(out.ConfigFiles, f.Name)
	}
	out.Files = append(out.Files, sortedByName(r.secrets)...)
	return out
}

func (r *renderer) configFile(name string, n *strictyaml.Node, secret bool) RenderedFile {
	if n == nil {
		n = &strictyaml.Node{Kind: strictyaml.Mapping}
	}
	header := fmt.Sprintf("Generated by maskit for MAS %d.%d. Do not edit: the next run replaces it.", r.MASVersion.Major, r.MASVersion.Minor)
	data, err := strictyaml.Write(n, header)
	if err != nil {
		r.notEncodable(err)
	}
	return RenderedFile{Name: name, Secret: secret, content: maskit.NewSecret(string(data))}
}

// notEncodable reports a value that YAML cannot hold.
func (r *renderer) notEncodable(err error) {
	problem := maskit.Problem{
		Code: "not-encodable", Message: err.Error(),
		Hint: "keys in DER go to a file of their own, or are converted to PEM; other text must be UTF-8, numbers finite, and free data what JSON can hold",
	}
	if where := (*strictyaml.BuildError)(nil); errors.As(err, &where) {
		problem.Path, problem.Message = where.Path, where.Err.Error()
	}
	r.problems = append(r.problems, problem)
}

// divide splits a mapping into what is public and what goes to the overlay; either is
// nil if nothing is left for it.
func (r *renderer) divide(n *strictyaml.Node, at string) (public, overlay *strictyaml.Node) {
	public, overlay = &strictyaml.Node{Kind: strictyaml.Mapping}, &strictyaml.Node{Kind: strictyaml.Mapping}
	for _, f := range n.Fields {
		child := strictyaml.ChildPath(at, f.Key)
		open, hidden := f.Value, (*strictyaml.Node)(nil)
		switch {
		case r.overlay[child]:
			open, hidden = nil, f.Value
		case f.Value.Kind == strictyaml.Mapping && len(f.Value.Fields) > 0:
			open, hidden = r.divide(f.Value, child)
		}
		if open != nil {
			public.Fields = append(public.Fields, strictyaml.Field{Key: f.Key, Value: open})
		}
		if hidden != nil {
			overlay.Fields = append(overlay.Fields, strictyaml.Field{Key: f.Key, Value: hidden})
		}
	}
	if len(public.Fields) == 0 {
		public = nil
	}
	if len(overlay.Fields) == 0 {
		overlay = nil
	}
	return public, overlay
}

// isInlineSecret reports whether the element is a secret, or a pair that holds one.
func (e element) isInlineSecret() bool {
	switch v := e.value.Addr().Interface().(type) {
	case *SecretValue:
		return !v.Inline.IsZero()
	case *maskit.Secret:
		return !v.IsZero()
	}
	return false
}
