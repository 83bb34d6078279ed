package live

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// synapseAPI calls a homeserver.
type synapseAPI struct{ url, token string }

// as returns the API as somebody else uses it.
func (a synapseAPI) as(token string) synapseAPI { return synapseAPI{url: a.url, token: token} }

// call sends in as JSON, if it is not nil, and reads the answer into out, if that is
// not nil. Any answer but 200 and 201 fails the test.
func (a synapseAPI) call(t testing.TB, method, path string, in, out any) {
	t.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal("live:", err)
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, a.url+path, body)
	if err != nil {
		t.Fatal("live:", err)
	}
	if a.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal("live:", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK && response.StatusCode != http.StatusCreated {
		t.Fatalf("live: %s %s: %s %v\n%s", method, path, response.Status, err, answer)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("live: %s %s: %v", method, path, err)
	}
}
