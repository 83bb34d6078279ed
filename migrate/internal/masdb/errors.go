package masdb

import "errors"

var (
	// ErrNotMAS says that a database has no schema of MAS.
	ErrNotMAS = errors.New("not a database of MAS")
	// ErrLocked says that a migration is at work.
	ErrLocked = errors.New("another migration is running on MAS's database")
	// ErrInconsistent says that what is left of an unfinished run makes no sense, and cannot be reset.
	ErrInconsistent = errors.New("MAS's database is in no state that a migration leaves")
)
