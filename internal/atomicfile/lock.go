package atomicfile

import "os"

// Lock keeps other processes that lock the directory from it until unlock is called or
// this process ends. It does not wait: an error that matches [ErrBusy] says that
// another process has it. Where the system or the file system has no locks on
// directories, it does nothing.
func Lock(dir string) (unlock func(), err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // only read
	return lock(root)
}

func lock(root *os.Root) (unlock func(), err error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	return flock(dir)
}
