//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package main

// lockDir does nothing: the system has no lock on directories.
func lockDir(string) (unlock func(), err error) { return func() {}, nil }
