package keycloak

import (
	"encoding/json"
	"fmt"
)

// Opt is a setting that may be left alone, for those where Go's zero value is a
// setting like any other. The zero Opt leaves it alone.
type Opt[T any] struct {
	// V is the value, meaningful if Valid.
	V T
	// Valid reports whether the setting is managed.
	Valid bool
}

// Set returns a setting that is managed.
func Set[T any](v T) Opt[T] { return Opt[T]{V: v, Valid: true} }

// IsZero reports whether the setting is left alone.
func (o Opt[T]) IsZero() bool { return !o.Valid }

// Or returns o, or a managed v where o leaves the setting alone.
func (o Opt[T]) Or(v T) Opt[T] {
	if o.Valid {
		return o
	}
	return Set(v)
}

// String returns the value as fmt prints it, or "unset".
func (o Opt[T]) String() string {
	if !o.Valid {
		return "unset"
	}
	return fmt.Sprint(o.V)
}

// MarshalJSON implements [json.Marshaler]: the value, or null.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Valid {
		return []byte("null"), nil
	}
	return json.Marshal(o.V)
}

// UnmarshalJSON implements [json.Unmarshaler]: null leaves the setting alone.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*o = Opt[T]{}
		return nil
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*o = Set(v)
	return nil
}

// Seconds is a duration in whole seconds, as Keycloak takes them.
type Seconds uint32
