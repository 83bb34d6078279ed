package keycloaktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// document is a JSON object.
type document = map[string]any

// holds is what a field of a representation holds.
type holds int

const (
	anything holds = iota
	text
	flag
	number
	list
	texts   // an object of strings
	objects // an object of anything
)

// shape is a representation: its name at Keycloak, and its fields.
type shape struct {
	name   string
	fields map[string]holds
	// lax representations ignore fields that they do not know.
	lax bool
	// open representations have any fields.
	open bool
	// message puts a refusal into the other shape, with this text.
	message string
	// plain refusals of fields are in the words of older releases.
	plain bool
}

func newShape(name string) shape { return shape{name: name, fields: map[string]holds{}} }

// with adds fields, whose names are separated by spaces.
func (s shape) with(kind holds, names string) shape {
	for _, name := range strings.Fields(names) {
		s.fields[name] = kind
	}
	return s
}

func (s shape) anyFields() shape {
	s.open = true
	return s
}

// read decodes the body into c.sent. Fields that are null are left out: for Keycloak
// they say no more than fields that are absent.
func (c *call) read(s shape) (answer, bool) {
	if len(c.body) == 0 {
		return broke(), false
	}
	if mediaType, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); mediaType != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "The content-type header value did not match the value in @Consumes"), false
	}
	s.plain = c.options.Version == V260
	sent, a, good := s.decode(c.body)
	c.sent = sent
	return a, good
}

// readList decodes a body that is a list of representations.
func (c *call) readList(s shape) ([]document, answer, bool) {
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber()
	var sent []document
	if err := decoder.Decode(&sent); err != nil {
		return nil, refuseWhy(http.StatusBadRequest, "invalid_request", "Cannot parse the JSON"), false
	}
	s.plain = c.options.Version == V260
	for i, d := range sent {
		checked, a, good := s.check(d)
		if !good {
			return nil, a, false
		}
		sent[i] = checked
	}
	return sent, answer{}, true
}

func (s shape) decode(body []byte) (document, answer, bool) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var sent document
	err := decoder.Decode(&sent)
	var other *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), err == nil && sent == nil:
		return nil, broke(), false
	case errors.As(err, &other):
		return nil, refuseWhy(http.StatusBadRequest, "unknown_error", "Cannot parse the JSON"), false
	case err == nil:
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return s.check(sent)
		}
	}
	return nil, refuseWhy(http.StatusBadRequest, "invalid_request", "Cannot parse the JSON"), false
}

func (s shape) check(sent document) (document, answer, bool) {
	out := document{}
	for key, value := range sent {
		kind, known := s.fields[key]
		switch {
		case s.open:
		case !known && s.lax:
			continue
		case !known && s.message != "":
			return nil, refuseMessage(http.StatusBadRequest, s.message), false
		case !known && s.plain:
			return nil, refuse(http.StatusBadRequest, fmt.Sprintf("Unrecognized field %q (class %s), not marked as ignorable", key, s.name)), false
		case !known:
			return nil, refuse(http.StatusBadRequest, fmt.Sprintf("Invalid json representation for %s. Unrecognized field %q at line 1 column 1.", s.name, key)), false
		case value == nil:
			continue
		}
		fitting, fits := kind.fit(value)
		if !fits {
			return nil, refuseWhy(http.StatusBadRequest, "unknown_error", "Cannot parse the JSON"), false
		}
		out[key] = fitting
	}
	return out, answer{}, true
}

// fit converts a value as lenient as Keycloak's own decoder is.
func (h holds) fit(value any) (any, bool) {
	switch h {
	case text:
		return scalar(value)
	case flag:
		return boolean(value)
	case number:
		return integer(value)
	case list:
		_, is := value.([]any)
		return value, is
	case texts:
		m, is := value.(document)
		if !is {
			return nil, false
		}
		for key, entry := range m {
			if entry == nil {
				continue
			}
			if m[key], is = scalar(entry); !is {
				return nil, false
			}
		}
		return m, true
	case objects:
		_, is := value.(document)
		return value, is
	}
	return value, true
}

func scalar(value any) (any, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		return v.String(), true
	}
	return nil, false
}

func boolean(value any) (any, bool) {
	switch value {
	case true, "true":
		return true, true
	case false, "false":
		return false, true
	}
	return nil, false
}

func integer(value any) (any, bool) {
	digits, is := value.(json.Number)
	if s, isText := value.(string); isText {
		digits, is = json.Number(s), true
	}
	_, err := digits.Int64()
	return digits, is && err == nil
}

// str returns a string of a document; empty if there is none.
func str(d document, key string) string {
	s, _ := d[key].(string)
	return s
}

// is reports whether a field is true.
func is(d document, key string) bool { return d[key] == true }

// num returns a number of a document; 0 if there is none.
func num(d document, key string) int64 {
	n, _ := d[key].(json.Number)
	v, _ := n.Int64()
	return v
}

// object returns an object of a document; nil if there is none.
func object(d document, key string) document {
	m, _ := d[key].(document)
	return m
}

// strs returns the strings of a list of a document.
func strs(value any) []string {
	items, _ := value.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s, is := item.(string); is {
			out = append(out, s)
		}
	}
	return out
}

// docs returns the objects of a list.
func docs(value any) []document {
	items, _ := value.([]any)
	out := make([]document, 0, len(items))
	for _, item := range items {
		if d, is := item.(document); is {
			out = append(out, d)
		}
	}
	return out
}

func anyList[T any](items []T) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// overlay writes the fields that were sent over those that there are, but for some.
func overlay(into, sent document, but ...string) {
	for key, value := range sent {
		if !slices.Contains(but, key) {
			into[key] = value
		}
	}
}

// mergeTexts changes single entries of a map of strings: "" and null remove one.
func mergeTexts(into, sent document) {
	for key, value := range sent {
		if value == nil || value == "" {
			delete(into, key)
		} else {
			into[key] = value
		}
	}
}

// filled returns the entries of a map of strings that are not empty.
func filled(sent document) document {
	out := document{}
	mergeTexts(out, sent)
	return out
}

func jsonNumber(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
