package yamledit

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

// bom is the byte order mark that may start a file. It has no column.
const bom = "\ufeff"

// lineStarts gives the offset of the first byte of each line, by YAML 1.1's line breaks.
func lineStarts(text []byte) []int {
	rows := make([]int, 1, bytes.Count(text, []byte("\n"))+1)
	if bytes.HasPrefix(text, []byte(bom)) {
		rows[0] = len(bom)
	}
	isPlain := bytes.IndexByte(text, '\r') < 0 && !bytes.Contains(text, []byte("\u0085")) && !bytes.Contains(text, []byte("\u2028")) && !bytes.Contains(text, []byte("\u2029"))
	for at := 0; at < len(text); {
		if isPlain {
			size := bytes.IndexByte(text[at:], '\n') + 1
			if size == 0 {
				break
			}
			rows = append(rows, at+size)
			at += size
			continue
		}
		size := breakAt(text, at)
		if size > 0 {
			rows = append(rows, at+size)
		}
		at += max(size, 1)
	}
	return rows
}

// every is the distance of the marks of a long line, in characters.
const every = 256

// longLines finds the lines of more than that many bytes, and for those that hold
// more than ASCII, at what offset every so many characters stand.
func longLines(text []byte, rows []int) map[int][]int {
	var long map[int][]int
	for row, start := range rows {
		end := len(text)
		if row+1 < len(rows) {
			end = rows[row+1]
		}
		if end-start <= every {
			continue
		}
		if long == nil {
			long = map[int][]int{}
		}
		long[row] = marks(text[:end], start)
	}
	return long
}

func marks(text []byte, start int) []int {
	if utf8.RuneCount(text[start:]) == len(text)-start {
		return nil
	}
	var marks []int
	for at, column := start, 0; at < len(text); column++ {
		if column%every == 0 {
			marks = append(marks, at)
		}
		_, size := utf8.DecodeRune(text[at:])
		at += size
	}
	return marks
}

// breakAt is the length of the line break at an offset, zero if there is none.
// YAML 1.1 breaks lines at LF, CR, CR LF, NEL, LS and PS.
func breakAt(text []byte, at int) int {
	switch text[at] {
	case '\n':
		return 1
	case '\r':
		if at+1 < len(text) && text[at+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2, 0xE2:
		for _, mark := range []string{"\u0085", "\u2028", "\u2029"} {
			if bytes.HasPrefix(text[at:], []byte(mark)) {
				return len(mark)
			}
		}
	}
	return 0
}

// offset is where a line and column, both counted from 1 and the latter in
// characters, stand in the text; -1 if they stand nowhere.
func (d *Document) offset(line, column int) int {
	if line < 1 || line > len(d.rows) {
		return -1
	}
	at := d.rows[line-1]
	column--
	if marks, ok := d.long[line-1]; ok {
		switch mark := column / every; {
		case marks == nil:
			at, column = at+column, 0
		case mark < len(marks):
			at, column = marks[mark], column%every
		}
	}
	for ; column > 0 && at < len(d.text); column-- {
		if d.text[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, size := utf8.DecodeRune(d.text[at:])
		at += size
	}
	if column > 0 || at > len(d.text) {
		return -1
	}
	return at
}

// row is the index of the line that holds an offset.
func (d *Document) row(at int) int {
	return max(sort.SearchInts(d.rows, at+1)-1, 0)
}

// posAt is the place of an offset.
func (d *Document) posAt(at int) maskit.Pos {
	row := d.row(at)
	column := utf8.RuneCount(d.text[min(d.rows[row], at):at]) + 1
	return maskit.Pos{File: d.name, Line: row + 1, Column: column}
}

// lineStart is the offset of the first byte of the line that holds an offset.
func (d *Document) lineStart(at int) int { return d.rows[d.row(at)] }

// nextLine is the offset just after the line break that ends the line; the end
// of the text if there is none.
func (d *Document) nextLine(at int) int {
	if row := d.row(at) + 1; row < len(d.rows) {
		return d.rows[row]
	}
	return len(d.text)
}

// lineEnd is the offset of the line break that ends the line that holds an offset.
func (d *Document) lineEnd(at int) int {
	for at < len(d.text) && breakAt(d.text, at) == 0 {
		at++
	}
	return at
}

// skipBlank is the offset of the first byte at or after an offset that is no
// space, tab or, if lines is set, line break or comment.
func (d *Document) skipBlank(at int, lines bool) int {
	for at < len(d.text) {
		size := breakAt(d.text, at)
		switch {
		case d.text[at] == ' ' || d.text[at] == '\t':
			at++
		case lines && size > 0:
			at += size
		case lines && d.text[at] == '#':
			at = d.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// newline is the line break for inserted lines: that of the first line, if it is
// CR LF or CR, else LF.
func (d *Document) newline() string {
	end := d.lineEnd(0)
	if end < len(d.text) && d.text[end] == '\r' {
		return string(d.text[end : end+breakAt(d.text, end)])
	}
	return "\n"
}
