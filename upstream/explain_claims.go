package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

const (
	maxClaims     = 1 << 20
	maxClaimDepth = 64
)

// ParseClaims reads a JSON object of claims. Numbers keep their form, as [json.Number]:
// a large id is not rounded. A key that stands twice is an error, and so is what
// follows the object.
func ParseClaims(data []byte) (map[string]any, error) {
	switch {
	case len(data) > maxClaims:
		return nil, fmt.Errorf("upstream: parse claims: they have more than %d bytes", maxClaims)
	case !utf8.Valid(data):
		return nil, errors.New("upstream: parse claims: they are not in UTF-8")
	}
	r := &claimsReader{decoder: json.NewDecoder(bytes.NewReader(data))}
	r.decoder.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, fmt.Errorf("upstream: parse claims: %w", err)
	}
	claims, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("upstream: parse claims: they are not a JSON object")
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("upstream: parse claims: something follows the object")
	}
	return claims, nil
}

// claimsReader reads token by token, because encoding/json keeps the last of two equal keys.
type claimsReader struct{ decoder *json.Decoder }

func (r *claimsReader) value(depth int) (any, error) {
	if depth > maxClaimDepth {
		return nil, fmt.Errorf("they nest more than %d deep", maxClaimDepth)
	}
	token, err := r.decoder.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("at byte %d: not JSON", r.decoder.InputOffset())
	}
	if n, ok := token.(json.Number); ok {
		if _, err := n.Float64(); err != nil {
			return nil, fmt.Errorf("at byte %d: the number is out of range", r.decoder.InputOffset())
		}
	}
	switch token {
	case json.Delim('{'):
		return r.object(depth)
	case json.Delim('['):
		return r.array(depth)
	}
	return token, nil
}

func (r *claimsReader) object(depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		key, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if _, twice := object[name]; !ok || twice {
			return nil, fmt.Errorf("at byte %d: the key %q stands twice", r.decoder.InputOffset(), name)
		}
		if object[name], err = r.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return object, r.end()
}

func (r *claimsReader) array(depth int) (any, error) {
	array := []any{}
	for r.decoder.More() {
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	return array, r.end()
}

func (r *claimsReader) end() error {
	if _, err := r.decoder.Token(); err != nil {
		return fmt.Errorf("at byte %d: not JSON", r.decoder.InputOffset())
	}
	return nil
}

// problems reports values that JSON does not have.
func (c Claims) problems() maskit.Problems {
	var problems maskit.Problems
	for _, part := range []struct {
		name   string
		claims map[string]any
	}{{"id_token", c.IDToken}, {"userinfo", c.Userinfo}, {"callback_parameters", c.CallbackParameters}} {
		if part.claims != nil && !isJSON(part.claims, 0) {
			problems = append(problems, maskit.Problem{
				Path: "claims." + part.name, Code: "claims-invalid", Message: "holds a value that is not JSON, or nests too deep",
				Hint: "read the claims by ParseClaims",
			})
		}
	}
	return problems
}

func isJSON(v any, depth int) bool {
	switch v := v.(type) {
	case nil, bool, string, int, int64, uint64, []string:
		return true
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case json.Number:
		_, err := v.Float64()
		return err == nil
	case []any:
		return depth <= maxClaimDepth && !slices.ContainsFunc(v, func(one any) bool { return !isJSON(one, depth+1) })
	case map[string]any:
		if depth > maxClaimDepth {
			return false
		}
		for _, one := range v {
			if !isJSON(one, depth+1) {
				return false
			}
		}
		return true
	}
	return false
}
