package rowdiff

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"
)

// changed describes a field that differs.
func (f field) changed(want, have *string) Field {
	if f.form == formSecret {
		return Field{Column: f.name, Secret: true}
	}
	return Field{Column: f.name, Synapse: f.show(want), MAS: f.show(have)}
}

// label shows a value as part of a name.
func (f field) label(value *string) string {
	switch {
	case value == nil && f.name == "device_id":
		return "(no device)"
	case value != nil && f.form == formText:
		return printable(*value)
	}
	return f.show(value)
}

// show shows a value that is no secret.
func (f field) show(value *string) string {
	if value == nil {
		return "NULL"
	}
	v := *value
	switch f.form {
	case formSecret:
		return "[redacted]"
	case formTime:
		return showTime(v)
	case formFlag:
		return strconv.FormatBool(v == "\x01")
	case formSession:
		return []string{"another than", "the same as"}[v[0]&1] + " that of the access token"
	case formID:
		return showID(v[0])
	case formNumber:
		if len(v) == 4 {
			return strconv.FormatInt(int64(int32(binary.BigEndian.Uint32([]byte(v)))), 10) //nolint:gosec // the same bits
		}
	case formAddress:
		return showAddress(v)
	case formProvider:
		if len(v) == 16 {
			return ulid.ULID([]byte(v)).String()
		}
	case formText:
		return fmt.Sprintf("%.80q", v)
	}
	return hex.EncodeToString([]byte(v))
}

func showTime(v string) string {
	if len(v) != 8 {
		return "the time of the migration"
	}
	return timeOf(int64At([]byte(v))).Format(time.RFC3339Nano)
}

func showID(state byte) string {
	switch state {
	case idRight:
		return "an id made at created_at"
	case idNil:
		return "the nil id"
	}
	return "an id made at another time"
}

// showAddress reads the binary form of inet.
func showAddress(v string) string {
	if len(v) < 4 {
		return "?"
	}
	address, ok := netip.AddrFromSlice([]byte(v[4:]))
	if bits := int(v[1]); !ok || bits == address.BitLen() {
		return address.String()
	}
	return netip.PrefixFrom(address, int(v[1])).String()
}

// printable quotes what would not be seen, or would break a line.
func printable(text string) string {
	quoted := fmt.Sprintf("%.80q", text)
	if quoted == `"`+text+`"` && text != "" {
		return text
	}
	return quoted
}
