package mas

import (
	"errors"
	"fmt"
	"slices"
)

// checkBlocks checks that every block is closed, in order.
func (t template) checkBlocks() error {
	var open []string
	for _, tag := range t.tags {
		if !tag.statement {
			continue
		}
		word := tag.tokens[0].text
		switch {
		case tag.opensBlock():
			open = append(open, word)
		case slices.Contains([]string{"else", "elif"}, word):
			if len(open) == 0 || !slices.Contains([]string{"if", "for"}, open[len(open)-1]) {
				return fmt.Errorf("has an %s outside of if and for", word)
			}
		case len(word) > 3 && word[:3] == "end":
			if len(open) == 0 || open[len(open)-1] != word[3:] {
				return fmt.Errorf("has an %s that closes nothing", word)
			}
			open = open[:len(open)-1]
		case !slices.Contains([]string{"set", "do", "break", "continue", "raw"}, word):
			return errors.New("has a statement that MAS does not have in claim templates")
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("has an %s without end%s", open[len(open)-1], open[len(open)-1])
	}
	return nil
}

func (t templateTag) opensBlock() bool {
	word := t.tokens[0].text
	if word == "set" { // {% set x %}…{% endset %}, or {% set x = … %}
		return !slices.ContainsFunc(t.tokens, func(tok token) bool { return tok.is("=") })
	}
	return slices.Contains([]string{"if", "for", "with", "filter", "macro", "call", "autoescape"}, word)
}

// checkNames checks that MAS has the filters, methods and functions that are used.
// Sources: minijinja 2.21 with its contrib crate and Python methods, and the
// filters of MAS 1.22.
func (t template) checkNames() error {
	macros := t.macros()
	for _, tag := range t.tags {
		for i, tok := range tag.tokens {
			if tok.kind != tokenName || i == 0 && tag.statement {
				continue
			}
			var before token
			if i > 0 {
				before = tag.tokens[i-1]
			}
			called := i+1 < len(tag.tokens) && tag.tokens[i+1].is("(")
			switch {
			case before.is("|") && !slices.Contains(templateFilters(), tok.text):
				return fmt.Errorf("uses the filter %s, which MAS does not have", tok.text)
			case before.is(".") && called && !slices.Contains(templateMethods(), tok.text):
				return fmt.Errorf("uses the method %s, which MAS does not have", tok.text)
			case called && !before.isAny("|", ".", "is", "not") && !isKeyword(tok.text) && !slices.Contains(macros, tok.text):
				return fmt.Errorf("uses the function %s, which MAS does not have", tok.text)
			}
		}
	}
	return nil
}

// macros are the names that can be called: functions, and what the template defines.
func (t template) macros() []string {
	names := []string{"range", "dict", "debug", "namespace", "cycler", "joiner", "loop", "caller", "super"}
	for _, tag := range t.tags {
		if !tag.statement || len(tag.tokens) < 2 || !tag.tokens[0].isAny("macro", "set") {
			continue
		}
		names = append(names, tag.tokens[1].text)
	}
	return names
}

func isKeyword(word string) bool {
	return slices.Contains([]string{"and", "or", "not", "in", "is", "if", "else", "for", "recursive"}, word)
}

func templateFilters() []string {
	return []string{
		"safe", "escape", "e", "lower", "upper", "title", "capitalize", "replace", "length", "count",
		"dictsort", "items", "reverse", "trim", "join", "split", "lines", "default", "d", "round", "abs",
		"int", "float", "attr", "first", "last", "min", "max", "sort", "list", "string", "bool", "batch",
		"slice", "sum", "indent", "select", "reject", "selectattr", "rejectattr", "map", "groupby",
		"unique", "chain", "zip", "pprint", "format", "tojson", "urlencode",
		"pluralize", "filesizeformat", "truncate", "striptags",
		"b64decode", "b64encode", "tlvdecode", "from_json",
	}
}

func templateMethods() []string {
	return []string{
		"upper", "lower", "islower", "isupper", "isspace", "isdigit", "isnumeric", "isalnum", "isalpha",
		"isascii", "strip", "lstrip", "rstrip", "replace", "title", "split", "splitlines", "capitalize",
		"count", "find", "format", "rfind", "startswith", "endswith", "join", "keys", "values", "items",
		"get", "cycle", "changed", "next",
	}
}
