package install

import (
	"os/exec"
	"path/filepath"
	"strconv"
)

// PostgresBinaries are the programs that a temporary cluster needs.
type PostgresBinaries struct {
	Initdb   string
	Postgres string
}

// FindPostgres prefers Debian's versioned directories, newest first, and falls
// back to PATH. Debian keeps the server programs off PATH.
func FindPostgres() (PostgresBinaries, error) {
	if dir := newestDebianPostgres("/usr/lib/postgresql"); dir != "" {
		return PostgresBinaries{Initdb: filepath.Join(dir, "initdb"), Postgres: filepath.Join(dir, "postgres")}, nil
	}
	initdb, err := exec.LookPath("initdb")
	if err == nil {
		if postgres, err := exec.LookPath("postgres"); err == nil {
			return PostgresBinaries{Initdb: initdb, Postgres: postgres}, nil
		}
	}
	return PostgresBinaries{}, missing("PostgreSQL 15 or newer", prepareHint+" or `apt-get install postgresql`")
}

// PostgresClient is a program such as psql: the one beside the server, else the name,
// for PATH.
func PostgresClient(name string) string {
	if found, err := FindPostgres(); err == nil {
		if path := filepath.Join(filepath.Dir(found.Initdb), name); isExecutable(path) {
			return path
		}
	}
	return name
}

// newestDebianPostgres is the bin directory of the highest version below root.
func newestDebianPostgres(root string) string {
	dirs, _ := filepath.Glob(filepath.Join(root, "*", "bin", "initdb"))
	newest, best := 0, ""
	for _, initdb := range dirs {
		bin := filepath.Dir(initdb)
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
		if err == nil && version > newest && isExecutable(filepath.Join(bin, "postgres")) {
			newest, best = version, bin
		}
	}
	return best
}
