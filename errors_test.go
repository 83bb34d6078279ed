package maskit_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestStatusErrorString(t *testing.T) {
	t.Parallel()
	err := &maskit.StatusError{Method: "POST", URL: "https://account.example.com/oauth2/token", Status: 400, Code: "invalid_grant", Message: "expired"}
	require.EqualError(t, err, "POST https://account.example.com/oauth2/token: 400 Bad Request: invalid_grant: expired")
	require.EqualError(t, &maskit.StatusError{Method: "GET", URL: "http://x/", Status: 503}, "GET http://x/: 503 Service Unavailable")
}

func TestStatusErrorShowsNoSecretOfItsURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://x.example/a?token=canary":  "https://x.example/a",
		"https://x.example/a#canary":        "https://x.example/a",
		"https://me:canary@x.example/a@b?c": "https://x.example/a@b",
		"https://me:canary@x.example":       "https://x.example",
		"https://me:ca/nary@x.example/a":    "https://x.example/a",
		"https://x.example/@me":             "https://x.example/@me",
		"https://[::1]:8080/a":              "https://[::1]:8080/a",
		"/relative?canary":                  "/relative",
		"":                                  "",
		"http://canary%zz@x.example/":       "http://x.example/",
	} {
		require.EqualError(t, &maskit.StatusError{Method: "GET", URL: text, Status: 500}, "GET "+want+": 500 Internal Server Error")
	}
}

// Every status from 100 to 599: which sentinel it matches, and no other.
func TestStatusErrorMatchesSentinels(t *testing.T) {
	t.Parallel()
	want := map[int]error{
		http.StatusUnauthorized: maskit.ErrUnauthorized, http.StatusForbidden: maskit.ErrForbidden,
		http.StatusNotFound: maskit.ErrNotFound, http.StatusGone: maskit.ErrNotFound,
		http.StatusConflict: maskit.ErrConflict, http.StatusPreconditionFailed: maskit.ErrConflict,
	}
	sentinels := []error{
		maskit.ErrInvalid, maskit.ErrNotFound, maskit.ErrConflict, maskit.ErrDrift,
		maskit.ErrUnauthorized, maskit.ErrForbidden, maskit.ErrUnsupported,
	}
	for status := 100; status < 600; status++ {
		err := fmt.Errorf("list users: %w", &maskit.StatusError{Status: status})
		for _, sentinel := range sentinels {
			if sentinel == want[status] { //nolint:errorlint // identity is what is tested
				require.ErrorIs(t, err, sentinel, status)
			} else {
				require.NotErrorIs(t, err, sentinel, status)
			}
		}
	}
}

func TestStatusErrorTemporary(t *testing.T) {
	t.Parallel()
	temporary := []int{408, 425, 429, 502, 503, 504}
	for status := 100; status < 600; status++ {
		require.Equal(t, slices.Contains(temporary, status), (&maskit.StatusError{Status: status}).Temporary(), status)
	}
}

func TestStatusErrorIsFoundByErrorsAs(t *testing.T) {
	t.Parallel()
	var status *maskit.StatusError
	require.ErrorAs(t, fmt.Errorf("x: %w", &maskit.StatusError{Status: 429, RetryAfter: time.Second}), &status)
	require.Equal(t, time.Second, status.RetryAfter)
}

func TestDriftIsAConflict(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, maskit.ErrDrift, maskit.ErrConflict)
	require.NotErrorIs(t, maskit.ErrConflict, maskit.ErrDrift)
}
