package jinja

import (
	"strings"
	"unicode"
)

func textFilter(name string) filterFunc {
	switch name {
	case "upper":
		return mapText(upper)
	case "lower":
		return mapText(lower)
	case "title":
		return mapText(title)
	case "capitalize":
		return mapText(capitalize)
	case "string":
		return mapText(func(s string) string { return s })
	case "trim":
		return filterTrim
	case "replace":
		return filterReplace
	case "split":
		return filterSplit
	case "lines":
		return filterLines
	case "urlencode":
		return filterURLEncode
	}
	return nil
}

// mapText makes a filter of a function. It takes every value as it is printed.
func mapText(f func(string) string) filterFunc {
	return func(v value, a *args) (value, error) {
		if err := a.take(0); err != nil {
			return value{}, err
		}
		s, err := a.loose(v)
		if err != nil {
			return value{}, err
		}
		s = f(s)
		return textOf(s), a.run.allocate(len(s))
	}
}

func filterTrim(v value, a *args) (value, error) {
	if err := a.take(1); err != nil {
		return value{}, err
	}
	s, err := a.loose(v)
	if err != nil {
		return value{}, err
	}
	chars := a.at(0)
	if chars.kind <= kindNone {
		return textOf(strings.TrimFunc(s, unicode.IsSpace)), a.run.step()
	}
	cutset, err := a.loose(chars)
	return textOf(strings.Trim(s, cutset)), err
}

func filterReplace(v value, a *args) (value, error) {
	if err := a.take(2); err != nil {
		return value{}, err
	}
	if len(a.positional) < 2 {
		return value{}, failed("an argument is missing")
	}
	var parts [3]string
	for i, one := range []value{v, a.at(0), a.at(1)} {
		var err error
		if parts[i], err = a.loose(one); err != nil {
			return value{}, err
		}
	}
	return replaced(a.run, parts[0], parts[1], parts[2], -1)
}

// replaced charges for the result before it is made.
func replaced(r *run, s, from, to string, limit int) (value, error) {
	n := strings.Count(s, from)
	if limit >= 0 {
		n = min(n, limit)
	}
	if err := r.allocate(len(s) + n*len(to)); err != nil {
		return value{}, err
	}
	return textOf(strings.Replace(s, from, to, limit)), nil
}

func filterSplit(v value, a *args) (value, error) {
	if err := a.take(2); err != nil {
		return value{}, err
	}
	s, err := strict(v)
	if err != nil {
		return value{}, err
	}
	parts, err := split(s, a)
	return iteratorOf(parts, false), err
}

// split is what the filter and the method have in common.
func split(s string, a *args) ([]value, error) {
	separator, given, err := a.optionalText(0)
	if err != nil {
		return nil, err
	}
	limit, err := a.optionalCount(1, -1)
	switch {
	case err != nil:
		return nil, err
	case given && separator == "":
		return nil, unsupported("an empty separator")
	case !given && limit >= 0:
		return nil, unsupported("a limit without a separator")
	}
	var parts []string
	switch {
	case !given:
		parts = strings.FieldsFunc(s, unicode.IsSpace)
	case limit >= 0:
		parts = strings.SplitN(s, separator, limit+1)
	default:
		parts = strings.Split(s, separator)
	}
	return texts(parts), a.run.allocateItems(len(parts))
}

func texts(parts []string) []value {
	values := make([]value, len(parts))
	for i, part := range parts {
		values[i] = textOf(part)
	}
	return values
}

func filterLines(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	s, err := strict(v)
	if err != nil {
		return value{}, err
	}
	parts := lines(s)
	return listOf(texts(parts)), a.run.allocateItems(len(parts))
}

// lines splits at line feeds, before which a carriage return is dropped.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i, part := range parts {
		if i < len(parts)-1 || strings.HasSuffix(s, "\n") {
			parts[i] = strings.TrimSuffix(part, "\r")
		}
	}
	return parts
}

func filterURLEncode(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindUndefined, kindNone:
		return textOf(""), nil
	case kindMapping, kindBytes:
		return value{}, unsupported("%v", v.kind)
	case kindBool, kindInteger, kindFloat, kindText, kindList, kindIterator, kindLoop:
	}
	s, err := a.loose(v)
	if err != nil {
		return value{}, err
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if isNameStart(c) || c >= '0' && c <= '9' || strings.IndexByte("/.-", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	return textOf(b.String()), a.run.allocate(b.Len())
}
