// Package jsonobject takes JSON objects apart as a strict decoder does, which refuses a
// name that stands there twice. encoding/json keeps the last.
package jsonobject

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Member is a name with its value.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Split returns the members in the order of the document, the same name more than once if
// it stands there more than once. Without ok the data is no object in UTF-8.
func Split(data []byte) (members []Member, ok bool) {
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, false
	}
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		var value json.RawMessage
		if err != nil || !isName || decoder.Decode(&value) != nil {
			return nil, false
		}
		members = append(members, Member{name, value})
	}
	return members, true
}
