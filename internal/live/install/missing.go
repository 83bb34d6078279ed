// Package install finds the real servers that the live tests run against, and
// installs those that can be cached without being root. Debian packages are
// the business of System.
package install

import "fmt"

// MissingError says that a part is not on this machine and how to get it.
type MissingError struct {
	Part string
	How  string
}

func (e *MissingError) Error() string { return fmt.Sprintf("%s is not installed: %s", e.Part, e.How) }

// prepareHint is how to get everything that can be installed automatically.
const prepareHint = "run `make prepare`"

func missing(part, how string) error { return &MissingError{Part: part, How: how} }
