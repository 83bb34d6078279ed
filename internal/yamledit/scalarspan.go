package yamledit

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

func (d *Document) scalarEnd(n *yaml.Node, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return d.quoteEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return d.quoteEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return d.blockScalarEnd(n.Value, at)
	}
	return d.match(n.Value, at)
}

func (d *Document) quoteEnd(at int, quote byte) int {
	if d.text[at] != quote {
		return -1
	}
	for at++; at < len(d.text); at++ {
		switch {
		case quote == '"' && d.text[at] == '\\':
			at++
		case d.text[at] != quote:
		case quote == '\'' && at+1 < len(d.text) && d.text[at+1] == quote:
			at++
		default:
			return at + 1
		}
	}
	return -1
}

// blockScalarEnd finds the end of a literal or folded scalar, whose header
// stands at an offset: that of the line with its last character, and of the
// blank lines behind it that belong to the value.
func (d *Document) blockScalarEnd(value string, header int) int {
	if d.text[header] != '|' && d.text[header] != '>' {
		return -1
	}
	end := d.lineEnd(header)
	tail := value
	if content := strings.TrimRight(value, blanks); content != "" {
		if end = d.match(content, end); end < 0 {
			return -1
		}
		end = d.lineEnd(end)
		tail = cutLine(value[len(content):])
	}
	for lines := lineCount(tail); lines > 0 && end < len(d.text); lines-- {
		next := end + breakAt(d.text, end)
		end = d.lineEnd(next)
		if d.skipBlank(next, false) != end {
			return -1
		}
	}
	return end
}

// breaks are the line breaks that a value can have.
const breaks = "\n\u2028\u2029"

// cutLine drops the first line of a text.
func cutLine(text string) string {
	for i, r := range text {
		if strings.ContainsRune(breaks, r) {
			return text[i+utf8.RuneLen(r):]
		}
	}
	return ""
}

// lineCount is the number of lines of a text, the last of which may have no end.
func lineCount(text string) int {
	count := 0
	for ; text != ""; text = cutLine(text) {
		count++
	}
	return count
}

// blanks are the characters that folding may change.
const blanks = " \t\r\n\u0085\u2028\u2029"

// match walks over the characters of a value that has no escapes, and returns
// the offset after the last. Blanks may differ: lines were folded.
func (d *Document) match(value string, at int) int {
	for _, r := range value {
		if strings.ContainsRune(blanks, r) {
			continue
		}
		for at < len(d.text) && strings.ContainsRune(blanks, d.runeAt(at)) {
			at += utf8.RuneLen(d.runeAt(at))
		}
		if at >= len(d.text) || d.runeAt(at) != r {
			return -1
		}
		at += utf8.RuneLen(r)
	}
	return at
}

func (d *Document) runeAt(at int) rune {
	r, _ := utf8.DecodeRune(d.text[at:])
	return r
}
