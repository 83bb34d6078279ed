package discovery

import "strings"

// isLanguageTag reports whether text is well-formed by RFC 5646, section 2.1.
func isLanguageTag(text string) bool {
	text = strings.ToLower(text)
	if isGrandfathered(text) {
		return true
	}
	tag := tagReader{strings.Split(text, "-")}
	if tag.private() {
		return len(tag.rest) == 0
	}
	if !tag.language() {
		return false
	}
	tag.take(isScript)
	tag.take(isRegion)
	for tag.take(isVariant) {
		continue
	}
	for tag.extension() {
		continue
	}
	tag.private()
	return len(tag.rest) == 0
}

// isGrandfathered knows the tags of RFC 5646 that no rule covers, in lower case.
func isGrandfathered(text string) bool {
	switch text {
	case "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo",
		"i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de":
		return true
	}
	return false
}

// tagReader takes a tag apart, subtag by subtag.
type tagReader struct{ rest []string }

func (t *tagReader) take(is func(string) bool) bool {
	if len(t.rest) == 0 || !is(t.rest[0]) {
		return false
	}
	t.rest = t.rest[1:]
	return true
}

// language takes the language with up to three extended subtags.
func (t *tagReader) language() bool {
	short := len(t.rest) > 0 && len(t.rest[0]) <= 3
	if !t.take(func(s string) bool { return isAlpha(s) && len(s) >= 2 && len(s) <= 8 }) {
		return false
	}
	for range 3 {
		if short {
			t.take(func(s string) bool { return isAlpha(s) && len(s) == 3 })
		}
	}
	return true
}

// extension takes a singleton with what follows it.
func (t *tagReader) extension() bool {
	if len(t.rest) < 2 || len(t.rest[0]) != 1 || t.rest[0] == "x" || !isAlphanumeric(t.rest[0]) {
		return false
	}
	after := tagReader{t.rest[1:]}
	part := func(s string) bool { return isAlphanumeric(s) && len(s) >= 2 && len(s) <= 8 }
	if !after.take(part) {
		return false
	}
	for after.take(part) {
		continue
	}
	*t = after
	return true
}

// private takes what follows an x.
func (t *tagReader) private() bool {
	if len(t.rest) < 2 || t.rest[0] != "x" {
		return false
	}
	after := tagReader{t.rest[1:]}
	for after.take(func(s string) bool { return isAlphanumeric(s) && len(s) >= 1 && len(s) <= 8 }) {
		continue
	}
	*t = after
	return true
}

func isScript(s string) bool { return isAlpha(s) && len(s) == 4 }

func isRegion(s string) bool { return isAlpha(s) && len(s) == 2 || isDigits(s) && len(s) == 3 }

func isVariant(s string) bool {
	return isAlphanumeric(s) && (len(s) >= 5 && len(s) <= 8 || len(s) == 4 && s[0] >= '0' && s[0] <= '9')
}

func isAlpha(s string) bool { return consistsOf(s, func(c byte) bool { return c >= 'a' && c <= 'z' }) }

func isDigits(s string) bool { return consistsOf(s, func(c byte) bool { return c >= '0' && c <= '9' }) }

func isAlphanumeric(s string) bool {
	return consistsOf(s, func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' })
}

func consistsOf(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return s != ""
}
