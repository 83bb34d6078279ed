//go:build !unix

package cache

import (
	"context"
	"errors"
)

// lock fails: the live servers of the tests run on Unix only.
func lock(context.Context, string) (unlock func(), err error) {
	return nil, errors.ErrUnsupported
}
