package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// show writes a value as the template shows it: a string as it is, and in lists and
// mappings quoted as Rust does.
func (r *run) show(v value) (string, error) {
	if v.kind == kindText {
		return v.text, nil
	}
	if v.kind == kindNone {
		r.null = true
	}
	p := printer{run: r}
	p.print(v, false)
	return p.out.String(), p.err
}

// printer stops writing at the first error.
type printer struct {
	run *run
	out strings.Builder
	err error
}

func (p *printer) write(s string) {
	if p.err == nil {
		if p.err = p.run.allocate(len(s)); p.err == nil {
			p.out.WriteString(s)
		}
	}
}

func (p *printer) print(v value, quoted bool) {
	if p.err != nil {
		return
	}
	switch v.kind {
	case kindUndefined:
		if quoted {
			p.write("undefined")
		}
	case kindNone:
		p.write("none")
	case kindBool:
		p.write(strconv.FormatBool(v.number != 0))
	case kindInteger:
		if n, ok := v.ref.(*big.Int); ok {
			p.write(n.String())
		} else {
			p.write(strconv.FormatInt(v.number, 10))
		}
	case kindFloat:
		p.write(formatFloat(v.float, quoted))
	case kindText:
		if quoted {
			p.write(quote(v.text))
		} else {
			p.write(v.text)
		}
	case kindBytes:
		if quoted || !utf8.ValidString(v.text) {
			p.err = unsupported("printing bytes that are no text, or stand in a list or mapping")
		}
		p.write(v.text)
	case kindList:
		p.list(v.items())
	case kindMapping:
		p.mapping(v.mapping())
	case kindIterator:
		if _, sized := v.length(); sized {
			p.list(v.items())
		} else {
			p.write("<iterator>")
		}
	case kindLoop:
		p.err = unsupported("printing the loop")
	}
}

func (p *printer) list(items []value) {
	p.write("[")
	for i, item := range items {
		if i > 0 {
			p.write(", ")
		}
		p.print(item, true)
	}
	p.write("]")
}

func (p *printer) mapping(m mapping) {
	p.write("{")
	for i, key := range m.keys() {
		if i > 0 {
			p.write(", ")
		}
		p.print(key, true)
		p.write(": ")
		item, _ := m.get(key)
		p.print(item, true)
	}
	p.write("}")
}

// formatFloat writes a float as Rust does: with a fraction always, and with an exponent
// only in lists and mappings.
func formatFloat(f float64, quoted bool) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case quoted && f != 0 && (math.Abs(f) >= 1e16 || math.Abs(f) < 1e-4):
		s := strconv.FormatFloat(f, 'e', -1, 64)
		s = strings.Replace(s, "e+0", "e", 1)
		s = strings.Replace(s, "e-0", "e-", 1)
		return strings.Replace(s, "e+", "e", 1)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quote writes a string as Rust's debug format does.
func quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == 0:
			b.WriteString(`\0`)
		case c < utf8.RuneSelf && c >= ' ' && c != 0x7f || isPrinted(c):
			b.WriteRune(c)
		default:
			b.WriteString(`\u{` + strconv.FormatInt(int64(c), 16) + `}`)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func isPrinted(c rune) bool {
	return unicode.IsPrint(c) && !unicode.In(c, unicode.Mn, unicode.Me, unicode.Other_Grapheme_Extend)
}
