package pgcopy

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// TrimHeader returns what follows the header of a stream.
func TrimHeader(stream []byte) ([]byte, error) {
	const fixed = len(signature) + 8
	if len(stream) < fixed || !strings.HasPrefix(string(stream[:fixed]), signature) {
		return nil, fmt.Errorf("%w: a stream without its header", ErrFormat)
	}
	flags := binary.BigEndian.Uint32(stream[len(signature):])
	extension := binary.BigEndian.Uint32(stream[len(signature)+4:])
	// The upper half of the flags is for what a reader has to know: PostgreSQL 15 uses none of it.
	if flags>>16 != 0 || int64(extension) > int64(len(stream)-fixed) {
		return nil, fmt.Errorf("%w: a header with unknown flags", ErrFormat)
	}
	return stream[fixed+int(extension):], nil
}

// Next reads the first tuple of a stream without its header. It appends its values to
// fields, nil for NULL, and returns them and what follows. The values share the memory
// of the stream. At the trailer and at the end of the bytes, more is false.
func Next(stream []byte, fields [][]byte) (values [][]byte, rest []byte, more bool, err error) {
	if len(stream) == 0 {
		return fields, nil, false, nil
	}
	if len(stream) < 2 {
		return nil, nil, false, fmt.Errorf("%w: a tuple that is cut off", ErrFormat)
	}
	count := int16(binary.BigEndian.Uint16(stream)) //nolint:gosec // the same bits
	stream = stream[2:]
	switch {
	case count == -1 && len(stream) == 0:
		return fields, nil, false, nil
	case count < 0:
		return nil, nil, false, fmt.Errorf("%w: a tuple of %d fields", ErrFormat, count)
	}
	for range count {
		var value []byte
		if value, stream, err = field(stream); err != nil {
			return nil, nil, false, err
		}
		fields = append(fields, value)
	}
	return fields, stream, true, nil
}

func field(stream []byte) (value, rest []byte, err error) {
	if len(stream) < 4 {
		return nil, nil, fmt.Errorf("%w: a field that is cut off", ErrFormat)
	}
	length := int32(binary.BigEndian.Uint32(stream)) //nolint:gosec // the same bits
	stream = stream[4:]
	switch {
	case length == -1:
		return nil, stream, nil
	case length < 0 || int(length) > len(stream):
		return nil, nil, fmt.Errorf("%w: a field of %d bytes, of which %d are there", ErrFormat, length, len(stream))
	}
	return stream[:length:length], stream[length:], nil
}
