package jinja

import (
	"maps"
	"slices"
	"strings"
)

const (
	maxSteps  = 200_000
	maxMemory = 16 << 20
	itemSize  = 72
)

// Rendering is what a template gave.
type Rendering struct {
	Text string
	// Absent are the claims that the template read although they are missing or null,
	// without their members, in the order of their paths.
	Absent []Absent
	// Null says that a null was printed, as the text "none".
	Null bool
}

// Absent is a claim that is not there.
type Absent struct {
	// Path is where it would stand, such as user.address.country.
	Path string
	// Null says that it is there, but null.
	Null bool
}

// Render renders the template. What it read stands in the rendering even if it fails.
func (t *Template) Render(vars Vars) (Rendering, error) {
	r := &run{vars: object(vars), frames: []frame{{}}}
	err := r.all(t.body)
	rendering := Rendering{Absent: r.absences(), Null: r.null}
	if err == nil {
		rendering.Text = r.out.String()
	}
	return rendering, err
}

// run is one rendering.
type run struct {
	vars   object
	frames []frame
	out    strings.Builder
	steps  int
	memory int
	absent map[string]bool // path → null
	null   bool
	// err is the limit that was exceeded where no error can be returned.
	err error
}

// frame holds what the template set: in the whole of it, or in a loop.
type frame struct {
	names  []string
	values []value
	loop   *loopState
}

func (f *frame) set(name string, v value) {
	if i := slices.Index(f.names, name); i >= 0 {
		f.values[i] = v
		return
	}
	f.names, f.values = append(f.names, name), append(f.values, v)
}

func (r *run) step() error {
	if r.steps++; r.steps > maxSteps && r.err == nil {
		r.err = errLimit("it takes too many steps")
	}
	return r.err
}

// read counts a step for every 256 bytes of strings that are gone through.
func (r *run) read(values ...value) error {
	for i := range values {
		r.steps += len(values[i].text) >> 8
	}
	return r.step()
}

func (r *run) allocate(n int) error {
	if r.memory += n; (r.memory > maxMemory || n < 0) && r.err == nil {
		r.err = errLimit("it takes too much memory")
	}
	return r.err
}

func (r *run) allocateItems(n int) error { return r.allocate(n * itemSize) }

func (r *run) top() *frame { return &r.frames[len(r.frames)-1] }

// lookup finds a variable, in the innermost block first.
func (r *run) lookup(name string) value {
	for i := len(r.frames) - 1; i >= 0; i-- {
		f := &r.frames[i]
		if at := slices.Index(f.names, name); at >= 0 {
			return f.values[at]
		}
		if f.loop != nil && name == "loop" {
			return value{kind: kindLoop, ref: f.loop}
		}
	}
	v, _ := r.vars.get(textOf(name))
	return v
}

// note remembers that a claim was read that is not there.
func (r *run) note(path string, v value) {
	if path == "" || v.kind > kindNone {
		return
	}
	if r.absent == nil {
		r.absent = map[string]bool{}
	}
	r.absent[path] = v.kind == kindNone
}

func (r *run) absences() []Absent {
	var all []Absent
	for _, path := range slices.Sorted(maps.Keys(r.absent)) {
		inner := slices.ContainsFunc(all, func(a Absent) bool {
			rest, ok := strings.CutPrefix(path, a.Path)
			return ok && (rest[0] == '.' || rest[0] == '[')
		})
		if !inner {
			all = append(all, Absent{Path: path, Null: r.absent[path]})
		}
	}
	return all
}
