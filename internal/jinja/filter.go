package jinja

import "github.com/agnivade/levenshtein"

// findFilter looks a filter up. MAS finds the ones it does not know when it renders.
func (p *parser) findFilter(name string) (filterFunc, error) {
	for _, find := range []func(string) filterFunc{textFilter, numberFilter, itemFilter, codecFilter} {
		if f := find(name); f != nil {
			return f, nil
		}
	}
	switch name {
	case "e", "escape", "safe", "indent", "pprint", "groupby", "chain", "zip", "format", "filesizeformat", "pluralize",
		"truncate", "striptags", "batch", "slice", "sum", "random", "wordcount", "wordwrap", "datetimeformat",
		"dateformat", "timeformat", "xmlattr", "json":
		return nil, p.error(ErrUnsupported, "the filter %q", name)
	}
	return nil, p.error(ErrName, "MAS knows no filter %q%s", name, suggestion(name, filterNames()))
}

func filterNames() []string {
	return []string{
		"upper", "lower", "title", "capitalize", "replace", "trim", "string", "split", "lines", "urlencode", "tojson",
		"length", "count", "default", "bool", "int", "float", "abs", "round", "first", "last", "join", "list", "reverse",
		"sort", "unique", "min", "max", "items", "dictsort", "attr", "map", "select", "reject", "selectattr", "rejectattr",
		"b64decode", "b64encode", "tlvdecode", "from_json",
	}
}

func suggestion(name string, known []string) string {
	best, least := "", 3
	for _, one := range known {
		if d := levenshtein.ComputeDistance(name, one); d < least {
			best, least = one, d
		}
	}
	if best == "" {
		return ""
	}
	return ": did you mean " + best + "?"
}
