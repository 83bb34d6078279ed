package jinja

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"sort"
	"strings"
)

// Vars are the variables of a template: strings, booleans, nil, json.Number, the number
// types of Go, []any, []string and map[string]any, as encoding/json makes them.
type Vars map[string]any

// mapping is a value with keys, in the order in which minijinja has them.
type mapping interface {
	get(key value) (value, bool)
	keys() []value
	size() int
}

// object is a mapping of the variables. Its values are converted when they are read.
type object map[string]any

func (o object) get(key value) (value, bool) {
	if key.kind != kindText {
		return value{}, false
	}
	v, ok := o[key.text]
	if !ok {
		return value{}, false
	}
	return convert(v), true
}

func (o object) keys() []value {
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	keys := make([]value, len(names))
	for i, name := range names {
		keys[i] = textOf(name)
	}
	return keys
}

func (o object) size() int { return len(o) }

// dictionary is a mapping that a template made, sorted by its keys.
type dictionary struct {
	sorted []value
	values []value
}

func (d *dictionary) find(key value) (int, bool) {
	return sort.Find(len(d.sorted), func(i int) int { return order(key, d.sorted[i]) })
}

func (d *dictionary) get(key value) (value, bool) {
	if i, ok := d.find(key); ok {
		return d.values[i], true
	}
	return value{}, false
}

func (d *dictionary) set(key, v value) {
	i, ok := d.find(key)
	if ok {
		d.values[i] = v
		return
	}
	d.sorted = slices.Insert(d.sorted, i, key)
	d.values = slices.Insert(d.values, i, v)
}

func (d *dictionary) keys() []value { return d.sorted }
func (d *dictionary) size() int     { return len(d.sorted) }

// namespace is a mapping whose attributes a template can set.
type namespace struct{ dictionary }

// convert makes a value of one of the variables.
func convert(v any) value {
	switch v := v.(type) {
	case nil:
		return value{kind: kindNone}
	case string:
		return textOf(strings.ToValidUTF8(v, "\uFFFD"))
	case bool:
		return boolOf(v)
	case json.Number:
		return numberOf(v.String())
	case float64:
		return jsonFloat(v)
	case int:
		return integerOf(int64(v))
	case int64:
		return integerOf(v)
	case uint64:
		return bigIntegerOf(new(big.Int).SetUint64(v))
	case map[string]any:
		return mappingOf(object(v))
	case []any:
		items := make([]value, len(v))
		for i, one := range v {
			items[i] = convert(one)
		}
		return listOf(items)
	case []string:
		items := make([]value, len(v))
		for i, one := range v {
			items[i] = textOf(one)
		}
		return listOf(items)
	}
	return value{}
}

// jsonFloat is a number whose text is lost: without a fraction it was an integer.
func jsonFloat(f float64) value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return integerOf(int64(f))
	}
	return floatOf(f)
}

// numberOf reads the number of a JSON document as MAS does: an integer of 64 bits,
// with or without sign, or else a float.
func numberOf(s string) value {
	if !strings.ContainsAny(s, ".eE") && s != "-0" {
		n, ok := new(big.Int).SetString(s, 10)
		if ok && (n.IsInt64() || n.IsUint64()) {
			return bigIntegerOf(n)
		}
	}
	f, err := json.Number(s).Float64()
	if err != nil {
		return value{}
	}
	return floatOf(f)
}
