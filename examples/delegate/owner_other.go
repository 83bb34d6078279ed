//go:build !unix

package main

import "io/fs"

// keepOwner has nothing to do where files inherit their permissions.
func keepOwner(string, fs.FileInfo) error { return nil }

func mayKeepOwner(fs.FileInfo) bool { return true }
