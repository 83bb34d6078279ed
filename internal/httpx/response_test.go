package httpx_test

import (
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

func TestStatusError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, code, message string }{
		"Matrix":            {`{"errcode":"M_FORBIDDEN","error":"No"}`, "M_FORBIDDEN", "No"},
		"OAuth":             {`{"error":"invalid_client","error_description":"Client authentication failed."}`, "invalid_client", "Client authentication failed."},
		"OAuth, code alone": {`{"error":"invalid_client"}`, "invalid_client", ""},
		"Keycloak":          {`{"errorMessage":"Client exists"}`, "", "Client exists"},
		"MAS admin API":     {`{"errors":[{"title":"User not found"},{"title":"more"}]}`, "", "User not found"},
		"page":              {`<html>secret</html>`, "", ""},
		"other JSON":        {`["x"]`, "", ""},
		"empty":             {``, "", ""},
		"hostile":           {"{\"errcode\":\"M_X\",\"error\":\"a\\u001b[31m\\nb\\u202e\"}", "M_X", "a[31m b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := httpx.Response{
				Method: "GET", URL: "https://example.com/x", Status: 403, Body: []byte(test.body),
				Header: http.Header{"Retry-After": {"3"}},
			}
			require.NoError(t, response.Expect(200, 403))
			err := response.Expect(200, 204)
			require.ErrorIs(t, err, maskit.ErrForbidden)
			var got *maskit.StatusError
			require.ErrorAs(t, err, &got)
			require.Equal(t, maskit.StatusError{
				Method: "GET", URL: "https://example.com/x", Status: 403, Code: test.code, Message: test.message, RetryAfter: 3 * time.Second,
			}, *got)
		})
	}
}

func TestTruncatedAnswersAreNotRead(t *testing.T) {
	t.Parallel()
	response := httpx.Response{Body: []byte(`{"errcode":"M_X"}`), Truncated: true}
	require.Empty(t, response.StatusError().Code)
}

func TestJSON(t *testing.T) {
	t.Parallel()
	response := httpx.Response{Method: "GET", URL: "https://example.com/x", Body: []byte(`{"a":"hunter2"}`)}
	var ok struct{ A string }
	require.NoError(t, response.JSON(&ok))
	require.Equal(t, "hunter2", ok.A)
	var bad struct{ A int }
	require.EqualError(t, response.JSON(&bad), "httpx: GET https://example.com/x: the answer is not the expected JSON")
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x00b\n", 3)
	f.Add("ééé", 3)
	f.Add("\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = min(max(limit, 0), 1000)
		got := httpx.Printable(text, limit)
		require.True(t, utf8.ValidString(got))
		require.LessOrEqual(t, len(got), limit+len("…"))
		for _, r := range got {
			require.True(t, r >= ' ' && r != 0x7f)
		}
	})
}
