//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package atomicfile

import "os"

// lock does nothing: the system has no lock on directories.
func lock(*os.Root) (unlock func(), err error) { return func() {}, nil }
