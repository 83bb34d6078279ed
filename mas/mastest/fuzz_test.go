package mastest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a caller sends, the server answers JSON with a status that MAS uses,
// and calls no token active that nobody added.
func FuzzIntrospect(f *testing.F) {
	f.Add(bearer, form, "token=x&token_type_hint=access_token")
	f.Add("Basic c3luYXBzZTp4", form, "token=x&client_id=synapse")
	f.Add("", "application/json", `{"token":"x"}`)
	f.Add("", form, "token=x&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=e30.eyJzdWIiOiJ4In0.x")
	f.Fuzz(func(t *testing.T, authorization, contentType, body string) {
		s := newServer(t)
		w := do(t, s, "POST", "/oauth2/introspect", body, "Authorization", authorization, "Content-Type", contentType)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusInternalServerError}, w.Code)
		require.True(t, json.Valid(w.Body.Bytes()))
		if w.Code == http.StatusOK {
			require.Equal(t, `{"active":false}`, w.Body.String())
		}
		require.Len(t, s.Requests(), 1)
	})
}
