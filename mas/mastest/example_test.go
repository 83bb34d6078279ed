package mastest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
)

// A homeserver asks whose token it was shown.
func Example() {
	mas, err := mastest.New(mastest.Config{SharedSecret: maskit.NewSecret("s3cret")})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(mas)
	defer server.Close()

	if err := mas.PutUser(mastest.User{Username: "alice", Sub: "01J00000000000000000000000"}); err != nil {
		fmt.Println(err)
		return
	}
	token, err := mas.AddToken(mastest.Token{
		Kind: mastest.CompatToken, Username: "alice", DeviceID: "PHONE", Value: maskit.NewSecret("syt_YWxpY2U_old_1"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	form := url.Values{"token": {token.Reveal()}, "token_type_hint": {"access_token"}}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL+"/oauth2/introspect", strings.NewReader(form.Encode()))
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer s3cret")
	response, err := server.Client().Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(response.StatusCode, strings.Contains(string(body), `"username":"alice"`))
	for _, r := range mas.Requests() {
		fmt.Println(r.Method, r.Path, r.Status, r.BearerToken())
	}
	// Output:
	// 200 true
	// POST /oauth2/introspect 200 [redacted]
}
