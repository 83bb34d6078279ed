//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak is how much memory a process that has ended held at once, in KiB.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // Bytes there.
		return usage.Maxrss >> 10
	}
	return usage.Maxrss
}
