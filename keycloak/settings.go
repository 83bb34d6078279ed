package keycloak

import (
	"maps"
	"slices"
)

// settings collects the fields that a part of a spec manages: those that are not at
// their zero value.
type settings []field

func (s *settings) own(want any, path ...string) {
	*s = append(*s, field{path: path, want: want})
}

// text owns a string unless it is empty.
func (s *settings) text(want string, path ...string) {
	if want != "" {
		s.own(want, path...)
	}
}

// optional owns a string that may be managed and empty.
func (s *settings) optional(want Opt[string], path ...string) {
	if want.Valid {
		s.own(want.V, path...)
	}
}

func (s *settings) flag(want Opt[bool], path ...string) {
	if want.Valid {
		s.own(want.V, path...)
	}
}

// flagText owns a flag that Keycloak keeps as text.
func (s *settings) flagText(want Opt[bool], path ...string) {
	if !want.Valid {
		return
	}
	if want.V {
		s.own("true", path...)
		return
	}
	*s = append(*s, field{path: path, want: "false", fine: []any{""}})
}

func (s *settings) seconds(want Seconds, path ...string) {
	if want != 0 {
		s.own(want, path...)
	}
}

// list owns a list, in any order, unless it is nil.
func (s *settings) list(want []string, path ...string) {
	if want != nil {
		*s = append(*s, field{path: path, want: want, set: true})
	}
}

// entries owns some entries of a map, whatever was said about them before: one place with
// two owners would never be as both want it.
func (s *settings) entries(want map[string]string, path ...string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		at := append(slices.Clone(path), key)
		*s = slices.DeleteFunc(*s, func(f field) bool { return slices.Equal(f.path, at) })
		s.own(want[key], at...)
	}
}
