package proc

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// script reads one line. A line means that the owner saw the child end; the end
// of the input means that the owner is gone, so that the group must go too.
const script = `
if read -r released; then exit 0; fi
kill -s "$2" -- "-$1" 2>/dev/null
tries=0
while kill -s 0 -- "-$1" 2>/dev/null && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -s KILL -- "-$1" 2>/dev/null
[ -z "$3" ] || rm -rf -- "$3"
`

// watchdog is the shell that outlives the owner just long enough to clean up.
type watchdog struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

func watch(group int, spec Spec) (*watchdog, error) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{
		Path: shell,
		Args: []string{"sh", "-c", script, "watchdog", strconv.Itoa(group), strconv.Itoa(int(spec.Quit)), spec.Scratch},
		// A session of its own: Ctrl-C on the terminal must not end it first.
		SysProcAttr: ownSession(),
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &watchdog{cmd: cmd, pipe: pipe}, nil
}

// release tells the watchdog that its work is done and reaps it.
func (w *watchdog) release() {
	_, _ = io.WriteString(w.pipe, "released\n")
	_ = w.pipe.Close()
	_ = w.cmd.Wait()
}

// killGroup signals the whole group; a group that is gone is no error.
func killGroup(group int, signal syscall.Signal) { _ = kill(-group, signal) }
