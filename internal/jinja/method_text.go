package jinja

import (
	"strings"
	"unicode"
)

type textMethodFunc func(s string, a *args) (value, error)

func textMethod(name string) textMethodFunc {
	switch name {
	case "upper":
		return plainMethod(upper)
	case "lower":
		return plainMethod(lower)
	case "title":
		return plainMethod(title)
	case "capitalize":
		return plainMethod(capitalize)
	case "islower":
		return runeMethod(isLower)
	case "isupper":
		return runeMethod(isUpper)
	case "isspace":
		return runeMethod(unicode.IsSpace)
	case "isdigit", "isnumeric":
		return runeMethod(unicode.IsNumber)
	case "isalpha":
		return runeMethod(isAlphabetic)
	case "isalnum":
		return runeMethod(func(c rune) bool { return isAlphabetic(c) || unicode.IsNumber(c) })
	case "isascii":
		return runeMethod(func(c rune) bool { return c <= unicode.MaxASCII })
	}
	return partMethod(name)
}

func partMethod(name string) textMethodFunc {
	switch name {
	case "strip":
		return stripMethod(strings.TrimFunc)
	case "lstrip":
		return stripMethod(strings.TrimLeftFunc)
	case "rstrip":
		return stripMethod(strings.TrimRightFunc)
	case "startswith":
		return affixMethod(strings.HasPrefix)
	case "endswith":
		return affixMethod(strings.HasSuffix)
	case "find":
		return findMethod(strings.Index)
	case "rfind":
		return findMethod(strings.LastIndex)
	case "count":
		return countMethod
	case "replace":
		return replaceMethod
	case "split":
		return splitMethod
	case "splitlines":
		return linesMethod
	case "join":
		return joinMethod
	}
	return nil
}

func plainMethod(f func(string) string) textMethodFunc {
	return func(s string, a *args) (value, error) {
		if err := a.take(0); err != nil {
			return value{}, err
		}
		s = f(s)
		return textOf(s), a.run.allocate(len(s))
	}
}

func runeMethod(f func(rune) bool) textMethodFunc {
	return func(s string, a *args) (value, error) { return boolOf(every(s, f)), a.take(0) }
}

func stripMethod(f func(string, func(rune) bool) string) textMethodFunc {
	return func(s string, a *args) (value, error) {
		chars, given, err := a.optionalText(0)
		if err != nil {
			return value{}, err
		}
		drop := unicode.IsSpace
		if given {
			drop = func(c rune) bool { return strings.ContainsRune(chars, c) }
		}
		return textOf(f(s, drop)), a.take(1)
	}
}

// affixMethod takes a string, or a list of them.
func affixMethod(f func(s, affix string) bool) textMethodFunc {
	return func(s string, a *args) (value, error) {
		affix, err := a.needed(0)
		if err != nil {
			return value{}, err
		}
		affixes := []value{affix}
		if isItems(affix) {
			affixes = affix.items()
		}
		for _, one := range affixes {
			part, err := strict(one)
			if err != nil {
				return value{}, err
			}
			if f(s, part) {
				return boolOf(true), a.take(1)
			}
		}
		return boolOf(false), a.take(1)
	}
}

func findMethod(f func(s, part string) int) textMethodFunc {
	return func(s string, a *args) (value, error) {
		part, err := a.text(0)
		if err != nil {
			return value{}, err
		}
		return integerOf(int64(f(s, part))), a.take(1) // in bytes, as in Rust
	}
}

func countMethod(s string, a *args) (value, error) {
	part, err := a.text(0)
	if err != nil {
		return value{}, err
	}
	if part == "" {
		return value{}, unsupported("an empty string")
	}
	return integerOf(int64(strings.Count(s, part))), a.take(1)
}

func replaceMethod(s string, a *args) (value, error) {
	from, err := a.text(0)
	if err != nil {
		return value{}, err
	}
	to, err := a.text(1)
	if err != nil {
		return value{}, err
	}
	limit, err := a.optionalCount(2, -1)
	if err != nil {
		return value{}, err
	}
	if err := a.take(3); err != nil {
		return value{}, err
	}
	return replaced(a.run, s, from, to, limit)
}

func splitMethod(s string, a *args) (value, error) {
	if err := a.take(2); err != nil {
		return value{}, err
	}
	parts, err := split(s, a)
	return listOf(parts), err
}

func linesMethod(s string, a *args) (value, error) {
	if len(a.positional) > 0 {
		return value{}, unsupported("an argument")
	}
	parts := lines(s)
	if err := a.run.allocateItems(len(parts)); err != nil {
		return value{}, err
	}
	return listOf(texts(parts)), a.take(0)
}

func joinMethod(s string, a *args) (value, error) {
	of, err := a.needed(0)
	if err != nil {
		return value{}, err
	}
	if err := a.take(1); err != nil {
		return value{}, err
	}
	items, err := a.run.iterate(of)
	if err != nil {
		return value{}, err
	}
	return a.run.joined(items, s)
}

func isAlphabetic(c rune) bool {
	return unicode.IsLetter(c) || unicode.In(c, unicode.Nl, unicode.Other_Alphabetic)
}
