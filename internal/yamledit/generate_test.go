package yamledit_test

import (
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// generator writes random YAML: mostly right, with everything that a file can
// hold: styles, anchors, aliases, merge keys, comments, odd line ends.
type generator struct {
	t       *rapid.T
	simple  bool     // block style alone, no anchors, no key twice
	anchors []string // defined so far
	maps    []string // those of mappings
	count   int
}

// documents makes random files, some of which are broken.
func documents() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		g := &generator{t: t}
		text := g.pick("", "", "", "\ufeff", "%YAML 1.1\n---\n", "--- # start\n", "# top\n\n") + g.blockMap(0, 3)
		text += g.pick("", "", "...\n", "# end", "\n\n", "...\n# end\n")
		if g.chance(4) {
			text = strings.TrimRight(text, "\n")
		}
		for range g.pickInt(0, 0, 0, 0, 1, 2) {
			text = g.mutate(text)
		}
		switch g.pickInt(0, 1, 2, 3, 4, 5, 6, 7) {
		case 0, 1:
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case 2:
			text = strings.Replace(text, "\n", g.pick("\r", "\r\n", "\u0085", "\u2028", "\u2029"), g.pickInt(1, 2, 3))
		}
		return text
	})
}

// simpleDocuments makes files in block style alone, in which no key stands twice.
func simpleDocuments() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		g := &generator{t: t, simple: true}
		text := g.pick("", "", "\ufeff", "# top\n\n") + g.blockMap(0, 3) + g.blockMap(0, 2) + g.pick("", "# end", "\n\n")
		if g.chance(3) {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		return text
	})
}

func (g *generator) pick(options ...string) string {
	return rapid.SampledFrom(options).Draw(g.t, "pick")
}

func (g *generator) pickInt(options ...int) int {
	return rapid.SampledFrom(options).Draw(g.t, "number")
}

func (g *generator) chance(in int) bool { return rapid.IntRange(1, in).Draw(g.t, "chance") == 1 }

// mutate damages a text at one place.
func (g *generator) mutate(text string) string {
	runes := []rune(text)
	at := rapid.IntRange(0, len(runes)).Draw(g.t, "at")
	end := min(at+g.pickInt(0, 0, 1, 2, 5), len(runes))
	return string(runes[:at]) + g.pick(
		"", " ", "  ", "\n", "\t", ":", ": ", "- ", "-", "#", " # ", "\"", "'", "[", "]", "{", "}", ",", "&x ", "*x", "*a1", "!", "!!str ", "|\n", ">", "?", "? ",
		"---\n", "...\n", "%", "\u2028", "\u0085", "\\", "é", "<<: ", "=", "~", "\n\n", "@",
	) + string(runes[end:])
}

func (g *generator) indent(n int) string { return strings.Repeat(" ", n) }

// between is what may stand between two entries.
func (g *generator) between(indent int) string {
	return g.pick("", "", "", "", "\n", g.indent(indent)+"# note: \"x\n", "# left\t\n", "\n# a\n\n  # b\n", "   \n")
}

func (g *generator) lineEnd() string { return g.pick("\n", "\n", "\n", " # c\n", "  #\tc 'x\n", " \n") }

func (g *generator) key() string {
	g.count++
	if quote := g.pick("", "'", "\""); g.simple {
		return quote + "k" + strconv.Itoa(g.count) + quote
	}
	plain := g.pick("a", "b", "c", "d", "password_config", "enabled", "x-y", "k"+strconv.Itoa(g.count))
	return g.pick(plain, plain, plain, plain, `"`+plain+`"`, "'"+plain+"'", "1", "on", "2001-01-01", "a b", "é", "~", "=", "0x1F", "1.5", `"\u00e9"`)
}

// properties makes an anchor, a tag, both or, mostly, none.
func (g *generator) properties(tag string, isMap bool) string {
	if g.simple || !g.chance(6) {
		return ""
	}
	if g.chance(3) {
		return tag + " "
	}
	g.count++
	name := "a" + strconv.Itoa(g.count)
	g.anchors = append(g.anchors, name)
	if isMap {
		g.maps = append(g.maps, name)
	}
	return g.pick("&"+name+" ", "&"+name+" ", tag+" &"+name+" ", "&"+name+" "+tag+" ")
}

func (g *generator) blockMap(indent, depth int) string {
	var b strings.Builder
	for range rapid.IntRange(1, 4).Draw(g.t, "entries") {
		b.WriteString(g.between(indent) + g.indent(indent))
		switch {
		case len(g.maps) > 0 && g.chance(5):
			b.WriteString("<<: " + g.merge() + g.lineEnd())
		case !g.simple && g.chance(12):
			b.WriteString("? " + g.key() + g.lineEnd() + g.indent(indent) + ":" + g.blockValue(indent, depth))
		default:
			b.WriteString(g.key() + g.pick(":", ":", ":", " :") + g.blockValue(indent, depth))
		}
	}
	return b.String()
}

func (g *generator) merge() string {
	first, second := rapid.SampledFrom(g.maps).Draw(g.t, "merged"), rapid.SampledFrom(g.maps).Draw(g.t, "merged")
	return g.pick("*"+first, "*"+first, "[*"+first+", *"+second+"]", "{b: 1}")
}

