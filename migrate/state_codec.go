package migrate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/maskit-dev/maskit"
)

// stateFormat is the newest [State.Format] that this program reads, and the one it writes.
const stateFormat = 1

// maxState is the most that a state may take, in bytes, so that every [Store] can hold
// it: a Kubernetes ConfigMap takes 1 MiB.
const maxState = 500 << 10

// EncodeState returns new as the successor of old: JSON with its format, and the revision
// of old plus one. It is an error if that is more than every [Store] can hold.
func EncodeState(old, new State) ([]byte, error) {
	new.Format, new.Revision = stateFormat, old.Revision+1
	data, err := json.MarshalIndent(new, "", "  ")
	if err != nil {
		return nil, err
	}
	if len(data) >= maxState {
		return nil, fmt.Errorf("it would take %d bytes, and the most is %d", len(data)+1, maxState)
	}
	return append(data, '\n'), nil
}

// DecodeState reads what [EncodeState] wrote. It is strict: what it does not understand, it
// must not drop, because the next Save would. A newer format matches [maskit.ErrUnsupported].
// No error quotes a value.
func DecodeState(data []byte) (State, error) {
	if len(data) > maxState {
		return State{}, fmt.Errorf("it has more than %d bytes, so it is not the state of a migration", maxState)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return State{}, fmt.Errorf("it is not the state of a migration, or was cut off: %w", plainJSONError(err))
	}
	if head.Format != stateFormat {
		return State{}, fmt.Errorf("it has format %d, and this program reads %d: use the program that wrote it: %w",
			head.Format, stateFormat, maskit.ErrUnsupported)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var state State
	if err := decoder.Decode(&state); err != nil {
		return State{}, plainJSONError(err)
	}
	if state.Revision < 1 {
		return State{}, fmt.Errorf("revision %d is none", state.Revision)
	}
	return state, nil
}

// plainJSONError drops what could quote a value.
func plainJSONError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s is no %s", wrong.Field, wrong.Type)
	}
	return err
}
