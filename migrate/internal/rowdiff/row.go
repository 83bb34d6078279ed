package rowdiff

import "encoding/binary"

// row is a row of a query on either side, in the one form in which rows are compared.
type row struct {
	// user is the localpart; nil if the row belongs to nobody.
	user []byte
	// data is the user and the parts, one after the other. A value is its length plus
	// one, zero being NULL, and its bytes.
	data  []byte
	parts []part
}

// part is a row of one table within a row.
type part struct {
	kind kind
	// id tells parts apart that a join repeats. It is not compared.
	id []byte
	// from is where its values begin in data.
	from int
}

// begin starts a row in the memory of the last one.
func (r *row) begin(user []byte) *row {
	r.user, r.data, r.parts = user, r.data[:0], r.parts[:0]
	return r.bytes(user)
}

// part starts a part.
func (r *row) part(k kind, id []byte) *row {
	r.data = append(r.data, byte(k))
	r.parts = append(r.parts, part{kind: k, id: id, from: len(r.data)})
	return r
}

// values returns the values of part i.
func (r *row) values(i int) []byte {
	end := len(r.data)
	if i+1 < len(r.parts) {
		end = r.parts[i+1].from - 1
	}
	return r.data[r.parts[i].from:end]
}

func (r *row) null() *row {
	r.data = append(r.data, 0, 0, 0, 0)
	return r
}

// bytes adds a value as it is; nil is NULL.
func (r *row) bytes(value []byte) *row {
	if value == nil {
		return r.null()
	}
	r.data = binary.LittleEndian.AppendUint32(r.data, uint32(len(value))+1) //nolint:gosec // at most 1 GiB
	r.data = append(r.data, value...)
	return r
}

func (r *row) flag(set bool) *row {
	if set {
		return r.state(1)
	}
	return r.state(0)
}

// state adds a byte that says which of several cases it is.
func (r *row) state(s byte) *row {
	r.data = append(r.data, 2, 0, 0, 0, s)
	return r
}

// time adds a time; see moment.
func (r *row) time(m moment) *row {
	switch m.state {
	case absent:
		return r.null()
	case atMigration:
		return r.state('?')
	}
	r.data = append(r.data, 9, 0, 0, 0)
	r.data = binary.BigEndian.AppendUint64(r.data, uint64(m.bounded().micros)) //nolint:gosec // the same bits
	return r
}

// split returns the values of a part; nil is NULL.
func split(data string) []*string {
	var values []*string
	for len(data) >= 4 {
		n := binary.LittleEndian.Uint32([]byte(data[:4]))
		data = data[4:]
		if n == 0 {
			values = append(values, nil)
			continue
		}
		value := data[:n-1]
		values, data = append(values, &value), data[n-1:]
	}
	return values
}