// blockValue is what stands behind a colon.
func (g *generator) blockValue(indent, depth int) string {
	switch kind := g.pickInt(0, 1, 2, 3, 4, 5, 6, 7, 8, 9); {
	case kind == 0 && len(g.anchors) > 0, kind == 1 && len(g.anchors) > 0:
		return " *" + rapid.SampledFrom(g.anchors).Draw(g.t, "alias") + g.lineEnd()
	case kind <= 3 && depth > 0:
		more := g.pickInt(1, 2, 2, 4)
		return g.propertyLine("!!map", true) + g.blockMap(indent+more, depth-1)
	case kind <= 5 && depth > 0:
		more := g.pickInt(0, 2, 2, 3)
		return g.propertyLine("!!seq", false) + g.blockList(indent+more, depth-1)
	case kind == 6:
		return " " + g.properties("!!str", false) + g.blockScalar(indent)
	case kind == 7 && !g.simple:
		isMap := g.chance(2)
		if isMap {
			return " " + g.properties("!!map", true) + g.flowMap(depth) + g.lineEnd()
		}
		return " " + g.properties("!!seq", false) + g.flowList(depth) + g.lineEnd()
	case kind == 8 && g.chance(3):
		return g.lineEnd()
	}
	return " " + g.properties("!!str", false) + g.scalar(indent) + g.lineEnd()
}

// propertyLine ends the line above a block collection.
func (g *generator) propertyLine(tag string, isMap bool) string {
	if p := g.properties(tag, isMap); p != "" {
		return " " + strings.TrimSpace(p) + g.lineEnd()
	}
	return g.lineEnd()
}

func (g *generator) blockList(indent, depth int) string {
	var b strings.Builder
	for range rapid.IntRange(1, 4).Draw(g.t, "items") {
		b.WriteString(g.between(indent) + g.indent(indent) + "-")
		switch g.pickInt(0, 1, 2) {
		case 0:
			if depth > 0 {
				inner := g.blockMap(indent+2, depth-1)
				if compact, ok := strings.CutPrefix(inner, g.indent(indent+2)); ok {
					b.WriteString(" " + compact)
					continue
				}
				b.WriteString("\n" + inner)
				continue
			}
			b.WriteString(g.lineEnd())
		default:
			b.WriteString(g.blockValue(indent, 0))
		}
	}
	return b.String()
}

func (g *generator) blockScalar(indent int) string {
	more := g.pickInt(1, 2, 4)
	header := g.pick("|", "|-", "|+", ">", ">-", ">+", "|"+strconv.Itoa(more), ">"+strconv.Itoa(more)+"-", "|+"+strconv.Itoa(more))
	text := header + g.pick("", "", " # c", " ") + "\n"
	for range rapid.IntRange(0, 4).Draw(g.t, "lines") {
		text += g.pick("", g.indent(indent+more)) + g.pick("", "\n", "\n\n") + g.indent(indent+more) + g.pick("text", "a: b # c", "- x", " more", "\ttab", "\"q", "é\u2028z", "x ", " ", "'") + "\n"
	}
	return text
}

func (g *generator) scalar(indent int) string {
	next := "\n" + g.indent(indent+1)
	if !g.simple && g.chance(30) {
		return g.pick("2001-02-30", "=") // of which PyYAML makes nothing
	}
	return g.pick(
		"text", "two words", "1", "0644", "1:30", "on", "No", "~", "null", "1.5", "1e3", "-.inf", "2001-12-14", "2001-12-14 21:59:43.10 -5", "x#y", "a:b", "-x", "?x", "http://x/",
		"one"+next+"two", "one"+next+next+"  two", `"x"`, `"a\tb\x41\u00e9\"#"`, `"one`+next+`two\`+next+`  three"`, `"`+"\t"+`x"`, "'it''s'", "'one"+next+next+"two'", "''", `""`, "é ü", "x\u2028y", "'x\u2029"+next+"y'", "!!int \"5\"", "!!float 1.5", "!!bool \"yes\"", "!!null ''", "\U0001F600",
	)
}

func (g *generator) flowScalar() string {
	if len(g.anchors) > 0 && g.chance(6) {
		return "*" + rapid.SampledFrom(g.anchors).Draw(g.t, "alias") + " "
	}
	return g.properties("!!str", false) + g.pick("x", "two words", "1", "on", "~", `"x, y"`, "'}'", "a\n  b", "1:30", "http://x/", "", "\"x\"\n", "é")
}

func (g *generator) flowSpace() string { return g.pick("", "", " ", "\n  ", " # c, ]\n   ") }

func (g *generator) flowList(depth int) string {
	var parts []string
	for range rapid.IntRange(0, 4).Draw(g.t, "flow items") {
		part := g.flowScalar()
		switch {
		case depth > 0 && g.chance(4):
			part = g.flowList(depth - 1)
		case depth > 0 && g.chance(4):
			part = g.flowMap(depth - 1)
		case g.chance(5):
			part = g.pick("a: b", "? a : b", "\"a\":b", "a: ")
		}
		parts = append(parts, g.flowSpace()+part+g.flowSpace())
	}
	return "[" + strings.Join(parts, ",") + g.pick("", "", ", ") + "]"
}

func (g *generator) flowMap(depth int) string {
	var parts []string
	for range rapid.IntRange(0, 4).Draw(g.t, "flow entries") {
		part := g.key() + ": " + g.flowScalar()
		switch {
		case len(g.maps) > 0 && g.chance(6):
			part = "<<: " + g.merge()
		case depth > 0 && g.chance(4):
			part = g.key() + ": " + g.flowMap(depth-1)
		case depth > 0 && g.chance(4):
			part = g.key() + ": " + g.flowList(depth-1)
		case g.chance(6):
			part = g.pick("? q : 1", "r", "\"s\":1", "t:")
		}
		parts = append(parts, g.flowSpace()+part+g.flowSpace())
	}
	return "{" + strings.Join(parts, ",") + g.pick("", "", ", ") + "}"
}
