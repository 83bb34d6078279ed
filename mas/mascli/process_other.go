//go:build !unix

package mascli

import (
	"os"
	"os/exec"
)

// ownGroup does nothing where there are no groups of processes.
func ownGroup(*exec.Cmd) {}

func exitCode(state *os.ProcessState) int { return state.ExitCode() }
