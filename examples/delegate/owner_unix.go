//go:build unix

package main

import (
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// keepOwner gives a file the owner and group of another. An atomic replacement is a new
// file, and Synapse must still be allowed to read it.
func keepOwner(path string, model fs.FileInfo) error {
	want, ok := model.Sys().(*syscall.Stat_t)
	info, err := os.Lstat(path)
	if err != nil || !ok {
		return err
	}
	if got, ok := info.Sys().(*syscall.Stat_t); ok && got.Uid == want.Uid && got.Gid == want.Gid {
		return nil
	}
	return os.Lchown(path, int(want.Uid), int(want.Gid))
}

// mayKeepOwner reports whether keepOwner may do its job.
func mayKeepOwner(model fs.FileInfo) bool {
	want, ok := model.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() == 0 {
		return true
	}
	groups, err := os.Getgroups()
	isMember := int(want.Gid) == os.Getegid() || err == nil && slices.Contains(groups, int(want.Gid))
	return int(want.Uid) == os.Geteuid() && isMember
}
