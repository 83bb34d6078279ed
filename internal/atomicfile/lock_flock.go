//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// flock locks an open directory, which it closes in the end. No file is left behind,
// and the system unlocks when the process is killed.
func flock(dir *os.File) (unlock func(), err error) {
	err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return func() { _ = dir.Close() }, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(ErrBusy, dir.Close())
	case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOLCK): // network file systems
		return func() {}, dir.Close()
	}
	return nil, errors.Join(fmt.Errorf("lock: %w", err), dir.Close())
}
