package live

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The secret and the codes are those of RFC 6238, appendix B, cut to six digits.
func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		require.Equal(t, code, oneTimeCode("12345678901234567890", time.Unix(at, 0)))
	}
}
