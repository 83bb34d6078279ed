//go:build unix

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// chown gives a file the owner and group of another, unless it has them.
func chown(out *os.File, like fs.FileInfo) error {
	want, known := like.Sys().(*syscall.Stat_t)
	if !known {
		return errors.New("the owner to take over is not known")
	}
	info, err := out.Stat()
	if err != nil {
		return err
	}
	if got, ok := info.Sys().(*syscall.Stat_t); ok && got.Uid == want.Uid && got.Gid == want.Gid {
		return nil
	}
	return out.Chown(int(want.Uid), int(want.Gid))
}
