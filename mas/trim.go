package mas

import (
	"strings"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// trimming is what MAS does to the content of a *_file key before it uses it
// (MAS 1.22, mas-config). It is the "trim" tag of a field.
type trimming string

const (
	trimNone  trimming = ""      // taken byte for byte
	trimSpace trimming = "space" // white space around it is dropped
	trimPEM   trimming = "pem"   // parsed as PEM, where white space around it means nothing
)

func trimmingOf(f strictyaml.StructField) trimming { return trimming(f.Tag.Get("trim")) }

// apply returns the value that the content of a file stands for. A key in DER, which
// has no "-----BEGIN", is binary and kept as it is.
func (t trimming) apply(content string) string {
	if t == trimNone || t == trimPEM && !strings.Contains(content, "-----BEGIN") {
		return content
	}
	return strings.TrimSpace(content)
}
