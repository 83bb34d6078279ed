package scale

import (
	"fmt"
	"strings"
)

// Tier is a ready-made load: single sign-on, and the derived values of [Load].
// Its sizes are starting points.
type Tier int

const (
	// Small is up to 1,000 users. The zero value.
	Small Tier = iota
	// Medium is up to 10,000 users.
	Medium
	// Large is up to 50,000 users.
	Large
	// XLarge is up to 200,000 users.
	XLarge
	// XXLarge is up to 1,000,000 users.
	XXLarge
)

// Tiers lists all tiers, the smallest first.
func Tiers() []Tier { return []Tier{Small, Medium, Large, XLarge, XXLarge} }

// Load returns the largest load of the tier; the zero Load if there is no such tier.
func (t Tier) Load() Load {
	switch t {
	case Small:
		return Load{Users: 1_000}
	case Medium:
		return Load{Users: 10_000}
	case Large:
		return Load{Users: 50_000}
	case XLarge:
		return Load{Users: 200_000}
	case XXLarge:
		return Load{Users: 1_000_000}
	}
	return Load{}
}

// Sizing returns the sizing for the largest load of the tier; the zero Sizing if
// there is no such tier.
func (t Tier) Sizing() Sizing {
	sizing, _ := For(t.Load())
	return sizing
}

// tierOf returns the smallest tier that has room for so many users, else the largest.
func tierOf(users int) Tier {
	for _, t := range Tiers() {
		if users <= t.Load().Users {
			return t
		}
	}
	return XXLarge
}

// String returns "small", "medium", "large", "xlarge" or "xxlarge".
func (t Tier) String() string {
	switch t {
	case Small:
		return "small"
	case Medium:
		return "medium"
	case Large:
		return "large"
	case XLarge:
		return "xlarge"
	case XXLarge:
		return "xxlarge"
	}
	return fmt.Sprintf("tier(%d)", int(t))
}

// ParseTier reads what [Tier.String] writes, in any case.
func ParseTier(s string) (Tier, error) {
	for _, t := range Tiers() {
		if strings.EqualFold(s, t.String()) {
			return t, nil
		}
	}
	return 0, fmt.Errorf("scale: parse tier %q: want small, medium, large, xlarge or xxlarge", s)
}

// MarshalText implements [encoding.TextMarshaler].
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] by [ParseTier].
func (t *Tier) UnmarshalText(text []byte) error {
	parsed, err := ParseTier(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
