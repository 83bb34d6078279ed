package claimexpr

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxPath is the deepest claim that [CutClaim] reads.
const maxPath = 16

// CutLiteral reads the literal that a text begins with, in any spelling that [Literal]
// has, and returns what comes after it.
func CutLiteral(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, "'") {
		return "", "", false
	}
	var b strings.Builder
	for i := 1; i < len(s); {
		switch c := s[i]; {
		case c == '\'':
			return b.String(), s[i+1:], true
		case c != '\\':
			b.WriteByte(c)
			i++
		case strings.HasPrefix(s[i:], `\'`) || strings.HasPrefix(s[i:], `\\`):
			b.WriteByte(s[i+1])
			i += 2
		case strings.HasPrefix(s[i:], `\u`) && len(s) >= i+6:
			code, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
			if err != nil || !utf8.ValidRune(rune(code)) {
				return "", "", false
			}
			b.WriteRune(rune(code))
			i += 6
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// CutList reads the list of literals that a text begins with.
func CutList(s string) (values []string, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, "[")
	for ok {
		var value string
		if value, s, ok = CutLiteral(s); !ok {
			break
		}
		values = append(values, value)
		if end, found := strings.CutPrefix(s, "]"); found {
			return values, end, true
		}
		s, ok = strings.CutPrefix(s, ", ")
	}
	return nil, "", false
}

// CutClaim reads the claim that a text begins with, as [Claim] writes it.
func CutClaim(s string) (path []string, rest string, ok bool) {
	return cutClaim(s, maxPath)
}

func cutClaim(s string, depth int) (path []string, rest string, ok bool) {
	if inner, nested := strings.CutPrefix(s, "("); nested {
		if depth == 0 {
			return nil, "", false
		}
		if path, s, ok = cutClaim(inner, depth-1); !ok {
			return nil, "", false
		}
		s, ok = strings.CutPrefix(s, " or {})")
	} else {
		s, ok = strings.CutPrefix(s, "user")
	}
	if !ok {
		return nil, "", false
	}
	key, rest, ok := cutMember(s)
	return append(path, key), rest, ok
}

func cutMember(s string) (key, rest string, ok bool) {
	if name, found := strings.CutPrefix(s, "["); found {
		if key, rest, ok = CutLiteral(name); !ok {
			return "", "", false
		}
		rest, ok = strings.CutPrefix(rest, "]")
		return key, rest, ok
	}
	name, found := strings.CutPrefix(s, ".")
	end := 0
	for end < len(name) && isIdentifier(name[:end+1]) {
		end++
	}
	return name[:end], name[end:], found && end > 0
}
