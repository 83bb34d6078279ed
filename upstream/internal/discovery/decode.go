// Package discovery reads the metadata of an OpenID provider as MAS 1.22 does: by
// types that admit nothing else, so that one wrong value anywhere fails every login.
//
// MAS stops at the first defect; [Decode] finds all of them.
package discovery

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/maskit-dev/maskit/upstream/internal/jsonobject"
)

// Path is where the metadata stands below the issuer (OpenID Connect Discovery 1.0, section 4).
const Path = ".well-known/openid-configuration"

// ErrNotObject means that the data is no JSON object.
var ErrNotObject = errors.New("is not a JSON object")

// Defect is one value that MAS cannot read.
type Defect struct {
	// Field is the name in the document.
	Field string
	// Message says what is wrong with it, without quoting the value.
	Message string
}

// Metadata is what could be read of a document.
type Metadata struct {
	texts map[string]string
	lists map[string][]string
	bools map[string]bool
}

// Text returns a text or URL; empty if it is absent.
func (m Metadata) Text(field string) string { return m.texts[field] }

// List returns a list of texts, and whether it is there.
func (m Metadata) List(field string) ([]string, bool) {
	list, ok := m.lists[field]
	return list, ok
}

// Or returns a list, or what is meant where it is absent.
func (m Metadata) Or(field string, absent ...string) []string {
	if list, ok := m.lists[field]; ok {
		return list
	}
	return absent
}

// Bool returns a switch; false if it is absent.
func (m Metadata) Bool(field string) bool { return m.bools[field] }

// Missing are the fields that MAS needs in every mode and that are not there.
func (m Metadata) Missing() []string {
	var missing []string
	for _, field := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		if _, ok := m.texts[field]; !ok {
			missing = append(missing, field)
		}
	}
	for _, field := range []string{"response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"} {
		if _, ok := m.lists[field]; !ok {
			missing = append(missing, field)
		}
	}
	return missing
}

// Decode reads a document. The defects are in the order of the document. The error
// is [ErrNotObject].
func Decode(data []byte) (Metadata, []Defect, error) {
	m := Metadata{texts: map[string]string{}, lists: map[string][]string{}, bools: map[string]bool{}}
	var defects []Defect
	members, ok := jsonobject.Split(data)
	if !ok {
		return m, nil, ErrNotObject
	}
	seen := map[string]bool{}
	for _, member := range members {
		kind := kindOf(member.Name)
		if kind == kindUnknown {
			continue
		}
		message := ""
		switch {
		case seen[member.Name]:
			message = "stands there twice"
		case string(member.Value) != "null":
			message = m.read(member, kind)
		}
		seen[member.Name] = true
		if message != "" {
			defects = append(defects, Defect{Field: member.Name, Message: message})
		}
	}
	return m, defects, nil
}

// read takes one value, or says why MAS does not.
func (m Metadata) read(member jsonobject.Member, kind kind) string {
	var value any
	if json.Unmarshal(member.Value, &value) != nil {
		return "is not JSON"
	}
	switch kind {
	case kindBool, kindHint:
		b, ok := value.(bool)
		m.bools[member.Name] = b
		if !ok && kind == kindBool {
			return "is " + nameOf(value) + " instead of true or false"
		}
		return ""
	case kindText, kindURL:
		text, ok := value.(string)
		if !ok {
			return "is " + nameOf(value) + " instead of a string"
		}
		if kind == kindURL {
			if message := CheckURL(text); message != "" {
				return message
			}
			text = strings.TrimSpace(text)
		}
		m.texts[member.Name] = text
		return ""
	}
	return m.readList(member.Name, value, kind)
}

func (m Metadata) readList(name string, value any, kind kind) string {
	items, ok := value.([]any)
	if !ok {
		return "is " + nameOf(value) + " instead of a list of strings"
	}
	list := make([]string, 0, len(items))
	for _, item := range items {
		text, ok := item.(string)
		switch {
		case !ok:
			return "has " + nameOf(item) + " among its strings"
		case kind == kindLocales && !isLanguageTag(text):
			return "has a value that is not a language tag of BCP 47, such as en-GB"
		case kind == kindResponseTypes && isBlank(text):
			return "has an empty string"
		}
		list = append(list, text)
	}
	m.lists[name] = list
	return ""
}

// nameOf is what a JSON value is called.
func nameOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "a list"
	}
	return "an object"
}
