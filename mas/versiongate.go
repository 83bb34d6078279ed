package mas

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// newestMAS is the version that stands for one that is not given.
func newestMAS(v maskit.Version) maskit.Version {
	if v.IsZero() {
		return maskit.Supported()[0].MAS
	}
	return v
}

func gateOf(elements []element, v maskit.Version) maskit.Problems {
	g := gate{version: v}
	for _, e := range elements {
		g.check(e)
	}
	return g.problems
}

// gate reports every key and value that the MAS does not know. MAS would ignore such a
// key in silence. What lies below a reported key is not reported.
type gate struct {
	version  maskit.Version
	refused  string // the path that was reported last
	problems maskit.Problems
}

func (g *gate) check(e element) {
	if within(e.path, g.refused) {
		return
	}
	since, until := e.Tag.Get("since"), e.Tag.Get("until")
	switch {
	case !g.knows(since):
		g.refuse(e.path, since, "")
	case until != "" && !g.upTo(until):
		g.refuse(e.path, "", until)
	case e.isPair() && e.value.FieldByName("File").String() != "" && !g.knows(e.Tag.Get("filesince")):
		g.report(e.filePath, e.Tag.Get("filesince"), fmt.Sprintf("give the value itself by %s, or upgrade MAS", e.Key))
	default:
		g.values(e.path, e.value)
	}
}

// refuse reports a key and keeps what is below it from being reported.
func (g *gate) refuse(path, since, until string) {
	g.refused = path
	if until != "" {
		g.problems = append(g.problems, maskit.Problem{
			Path: path, Code: "unsupported-by-version", Hint: untilHint(path),
			Message: fmt.Sprintf("is ignored by MAS %s: the last one that knew it was %s", g.version, until),
		})
		return
	}
	g.report(path, since, "remove it, or upgrade MAS")
}

func untilHint(path string) string {
	if path == "branding.logo_uri" {
		return "remove it; a logo needs templates or assets of your own"
	}
	return "remove it"
}

func (g *gate) report(path, since, hint string) {
	g.problems = append(g.problems, maskit.Problem{
		Path: path, Code: "unsupported-by-version", Hint: hint,
		Message: fmt.Sprintf("is not known to MAS %s: it came with %s", g.version, since),
	})
}

// versioned is implemented by the enumerated types of which some values came later.
type versioned interface{ since() string }

// values checks an enumerated value, or a list of them.
func (g *gate) values(path string, v reflect.Value) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String {
		for i := range v.Len() {
			g.values(strictyaml.ItemPath(path, i), v.Index(i))
		}
		return
	}
	if v.Kind() != reflect.String || v.Type().PkgPath() == "" { // a plain string takes any value
		return
	}
	if e, ok := v.Addr().Interface().(versioned); ok && !g.knows(e.since()) {
		g.report(path, e.since(), "use a value that it knows, or upgrade MAS")
	}
}

// knows reports whether the version is the one of the tag, such as "1.7", or newer.
// No tag: every version is.
func (g *gate) knows(since string) bool {
	if since == "" {
		return true
	}
	major, minor := tagVersion(since)
	return g.version.Major > major || g.version.Major == major && g.version.Minor >= minor
}

// upTo reports whether the version is the one of the tag or older.
func (g *gate) upTo(until string) bool {
	major, minor := tagVersion(until)
	return g.version.Major < major || g.version.Major == major && g.version.Minor <= minor
}

// tagVersion reads a version of a struct tag; a test checks that they all parse.
func tagVersion(tag string) (major, minor int) {
	first, second, _ := strings.Cut(tag, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}
