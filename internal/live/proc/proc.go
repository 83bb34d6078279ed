// Package proc runs the servers of the live tests as child processes that
// never outlive their owner, also when the owner is killed with SIGKILL.
//
// Three things see to that. The kernel signals the child when the thread that
// started it dies (Linux only). The child leads a process group, so that what
// it forks is reached too. A watchdog shell waits on a pipe that closes with
// the owner, then ends the group and removes the child's scratch directory.
package proc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Spec says what to run.
type Spec struct {
	// Name is used in messages.
	Name string
	// Path is the program; Args are its arguments without the program itself.
	Path string
	Args []string
	// Dir is the working directory, by default the owner's.
	Dir string
	// Environ is the environment, by default the owner's. Env is added to it.
	Environ []string
	Env     []string
	// User runs the program as that system user. Only root can.
	User string
	// Log is the file that takes standard output and standard error. Without it
	// they go to Stdout and Stderr.
	Log            string
	Stdout, Stderr io.Writer
	// Quit asks the program to end, by default SIGTERM.
	Quit syscall.Signal
	// Grace is how long Stop waits between Quit and SIGKILL, by default 5 s.
	Grace time.Duration
	// Scratch is removed when the owner dies without having stopped the
	// program. An owner that stops it removes its directories itself.
	Scratch string
}

func (s Spec) environ() []string {
	if s.Environ == nil {
		return os.Environ()
	}
	return slices.Clone(s.Environ)
}

// Process is a running child.
type Process struct {
	spec     Spec
	cmd      *exec.Cmd
	watchdog *watchdog
	done     chan struct{}
	stop     sync.Once
}

// Start runs the program. It has no context on purpose: the child lives until
// Stop or until the owner ends, whichever comes first.
func Start(spec Spec) (*Process, error) {
	if spec.Quit == 0 {
		spec.Quit = syscall.SIGTERM
	}
	if spec.Grace == 0 {
		spec.Grace = 5 * time.Second
	}
	p := &Process{spec: spec, done: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("proc: start %s: %w", spec.Name, err)
	}
	return p, nil
}

// run starts the child and waits for it on one locked thread: the kernel's
// parent-death signal belongs to the thread, not to the process.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.start(); err != nil {
		started <- err
		return
	}
	started <- nil
	_ = p.cmd.Wait() // How it ended is in ProcessState; Err tells.
	killGroup(p.cmd.Process.Pid, syscall.SIGKILL)
	p.watchdog.release()
	close(p.done)
}

func (p *Process) start() error {
	attr, err := attributes(p.spec)
	if err != nil {
		return err
	}
	p.cmd = &exec.Cmd{
		Path: p.spec.Path, Args: append([]string{p.spec.Path}, p.spec.Args...),
		Dir: p.spec.Dir, Env: append(p.spec.environ(), p.spec.Env...),
		Stdout: p.spec.Stdout, Stderr: p.spec.Stderr, SysProcAttr: attr,
	}
	if p.spec.Log != "" {
		log, err := os.OpenFile(p.spec.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = log.Close() }()
		p.cmd.Stdout, p.cmd.Stderr = log, log
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	if p.watchdog, err = watch(p.cmd.Process.Pid, p.spec); err != nil {
		killGroup(p.cmd.Process.Pid, syscall.SIGKILL)
		return errors.Join(err, p.cmd.Wait())
	}
	return nil
}

// Run starts the program and waits for its end. An exit status other than 0 is
// an error, and so is the end of ctx, which kills the program.
func Run(ctx context.Context, spec Spec) error {
	p, err := Start(spec)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("proc: run %s: %w", spec.Name, ctx.Err())
	case <-p.done:
	}
	if !p.cmd.ProcessState.Success() {
		return p.Err()
	}
	return nil
}

// Await polls ready until it succeeds. It gives up when the child has ended or
// ctx is over; both errors show the end of the log.
func (p *Process) Await(ctx context.Context, ready func(context.Context) error) error {
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.Err()
		case <-ctx.Done():
			return fmt.Errorf("proc: %s is not ready (%w); the end of its log:\n%s", p.spec.Name, err, p.Tail(30))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Pid is the process id of the child.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// ExitCode is the exit status of a child that has ended, -1 if a signal ended it.
func (p *Process) ExitCode() int {
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Stop asks the child to end, kills its group after the grace period and
// returns when it is gone. It may be called more than once.
func (p *Process) Stop() {
	p.stop.Do(func() {
		killGroup(p.cmd.Process.Pid, p.spec.Quit)
		select {
		case <-p.done:
		case <-time.After(p.spec.Grace):
			killGroup(p.cmd.Process.Pid, syscall.SIGKILL)
		}
	})
	<-p.done
}

// Kill ends the child and all it forked at once, as a crash would.
func (p *Process) Kill() {
	killGroup(p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// Err describes how the child ended, with the last lines of its log. It is nil
// while the child runs.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return fmt.Errorf("proc: %s ended (%s); the end of its log:\n%s", p.spec.Name, p.cmd.ProcessState, p.Tail(30))
	default:
		return nil
	}
}

// Log is everything that the child wrote so far.
func (p *Process) Log() string {
	data, err := os.ReadFile(p.spec.Log)
	if err != nil {
		return ""
	}
	return string(data)
}

// Tail is the last n lines of the log.
func (p *Process) Tail(n int) string {
	lines := strings.Split(strings.TrimRight(p.Log(), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
