//go:build !linux

package proc

import (
	"errors"
	"syscall"
)

func attributes(Spec) (*syscall.SysProcAttr, error) { return nil, errors.ErrUnsupported }

func ownSession() *syscall.SysProcAttr { return nil }

func kill(int, syscall.Signal) error { return errors.ErrUnsupported }
