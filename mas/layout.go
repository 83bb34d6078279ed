package mas

import (
	"path"

	"github.com/maskit-dev/maskit"
)

// Layout says how [Render] distributes a configuration over files.
type Layout string

// The layouts.
const (
	// LayoutSplit keeps secrets apart: config.yaml is public; each secret that the
	// target MAS can read from a file of its own is one, below secrets/; what is
	// left of the secrets is secrets/overlay.yaml, a second configuration file. This
	// is the zero value's meaning.
	LayoutSplit Layout = "split"
	// LayoutSingle writes one file, config.yaml, with all secrets in it.
	LayoutSingle Layout = "single"
)

// RenderOptions says how [Render] writes. The zero value is the split layout for
// the newest MAS that was tested, below /etc/mas.
type RenderOptions struct {
	// Layout distributes the configuration over files. Default: [LayoutSplit].
	Layout Layout
	// MASVersion is the MAS that will read the files. Default: the newest one that
	// this version of maskit was tested with.
	MASVersion maskit.Version
	// Mount is the directory in which MAS sees the files, an absolute path. Default: /etc/mas.
	Mount string
}

// withDefaults returns the options with the defaults filled in, and what is wrong with them.
func (o RenderOptions) withDefaults() (RenderOptions, maskit.Problems) {
	var problems maskit.Problems
	if o.Layout == "" {
		o.Layout = LayoutSplit
	}
	if o.Layout != LayoutSplit && o.Layout != LayoutSingle {
		problems = append(problems, maskit.Problem{Path: "layout", Code: "invalid-value", Message: "must be one of split, single"})
	}
	o.MASVersion = newestMAS(o.MASVersion)
	if o.Mount == "" {
		o.Mount = "/etc/mas"
	}
	if !path.IsAbs(o.Mount) {
		problems = append(problems, maskit.Problem{
			Path: "mount", Code: "path-not-absolute", Message: "is not an absolute path",
			Hint: "MAS takes relative paths from its working directory; write one that starts with /",
		})
	}
	return o, problems
}

// Rendered is a configuration as files.
type Rendered struct {
	// Files are all files, the configuration files first, then the others by name.
	Files []RenderedFile
	// ConfigFiles are the names of those that MAS is to be given by -c, in this order.
	ConfigFiles []string
}

// RenderedFile is one file of a rendered configuration.
type RenderedFile struct {
	// Name is the path below the mount: "config.yaml", "secrets/encryption". The part
	// after "secrets/" holds only a-z, 0-9, "-" and one ".", so it is a valid key of a
	// Kubernetes Secret.
	Name string
	// Secret says that the file holds a secret: mode 0600, a Secret and not a ConfigMap.
	Secret bool

	content maskit.Secret // never printed, be the file secret or not
}

// Data returns the content, secrets included: write it, do not print it.
func (f RenderedFile) Data() []byte { return []byte(f.content.Reveal()) }
