// Package pgcopy writes and reads PostgreSQL's binary formats by hand: rows of COPY
// … (FORMAT binary), and the values of its wire protocol, for few types and without
// allocations. Sources: PostgreSQL 15, COPY (File Formats, Binary Format) and the
// send and receive functions of the types.
//
// A stream is a header, tuples and a trailer. A tuple is its number of fields, and
// the fields, each made by one of the Append functions:
//
//	b := pgcopy.AppendHeader(nil)
//	b = pgcopy.AppendTuple(b, 2)
//	b = pgcopy.AppendText(b, "alice")
//	b = pgcopy.AppendBool(b, true)
//	b = pgcopy.AppendTrailer(b)
//
// It does not know tables: fields must be in the order and of the types of the COPY
// statement, or PostgreSQL refuses them.
package pgcopy

import (
	"encoding/binary"
	"net/netip"
)

// signature begins every binary COPY; two int32 follow: flags, and the length of an
// extension. Both are zero.
const signature = "PGCOPY\n\xff\r\n\x00"

// AppendHeader appends what a stream begins with.
func AppendHeader(b []byte) []byte {
	return append(append(b, signature...), 0, 0, 0, 0, 0, 0, 0, 0)
}

// AppendTrailer appends what a stream ends with.
func AppendTrailer(b []byte) []byte { return append(b, 0xff, 0xff) }

// AppendTuple begins a tuple of so many fields.
func AppendTuple(b []byte, fields int16) []byte {
	return binary.BigEndian.AppendUint16(b, uint16(fields)) //nolint:gosec // the number of columns
}

// AppendNull appends the field NULL.
func AppendNull(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff) }

// AppendUUID appends a uuid.
func AppendUUID(b []byte, id [16]byte) []byte {
	return append(append(b, 0, 0, 0, 16), id[:]...)
}

// AppendText appends a text (or varchar, json, bytea). The server wants it in the
// client encoding, and without NUL, unless it is a bytea.
func AppendText[T ~string | ~[]byte](b []byte, text T) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(text))) //nolint:gosec // a value of PostgreSQL is under 1 GiB
	return append(b, text...)
}

// AppendBool appends a boolean.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 0, 0, 0, 1, 1)
	}
	return append(b, 0, 0, 0, 1, 0)
}

// AppendInt4 appends an integer of 32 bits.
func AppendInt4(b []byte, v int32) []byte {
	return binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 4), uint32(v)) //nolint:gosec // the same bits
}

// AppendTimestamp appends a timestamp with time zone.
func AppendTimestamp(b []byte, t Timestamp) []byte {
	return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(t)) //nolint:gosec // the same bits
}

// The address families of inet: PostgreSQL has numbers of its own.
const (
	familyIPv4 = 2
	familyIPv6 = 3
)

// AppendInet appends the address of a host as an inet: "203.0.113.1/32". A zone is
// dropped, an IPv4 address mapped into IPv6 stays IPv6; the zero Addr is NULL.
func AppendInet(b []byte, addr netip.Addr) []byte {
	switch {
	case addr.Is4():
		ip := addr.As4()
		b = append(b, 0, 0, 0, 8, familyIPv4, 32, 0, 4)
		return append(b, ip[:]...)
	case addr.Is6():
		ip := addr.As16()
		b = append(b, 0, 0, 0, 20, familyIPv6, 128, 0, 16)
		return append(b, ip[:]...)
	}
	return AppendNull(b)
}
