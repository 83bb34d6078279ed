package mas

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// Opt is a value that may be absent: a key that is not in the YAML, for which MAS
// applies its own default. It has the shape of [database/sql.Null]. The zero
// value is absent; [Set] makes one that is present.
type Opt[T any] struct {
	// V is the value, meaningful if Valid.
	V T
	// Valid reports whether the key is present.
	Valid bool
}

// Set returns a present value.
func Set[T any](v T) Opt[T] { return Opt[T]{V: v, Valid: true} }

// IsZero reports whether the key is absent.
func (o Opt[T]) IsZero() bool { return !o.Valid }

// Or returns the value, or what stands for an absent one.
func (o Opt[T]) Or(absent T) T {
	if o.Valid {
		return o.V
	}
	return absent
}

// String returns the value as fmt prints it, or "unset".
func (o Opt[T]) String() string {
	if !o.Valid {
		return "unset"
	}
	return fmt.Sprint(o.V)
}

// Seconds is a duration in whole seconds, the only unit in which MAS takes
// durations: "30s" is an error there.
type Seconds uint64

// SecretValue is a secret that MAS reads inline or from a file: one field for the
// two keys, such as client_secret and client_secret_file. At most one may be set.
type SecretValue struct {
	// Inline is the secret itself. [Render] writes it as such in the single layout,
	// and to a file of its own or the secret overlay in the split layout.
	Inline maskit.Secret
	// File is the path of a file that holds it, as MAS sees it. MAS drops white space
	// around some secrets and takes others byte for byte: write it without a final newline.
	File string
}

// IsZero reports whether neither is set.
func (v SecretValue) IsZero() bool { return v.Inline.IsZero() && v.File == "" }

// TextValue is a text that MAS reads inline or from a file, such as a certificate:
// the counterpart of [SecretValue] for what is not secret. At most one may be set.
type TextValue struct {
	// Inline is the text itself.
	Inline string
	// File is the path of a file that holds it, as MAS sees it.
	File string
}

// IsZero reports whether neither is set.
func (v TextValue) IsZero() bool { return v.Inline == "" && v.File == "" }
