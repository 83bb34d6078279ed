package pool

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// longestTemp leaves room in the 107 bytes of a Unix socket's path.
const longestTemp = 60

// scratchDir makes a private directory for one server, owned by the user that
// the server runs as ("" is the caller).
func scratchDir(name, owner string) (string, error) {
	base := os.TempDir()
	if len(base) > longestTemp {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "maskit-"+name+"-")
	if err != nil {
		return "", fmt.Errorf("pool: make a directory for %s: %w", name, err)
	}
	if owner == "" {
		return dir, nil
	}
	if err := give(dir, owner); err != nil {
		return "", errors.Join(fmt.Errorf("pool: give a directory to %s: %w", owner, err), os.Remove(dir))
	}
	return dir, nil
}

func give(dir, owner string) error {
	account, err := user.Lookup(owner)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(account.Gid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}
