package install

import (
	"context"
	"os/exec"
)

// pythonCheck fails where Synapse would not run or venv could not install pip.
const pythonCheck = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"

func findPython(ctx context.Context) (string, error) {
	for _, name := range []string{"python3", "python3.13", "python3.12", "python3.11", "python3.10"} {
		python, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if exec.CommandContext(ctx, python, "-c", pythonCheck).Run() == nil {
			return python, nil
		}
	}
	return "", missing("Python 3.10 or newer with venv", "`apt-get install python3-venv`")
}
