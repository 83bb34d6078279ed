package mas

import (
	"net/netip"
	"strconv"
	"strings"
)

// boundAddress is what a bind takes from the machine.
type boundAddress struct {
	at     place
	unique string     // a socket path or file descriptor; empty for TCP
	host   string     // a host name that is no IP literal
	ip     netip.Addr // of a literal
	port   uint16
}

// bind checks one address. MAS reads a bind that it does not understand as file
// descriptor 0, and then fails at start.
func (c *checker) bind(at place, b Bind) []boundAddress {
	forms := c.bindForms(b)
	if len(forms) != 1 {
		c.fail(at, "bind-invalid", "must have exactly one of address, port (with or without host), socket and fd",
			"such as {address: \"0.0.0.0:8080\"}")
		return nil
	}
	c.bindOptions(at, b)
	switch forms[0] {
	case "address":
		return c.bindAddress(at.key("address"), b.Address)
	case "port":
		return []boundAddress{hostPort(at, b)}
	case "socket":
		return []boundAddress{{at: at, unique: "socket " + b.Socket}}
	}
	return []boundAddress{{at: at, unique: "fd " + strconv.FormatUint(uint64(b.FD.V), 10)}}
}

func (c *checker) bindForms(b Bind) []string {
	var forms []string
	for _, form := range []struct {
		name string
		set  bool
	}{
		{"address", b.Address != ""},
		{"port", b.Port != 0},
		{"socket", b.Socket != ""},
		{"fd", b.FD.Valid},
	} {
		if form.set {
			forms = append(forms, form.name)
		}
	}
	return forms
}

func (c *checker) bindOptions(at place, b Bind) {
	if b.Host != "" && b.Port == 0 {
		c.misplaced(at.key("host"), "without port")
	}
	if b.Kind != "" && !b.FD.Valid {
		c.misplaced(at.key("kind"), "without fd")
	}
	if b.Mode == "" {
		return
	}
	if b.Socket == "" {
		c.misplaced(at.key("mode"), "without socket")
	} else if mode, err := strconv.ParseUint(b.Mode, 8, 32); err != nil || mode > 0o7777 {
		c.fail(at.key("mode"), "mode-invalid", "is not a file mode in octal digits", "such as \"0660\"")
	}
}

func (c *checker) bindAddress(at place, address string) []boundAddress {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		c.fail(at, "bind-address-invalid", "is not an IP address and a port; host names are not resolved here",
			"such as \"0.0.0.0:8080\" or \"[::]:8080\", or use host and port")
		return nil
	}
	if parsed.Port() == 0 {
		c.fail(at, "bind-address-invalid", "has port 0, which is a random port", "name a port")
		return nil
	}
	return []boundAddress{{at: at, ip: parsed.Addr(), port: parsed.Port()}}
}

func hostPort(at place, b Bind) boundAddress {
	out := boundAddress{at: at.key("port"), port: b.Port, host: b.Host}
	switch ip, err := netip.ParseAddr(strings.Trim(b.Host, "[]")); {
	case b.Host == "":
		out.ip = netip.IPv6Unspecified()
	case err == nil:
		out.ip, out.host = ip, ""
	case b.Host == "localhost":
		out.ip, out.host = netip.AddrFrom4([4]byte{127, 0, 0, 1}), ""
	}
	return out
}

// overlaps reports addresses that cannot be bound one after the other.
func (c *checker) overlaps(used []boundAddress) {
	for i, b := range used {
		for _, earlier := range used[:i] {
			if b.overlaps(earlier) {
				c.fail(b.at, "address-in-use", "takes an address that "+string(earlier.at)+" has taken", "use another port, or one listener for both")
				break
			}
		}
	}
}

func (b boundAddress) overlaps(other boundAddress) bool {
	if b.unique != "" || other.unique != "" {
		return b.unique == other.unique
	}
	if b.port != other.port {
		return false
	}
	if b.anyIP() || other.anyIP() {
		return b.sameFamily(other)
	}
	return b.host == other.host && b.ip == other.ip
}

func (b boundAddress) anyIP() bool { return b.ip.IsValid() && b.ip.IsUnspecified() }

// sameFamily reports whether the addresses can meet. [::] takes IPv4 as well.
func (b boundAddress) sameFamily(other boundAddress) bool {
	if b.ip == netip.IPv6Unspecified() || other.ip == netip.IPv6Unspecified() {
		return true
	}
	return !b.ip.IsValid() || !other.ip.IsValid() || b.ip.Is4() == other.ip.Is4()
}
