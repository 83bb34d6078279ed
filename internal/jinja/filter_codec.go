package jinja

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// codecFilter finds the filters that MAS adds to minijinja, and tojson.
func codecFilter(name string) filterFunc {
	switch name {
	case "b64decode":
		return filterBase64Decode
	case "b64encode":
		return filterBase64Encode
	case "tlvdecode":
		return filterTLVDecode
	case "from_json":
		return filterFromJSON
	case "tojson":
		return filterToJSON
	}
	return nil
}

// filterBase64Decode takes both alphabets of RFC 4648, with and without padding.
func filterBase64Decode(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	s, err := strict(v)
	if err != nil {
		return value{}, err
	}
	if strings.ContainsAny(s, "\r\n") { // which Go would skip
		return value{}, failed("the string is not in base64")
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		if decoded, err := encoding.Strict().DecodeString(s); err == nil {
			return bytesOf(string(decoded)), a.run.allocate(len(decoded))
		}
	}
	return value{}, failed("the string is not in base64")
}

// raw takes bytes, and strings as their bytes.
func raw(v value) (string, error) {
	if v.kind == kindBytes || v.kind == kindText {
		return v.text, nil
	}
	return "", failed("%v stands where bytes are expected", v.kind)
}

func filterBase64Encode(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	s, err := raw(v)
	return textOf(base64.StdEncoding.EncodeToString([]byte(s))), err
}

// filterTLVDecode reads one byte of tag, one of length and the bytes, again and again.
func filterTLVDecode(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	s, err := raw(v)
	if err != nil {
		return value{}, err
	}
	d := &dictionary{}
	for len(s) > 0 {
		if len(s) < 2 || len(s) < 2+int(s[1]) {
			return value{}, failed("the bytes are cut off")
		}
		end := 2 + int(s[1])
		d.set(integerOf(int64(s[0])), bytesOf(s[2:end]))
		s = s[end:]
	}
	return mappingOf(d), a.run.allocateItems(2 * d.size())
}

const maxJSONDepth = 127

func filterFromJSON(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	s, err := strict(v)
	if err != nil {
		return value{}, err
	}
	if err := a.run.allocate(8 * len(s)); err != nil {
		return value{}, err
	}
	if jsonDepth(s) > maxJSONDepth {
		return value{}, unsupported("JSON that nests that deep")
	}
	if strings.Contains(s, `\u`) || !utf8.ValidString(s) {
		// A surrogate alone is an error in Rust and a replacement character in Go.
		if strings.Contains(strings.ToLower(s), `\ud`) {
			return value{}, unsupported("JSON with an escaped surrogate")
		}
	}
	var decoded any
	if json.Unmarshal([]byte(s), &decoded) != nil { // a number out of range, too
		return value{}, failed("the string is not JSON")
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber() // for integers that a float does not hold
	if d.Decode(&decoded) != nil {
		return value{}, failed("the string is not JSON")
	}
	return convert(decoded), nil
}

func jsonDepth(s string) int {
	depth, deepest := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return deepest
}

// filterToJSON is supported for strings, numbers, booleans, null and lists of them.
func filterToJSON(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	plain, err := jsonOf(v, 0)
	if err != nil {
		return value{}, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(plain); err != nil {
		return value{}, failed("it cannot be written as JSON")
	}
	s := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`, "'", `\u0027`).Replace(strings.TrimSuffix(b.String(), "\n"))
	return textOf(s), a.run.allocate(len(s))
}

func jsonOf(v value, depth int) (any, error) {
	switch v.kind {
	case kindUndefined, kindNone:
		return nil, nil
	case kindBool:
		return v.number != 0, nil
	case kindInteger:
		if v.ref == nil {
			return v.number, nil
		}
	case kindText:
		// Go escapes more characters than Rust.
		if strings.ContainsAny(v.text, "\u2028\u2029\x7f\b\f") {
			return nil, unsupported("a control character")
		}
		return v.text, nil
	case kindList:
		if depth > 8 || len(v.items()) > 10_000 {
			return nil, unsupported("a list that large")
		}
		out := make([]any, len(v.items()))
		for i, item := range v.items() {
			var err error
			if out[i], err = jsonOf(item, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case kindFloat, kindBytes, kindMapping, kindIterator, kindLoop:
	}
	return nil, unsupported("%v", v.kind)
}
