//go:build unix

package main

import (
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// mayKeepOwner reports whether a new file may get the owner and group of another. An
// atomic replacement is a new file, and Synapse must still be allowed to read it.
func mayKeepOwner(model fs.FileInfo) bool {
	want, ok := model.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() == 0 {
		return true
	}
	groups, err := os.Getgroups()
	isMember := int(want.Gid) == os.Getegid() || err == nil && slices.Contains(groups, int(want.Gid))
	return int(want.Uid) == os.Geteuid() && isMember
}
