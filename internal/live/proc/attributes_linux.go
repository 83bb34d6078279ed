package proc

import (
	"fmt"
	"os/user"
	"strconv"
	"syscall"
)

func attributes(spec Spec) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: spec.Quit}
	if spec.User == "" {
		return attr, nil
	}
	credential, err := credentialOf(spec.User)
	if err != nil {
		return nil, err
	}
	attr.Credential = credential
	return attr, nil
}

func credentialOf(name string) (*syscall.Credential, error) {
	account, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user id of %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("group id of %s: %w", name, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func kill(pid int, signal syscall.Signal) error { return syscall.Kill(pid, signal) }
