package jinja_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/internal/live"
)

type rres struct{ Text, Error, Badjson *string }

func rust(t *testing.T, cases []live.Rendering) []rres {
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	enc.SetEscapeHTML(false)
	for _, c := range cases {
		_ = enc.Encode(map[string]any{"template": c.Template, "context": c.Context})
	}
	cmd := exec.Command("/tmp/ru2/oracle/target/release/oracle")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []rres
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var r rres
		_ = json.Unmarshal(s.Bytes(), &r)
		all = append(all, r)
	}
	return all
}

func compare(t *testing.T, cases []live.Rendering) {
	bad, refused, agree, errs := 0, 0, 0, 0
	for i, want := range rust(t, cases) {
		got, err := render(cases[i])
		if errors.Is(err, jinja.ErrUnsupported) || errors.Is(err, jinja.ErrLimit) {
			refused++
			continue
		}
		ok := false
		if want.Error != nil {
			ok = err != nil
			errs++
		} else if want.Text != nil {
			ok = err == nil && got == *want.Text
		} else {
			t.Log("badjson", *want.Badjson)
			ok = true
		}
		if ok {
			agree++
			continue
		}
		if bad++; bad < 40 {
			vars, _ := json.Marshal(cases[i].Context)
			w := ""
			if want.Text != nil {
				w = strconv.Quote(*want.Text)
			} else {
				w = "ERR " + *want.Error
			}
			fmt.Printf("%s\n   with %s\n   got  %q %v\n   want %.200s\n", cases[i].Template, vars, got, err, w)
		}
	}
	fmt.Printf("agree %d (errors %d) refused %d bad %d\n", agree, errs, refused, bad)
}

func TestRU2Corpus(t *testing.T) { compare(t, corpus()) }

func TestRU2Extra(t *testing.T) {
	var cases []live.Rendering
	nums := []string{"9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890", "1.0", "1e3", "1e30", "1E400", "-0", "-0.0", "0.10", "1.50e-10", "340282366920938463463374607431768211456"}
	for _, n := range nums {
		for _, e := range []string{"x", "x ~ ''", "[x]", "x + 1", "x * 2", "x | int", "x | string", "x == x", "-x", "x | tojson", "x | length", "x is integer", "x is float", "x | float", "x // 1", "x % 7", "x | abs", "x > 5", "x in [x]", "x | round", "{'a': x}.a"} {
			cases = append(cases, live.Rendering{Template: "{{ " + e + " }}", Context: map[string]any{"x": json.Number(n)}})
		}
	}
	for _, s := range []string{
		"{% for a in [1,2,3] %}{% if a == 2 %}{% break %}{% endif %}{{ a }}{% endfor %}",
		"{% for a in [1,2,3] %}{% if a == 2 %}{% continue %}{% endif %}{{ a }}{% endfor %}",
		"{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1) }}", "{% include 'x' %}", "{% do f() %}", "{% call f() %}{% endcall %}",
		"{% with a = 1 %}{{ a }}{% endwith %}", "{% filter upper %}a{% endfilter %}", "{% set x %}a{% endset %}{{ x }}", "{% autoescape true %}{{ '<' }}{% endautoescape %}",
		"{% raw %}{{ x }}{% endraw %}", "{# c #}a\n", "a\n\n", "\n", "{{ 1 }}\n", "{{ 1 }}\r\n",
	} {
		cases = append(cases, live.Rendering{Template: s, Context: map[string]any{}})
	}
	for _, s := range []string{"", "YQ==", "YQ", "YWI=", "YWI", "YWJj", "YW Jj", "YWJj\n", "YR==", "YR", "__-_", "//+/", "_/", "Cg0wLTM4NS0yODA4OS0wEgRtb2Nr", "CgA", "Cg", "CgFhCgFi", "gAFh", "=", "é", "/w==", "CgL//w=="} {
		for _, e := range []string{"x | b64decode", "x | b64decode | string", "x | b64decode | tlvdecode", "(x | b64decode | tlvdecode)[10]", "(x | b64decode | tlvdecode)[10] | string", "x | b64decode | length", "x | b64encode", "x | b64decode | b64encode", "x | b64decode == 'a'", "x | b64decode ~ ''", "[x | b64decode]", "x | b64decode | lower", "(x | b64decode)[0]", "x | b64decode | tojson", "(x | b64decode | tlvdecode) | length", "x|b64decode|list", "'a' in (x|b64decode)", "x | b64decode | split('a') | list", "(x | b64decode).decode()"} {
			cases = append(cases, live.Rendering{Template: "{{ " + e + " }}", Context: map[string]any{"x": s}})
		}
	}
	for _, s := range []string{`{"a":1}`, `{"a":1,"a":2}`, `[1,2`, ``, `null`, `"x"`, `{"a":18446744073709551616}`, `{"a":1.0}`, ` 1 `, `{"a":"\ud800"}`, `1e999`, `01`, `{"b":1,"a":2}`, "\"a\tb\"", `"\u0000"`, `[[[[[[]]]]]]`, `NaN`, `-0`, `{"a":{"b":null}}`, "\ufeff1", `1 2`} {
		for _, e := range []string{"x | from_json", "(x | from_json).a", "x|from_json|tojson", "(x|from_json) is mapping"} {
			cases = append(cases, live.Rendering{Template: "{{ " + e + " }}", Context: map[string]any{"x": s}})
		}
	}
	compare(t, cases)
}

