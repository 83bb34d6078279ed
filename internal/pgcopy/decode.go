package pgcopy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
)

// ErrFormat says that bytes are not what PostgreSQL sends for a type.
var ErrFormat = errors.New("pgcopy: not the binary format of the type")

// Int returns a smallint, an integer or a bigint.
func Int(value []byte) (int64, error) {
	switch len(value) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(value))), nil //nolint:gosec // the same bits
	case 4:
		return int64(int32(binary.BigEndian.Uint32(value))), nil //nolint:gosec // the same bits
	case 8:
		return int64(binary.BigEndian.Uint64(value)), nil //nolint:gosec // the same bits
	}
	return 0, fmt.Errorf("%w: an integer of %d bytes", ErrFormat, len(value))
}

// Bool returns a boolean.
func Bool(value []byte) (bool, error) {
	if len(value) != 1 || value[0] > 1 {
		return false, fmt.Errorf("%w: a boolean of %d bytes", ErrFormat, len(value))
	}
	return value[0] == 1, nil
}

// UUID returns a uuid.
func UUID(value []byte) ([16]byte, error) {
	if len(value) != 16 {
		return [16]byte{}, fmt.Errorf("%w: a uuid of %d bytes", ErrFormat, len(value))
	}
	return [16]byte(value), nil
}

// Time returns a timestamp, with or without time zone. Infinity is what its bytes say:
// the largest or the smallest Timestamp.
func Time(value []byte) (Timestamp, error) {
	if len(value) != 8 {
		return 0, fmt.Errorf("%w: a timestamp of %d bytes", ErrFormat, len(value))
	}
	return Timestamp(binary.BigEndian.Uint64(value)), nil //nolint:gosec // the same bits
}

// Inet returns an inet or a cidr.
func Inet(value []byte) (netip.Prefix, error) {
	if len(value) < 4 || len(value) != 4+int(value[3]) {
		return netip.Prefix{}, fmt.Errorf("%w: an inet of %d bytes", ErrFormat, len(value))
	}
	addr, ok := netip.AddrFromSlice(value[4:])
	family := byte(familyIPv4)
	if addr.Is6() {
		family = familyIPv6
	}
	if !ok || value[0] != family || int(value[1]) > addr.BitLen() {
		return netip.Prefix{}, fmt.Errorf("%w: an inet of family %d", ErrFormat, value[0])
	}
	return netip.PrefixFrom(addr, int(value[1])), nil
}
