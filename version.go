package maskit

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Version is a release of MAS, Synapse or Keycloak. The zero value means "not known".
type Version struct {
	Major, Minor, Patch int
	// Pre is the pre-release part, such as "rc1"; empty for a release. [ParseVersion]
	// writes all spellings alike: rc.1 and rc1, alpha1 and a1, rc and rc0 are the same.
	Pre string
}

// ParseVersion reads what the servers report and what people write:
//
//	1.22  1.22.0  v1.22.0  1.142.0rc1  1.9.0-rc.0  1.23.0+build
//	v1.22.0-36-g682b8d26d                (git describe: 36 commits after 1.22.0, read as 1.22.0)
//	1.163.2 (b=develop,682b8d26d,dirty)  (Synapse run from a checkout)
func ParseVersion(s string) (Version, error) {
	// Compiled per call: versions are parsed a handful of times per run.
	re := regexp.MustCompile(`^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:-?((?:a|b|rc|alpha|beta|dev)\.?\d{0,6}))?(?:-\d+-g[0-9a-f]+)?(?:\+\S*)?(?: \(.*\))?$`)
	m := re.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return Version{}, fmt.Errorf("maskit: parse version %.40q: want MAJOR.MINOR[.PATCH], such as 1.22.0", s)
	}
	v := Version{Pre: canonicalPre(m[4])}
	for i, part := range []*int{&v.Major, &v.Minor, &v.Patch} {
		*part, _ = strconv.Atoi(cmp.Or(m[i+1], "0")) // at most six digits: cannot fail
	}
	return v, nil
}

// IsZero reports whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// Compare returns -1, 0 or +1. A pre-release comes before its release.
func (v Version) Compare(other Version) int {
	return cmp.Or(
		cmp.Compare(v.Major, other.Major),
		cmp.Compare(v.Minor, other.Minor),
		cmp.Compare(v.Patch, other.Patch),
		comparePre(v.Pre, other.Pre),
	)
}

// AtLeast reports whether v is other or newer.
func (v Version) AtLeast(other Version) bool { return v.Compare(other) >= 0 }

// String returns "1.22.0" or "1.142.0rc1", and "unknown" for the zero value.
func (v Version) String() string {
	if v.IsZero() {
		return "unknown"
	}
	return fmt.Sprintf("%d.%d.%d%s", v.Major, v.Minor, v.Patch, v.Pre)
}

// MarshalText implements [encoding.TextMarshaler].
func (v Version) MarshalText() ([]byte, error) {
	if v.IsZero() {
		return nil, nil
	}
	return []byte(v.String()), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] by [ParseVersion].
func (v *Version) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*v = Version{}
		return nil
	}
	parsed, err := ParseVersion(string(text))
	if err != nil {
		// A decoder may show the error, and does not know what it decodes.
		return errors.New("maskit: decode version: want MAJOR.MINOR[.PATCH], such as 1.22.0")
	}
	*v = parsed
	return nil
}

func comparePre(a, b string) int {
	if a == "" || b == "" {
		return cmp.Compare(b, a) // the empty one is the release, which is newer
	}
	stageA, numberA := splitPre(a)
	stageB, numberB := splitPre(b)
	rank := func(stage string) int { return slices.Index([]string{"dev", "a", "b", "rc"}, stage) }
	return cmp.Or(cmp.Compare(rank(stageA), rank(stageB)), cmp.Compare(stageA, stageB), cmp.Compare(numberA, numberB))
}

// canonicalPre writes a pre-release part as PEP 440 normalises it, as Synapse is versioned.
func canonicalPre(pre string) string {
	if pre == "" {
		return ""
	}
	stage, number := splitPre(pre)
	return stage + strconv.Itoa(number)
}

// splitPre returns "rc" and 1 of rc1 and rc.1, "a" and 0 of alpha.
func splitPre(pre string) (stage string, number int) {
	stage = strings.TrimRight(pre, ".0123456789")
	number, _ = strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(pre, stage), "."))
	switch stage {
	case "alpha":
		stage = "a"
	case "beta":
		stage = "b"
	}
	return stage, number
}

// MinMAS is the oldest MAS that Synapse's stable delegation works with: 0.20
// brought introspection by bearer token and the /_synapse/mas API.
func MinMAS() Version { return Version{Minor: 20} }

// MinSynapse is the oldest Synapse with the stable
// matrix_authentication_service section: 1.136.
func MinSynapse() Version { return Version{Major: 1, Minor: 136} }

// Pair is a MAS and a Synapse that were run together.
type Pair struct{ MAS, Synapse Version }

// Supported lists the pairs that this version of maskit was tested with, newest first.
func Supported() []Pair {
	mas := Version{Major: 1, Minor: 22}
	return []Pair{
		{MAS: mas, Synapse: Version{Major: 1, Minor: 163, Patch: 2}},
		{MAS: mas, Synapse: Version{Major: 1, Minor: 136}},
	}
}

// CheckVersions judges a pair of versions; the zero value of either is not
// judged. Below the floor is an error, newer than every tested version an info, and of
// a newer major version a warning.
func CheckVersions(mas, synapse Version) Problems {
	tested := Supported()[0]
	return append(
		checkVersion("mas", mas, MinMAS(), tested.MAS),
		checkVersion("synapse", synapse, MinSynapse(), tested.Synapse)...)
}

func checkVersion(name string, v, floor, tested Version) Problems {
	switch {
	case v.IsZero():
		return nil
	case !v.AtLeast(floor):
		return Problems{{
			Path: name, Code: name + "-too-old",
			Message: fmt.Sprintf("version %s cannot be used, the oldest is %s", v, floor),
			Hint:    fmt.Sprintf("upgrade to %s, which this SDK was tested with", tested),
		}}
	case v.Major > tested.Major:
		return Problems{{
			Path: name, Code: name + "-untested", Severity: SeverityWarning,
			Message: fmt.Sprintf("version %s is of another major version than %s, the newest one tested", v, tested),
			Hint:    "its configuration may differ: read its release notes, or use " + tested.String(),
		}}
	case v.Major == tested.Major && v.Minor > tested.Minor:
		return Problems{{
			Path: name, Code: name + "-untested", Severity: SeverityInfo,
			Message: fmt.Sprintf("version %s is newer than %s, the newest one tested", v, tested),
		}}
	}
	return nil
}