func pick(r *rand.Rand, s []string) string { return s[r.Intn(len(s))] }

func gen(r *rand.Rand, d int) string {
	if d <= 0 {
		return pick(r, []string{"x", "y", "x.k", "y.k", "x[0]", "'a'", "'@'", "''", "1", "0", "2", "1.5", "none", "true", "false", "[]", "{}", "missing", "user.name", "user.groups", "user.email", "user.nil", "user.a.b", "user['x:y']", "'Ab'", "-1", "[1,'a']", "('a',)", "{'k':1}", "range(3)", "namespace(a=1)", "dict(a=1)"})
	}
	e := func() string { return gen(r, d-1) }
	switch r.Intn(12) {
	case 0, 1:
		return "(" + e() + ") | " + pick(r, []string{"lower", "upper", "trim", "length", "int", "float", "list", "first", "last", "string", "default('d')", "default('d', true)", "tojson", "join(',')", "split('@')", "split('a',1)", "split", "reverse", "sort", "unique", "title", "capitalize", "replace('a','b')", "bool", "abs", "round", "items", "dictsort", "min", "max", "sum", "map('upper')", "map(attribute='k')", "select", "reject('none')", "select('equalto',1)", "selectattr('k')", "rejectattr('k')", "groupby('k')", "escape", "urlencode", "batch(2)", "slice(2)", "b64encode", "b64decode", "from_json", "e", "safe", "indent(2)", "lines", "chain([1])", "zip([1])", "trim('a')", "truncate(length=3)", "striptags", "sort(reverse=true)", "sort(case_sensitive=true)", "default(1)", "count", "pluralize", "filesizeformat", "wordcount", "format(1)", "attr('k')", "keys", "values", "join", "random", "round(1)", "int(5)"})
	case 2:
		return "(" + e() + ")." + pick(r, []string{"lower()", "upper()", "strip()", "lstrip('_')", "rstrip('a')", "split('@')", "split()", "startswith('a')", "endswith('a')", "isdigit()", "isalpha()", "isalnum()", "isascii()", "islower()", "isupper()", "title()", "capitalize()", "replace('a','b')", "find('a')", "count('a')", "join(['a','b'])", "splitlines()", "format(1)", "get('k')", "get('k', 1)", "keys()", "values()", "items()", "rfind('a')", "startswith(('a','b'))", "strip('a')", "isnumeric()", "isspace()", "istitle()", "zfill(3)", "removeprefix('a')", "split('@',1)", "rsplit('@')", "encode()", "index('a')", "swapcase()", "center(9)", "copy()", "pop()", "append(1)"})
	case 3, 4:
		return "(" + e() + ") " + pick(r, []string{"+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or"}) + " (" + e() + ")"
	case 5:
		return "(" + e() + ") is " + pick(r, []string{"defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "sequence", "iterable", "true", "false", "odd", "even", "divisibleby(2)", "startingwith('a')", "endingwith('a')", "containing('a')", "in([1,'a'])", "eq(1)", "sameas(1)", "lower", "upper", "not defined", "not none", "filter", "test", "safe", "escaped", "lt(1)", "ge(1)", "ne('a')"})
	case 6:
		return "(" + e() + ")[" + e() + "]"
	case 7:
		return "(" + e() + ")[" + pick(r, []string{"1:", ":1", ":-1", "::2", "::-1", "-2:", "1:2", "0"}) + "]"
	case 8:
		return "(" + e() + " if " + e() + " else " + e() + ")"
	case 9:
		return pick(r, []string{"not ", "-", ""}) + "(" + e() + ")"
	case 10:
		return "[" + e() + ", " + e() + "]"
	default:
		return "{'a': " + e() + ", 'b': " + e() + "}." + pick(r, []string{"a", "b", "c"})
	}
}

func TestRU2Random(t *testing.T) {
	seed, _ := strconv.ParseInt(os.Getenv("SEED"), 10, 64)
	r := rand.New(rand.NewSource(seed))
	vals := values()
	var cases []live.Rendering
	for range 120000 {
		c := map[string]any{"user": map[string]any{"name": "Alice B", "groups": []any{"a", "b", nil}, "email": "a@b.c", "nil": nil, "x:y": "z"}}
		for _, n := range []string{"x", "y"} {
			if v := vals[r.Intn(len(vals))]; v != (any)(absent{}) {
				c[n] = v
			}
		}
		tpl := "{{ " + gen(r, 1+r.Intn(3)) + " }}"
		switch r.Intn(6) {
		case 0:
			tpl = "{% for c in " + gen(r, 1) + " if " + gen(r, 1) + " %}{{ c }}{{ loop.index0 }}{{ loop.last }};{% else %}E{% endfor %}"
		case 1:
			tpl = "{%- set a = " + gen(r, 2) + " -%} {{ a }}{% if a %}T{% elif " + gen(r, 1) + " %}M{% else %}F{% endif %}"
		case 2:
			tpl = "{% set ns = namespace(o='') %}{% for k, v in (" + gen(r, 1) + ")|items %}{% set ns.o = ns.o ~ k ~ " + gen(r, 1) + " %}{% endfor %}{{ ns.o }}"
		}
		cases = append(cases, live.Rendering{Template: tpl, Context: c})
	}
	compare(t, cases)
}
