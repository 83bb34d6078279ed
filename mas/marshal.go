package mas

import (
	"errors"
	"fmt"
)

// ErrNotMarshalled is matched by the errors of MarshalYAML and MarshalJSON of [Config] and
// [Identity]: encoders that know nothing of them would write secrets as "[redacted]", and
// values that may be absent as structs.
var ErrNotMarshalled = errors.New("mas: has a writer of its own")

// MarshalYAML fails: use [Render], which writes what MAS reads.
func (Config) MarshalYAML() (any, error) {
	return nil, fmt.Errorf("mas: marshal Config: use Render: %w", ErrNotMarshalled)
}

// MarshalJSON fails: use [Render], which writes what MAS reads.
func (Config) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("mas: marshal Config: use Render: %w", ErrNotMarshalled)
}

// MarshalYAML fails: use [Identity.Encode], which writes what [ParseIdentity] reads.
func (Identity) MarshalYAML() (any, error) {
	return nil, fmt.Errorf("mas: marshal Identity: use Encode: %w", ErrNotMarshalled)
}

// MarshalJSON fails: use [Identity.Encode], which writes what [ParseIdentity] reads.
func (Identity) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("mas: marshal Identity: use Encode: %w", ErrNotMarshalled)
}
