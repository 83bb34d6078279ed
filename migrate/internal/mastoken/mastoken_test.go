package mastoken_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate/internal/mastoken"
)

func TestForms(t *testing.T) {
	t.Parallel()
	macaroon := base64.RawURLEncoding.EncodeToString([]byte("001cidentifier"))
	for _, tc := range []struct {
		name, token     string
		access, refresh bool
	}{
		{"of Synapse", "syt_YWxpY2U_abcdef_123456", true, false},
		{"of Synapse, anything after the prefix", "syt_", true, false},
		{"refresh token of Synapse", "syr_YWxpY2U_abcdef_123456", false, true},
		{"macaroon", base64.RawURLEncoding.EncodeToString([]byte("001blocation example.com\n")), true, false},
		{"macaroon of another first packet", macaroon, false, false},
		{"macaroon with padding", base64.URLEncoding.EncodeToString([]byte("001blocation example.com\n\n")), false, false},
		{"macaroon with a line break", "MDAxYmxvY2F0aW9uIGxp\nYnJlcHVzaC5uZXQKMDAx", false, false},
		{"starts as a macaroon does, and is none", "MDAxYnNvbWV0aGluZyBlbHNl", false, false},
		{"too short for a macaroon", "MDAxYmxvY2F0", false, false},
		{"of MAS", "mct_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz43", true, false},
		{"refresh token of MAS", "mcr_LoYqtrtBUBcWlE4RX6o47chBCGkadB_9gzpc1", false, true},
		{"of MAS, wrong sum", "mct_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz44", false, false},
		{"of MAS, another kind's sum", "mat_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz43", false, false},
		{"of MAS, a part too many", "mct_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz43_", false, false},
		{"made by hand", "secret-token-of-the-bot", false, false},
		{"empty", "", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.access, mastoken.Access(tc.token), "as an access token")
			require.Equal(t, tc.refresh, mastoken.Refresh(tc.token), "as a refresh token")
		})
	}
}

func FuzzForms(f *testing.F) {
	for _, seed := range []string{"", "syt_", "syr_a", "mct_cxG6gZXyvelQWW9XqfNbm5KAQovodf_XvJz43", "MDAxYmxvY2F0aW9uIGxp"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		access, refresh := mastoken.Access(token), mastoken.Refresh(token)
		require.False(t, access && refresh, "a token is of one kind")
		if strings.HasPrefix(token, "syt_") {
			require.True(t, access)
		}
	})
}
