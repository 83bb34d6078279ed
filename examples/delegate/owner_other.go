//go:build !unix

package main

import "io/fs"

// mayKeepOwner: files inherit their permissions.
func mayKeepOwner(fs.FileInfo) bool { return true }
