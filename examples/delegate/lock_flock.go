//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockDir keeps other runs from writing to a directory. It locks the directory
// itself: no file is left behind, and the system unlocks when the process is killed.
func lockDir(path string) (unlock func(), err error) {
	dir, err := os.Open(path) //nolint:gosec // that of a file which the user names
	if err != nil {
		return nil, cause(err)
	}
	err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return func() { _ = dir.Close() }, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(errors.New("another run writes here: wait until it ends, and run it again"), dir.Close())
	case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOLCK): // network file systems
		return func() {}, dir.Close()
	}
	return nil, errors.Join(err, dir.Close())
}
