package wellknown_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes/wellknown"
)

func served(body []byte) wellknown.Served {
	return wellknown.Served{URL: "https://example.com/.well-known/matrix/x", Status: http.StatusOK, Header: wellknown.Header(), Body: body}
}

// codes are "severity code" of each problem.
func codes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Severity.String()+" "+p.Code)
	}
	return out
}

func TestCheckClient(t *testing.T) {
	t.Parallel()
	const good = `"m.homeserver":{"base_url":"https://matrix.example.com"}`
	cases := map[string]struct {
		body   string
		change func(*wellknown.Served)
		want   []string
	}{
		"good":                          {body: `{` + good + `}`},
		"final slash":                   {body: `{"m.homeserver":{"base_url":"https://matrix.example.com/"}}`},
		"unknown keys":                  {body: `{` + good + `,"org.example":[1]}`},
		"charset":                       {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Set("Content-Type", "application/json; charset=utf-8") }},
		"not found":                     {change: func(s *wellknown.Served) { s.Status = 404 }, want: []string{"error well-known-missing"}},
		"login page":                    {change: func(s *wellknown.Served) { s.Status = 403 }, want: []string{"error well-known-status"}},
		"web page":                      {body: `<html>`, want: []string{"error not-json"}},
		"null":                          {body: `null`, want: []string{"error not-json"}},
		"list":                          {body: `[]`, want: []string{"error not-json"}},
		"content type":                  {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Del("Content-Type") }, want: []string{"warning content-type"}},
		"no CORS":                       {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Del("Access-Control-Allow-Origin") }, want: []string{"error cors-missing"}},
		"CORS twice":                    {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Add("Access-Control-Allow-Origin", "*") }, want: []string{"error cors-doubled"}},
		"CORS twice in one":             {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Set("Access-Control-Allow-Origin", "*, *") }, want: []string{"error cors-doubled"}},
		"CORS for one":                  {body: `{` + good + `}`, change: func(s *wellknown.Served) { s.Header.Set("Access-Control-Allow-Origin", "https://app.example.com") }, want: []string{"error cors-narrow"}},
		"empty":                         {body: `{}`, want: []string{"error homeserver-missing"}},
		"case counts":                   {body: `{"M.Homeserver":{"base_url":"https://matrix.example.com"}}`, want: []string{"error homeserver-missing"}},
		"base_url is a number":          {body: `{"m.homeserver":{"base_url":1}}`, want: []string{"error homeserver-missing"}},
		"other homeserver":              {body: `{"m.homeserver":{"base_url":"https://old.example.com"}}`, want: []string{"error homeserver-mismatch"}},
		"http":                          {body: `{"m.homeserver":{"base_url":"http://matrix.example.com"}}`, want: []string{"error http-https-mix"}},
		"same address, spelt otherwise": {body: `{"m.homeserver":{"base_url":"https://Matrix.example.com:443/"}}`},
		"other port":                    {body: `{"m.homeserver":{"base_url":"https://matrix.example.com:8448"}}`, want: []string{"error homeserver-mismatch"}},
		"other path":                    {body: `{"m.homeserver":{"base_url":"https://matrix.example.com/x"}}`, want: []string{"error homeserver-mismatch"}},
		"identity server":               {body: `{` + good + `,"m.identity_server":{"base_url":"https://vector.im"}}`},
		"empty identity server":         {body: `{` + good + `,"m.identity_server":{}}`, want: []string{"error identity-server-invalid"}},
		"MSC2965":                       {body: `{` + good + `,"org.matrix.msc2965.authentication":{"issuer":"https://account.example.com/","account":"https://account.example.com/account/"}}`},
		"issuer without slash":          {body: `{` + good + `,"org.matrix.msc2965.authentication":{"issuer":"https://account.example.com"}}`, want: []string{"error issuer-mismatch"}},
		"account elsewhere":             {body: `{` + good + `,"org.matrix.msc2965.authentication":{"issuer":"https://account.example.com/","account":"https://sso.example.com/"}}`, want: []string{"warning account-mismatch"}},
		"all at once": {
			body:   `{"m.homeserver":{"base_url":"https://old.example.com"},"m.identity_server":1,"org.matrix.msc2965.authentication":null}`,
			change: func(s *wellknown.Served) { s.Header = nil },
			want:   []string{"warning content-type", "error cors-missing", "error homeserver-mismatch", "error identity-server-invalid", "error issuer-mismatch"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := served([]byte(c.body))
			if c.change != nil {
				c.change(&answer)
			}
			problems := wellknown.CheckClient(answer, goodSite())
			require.Equal(t, c.want, codes(problems))
			for _, p := range problems {
				require.Equal(t, answer.URL, p.Path)
				require.NotEmpty(t, p.Hint)
			}
		})
	}
}

func TestCheckClientExplainsTheFinalSlash(t *testing.T) {
	t.Parallel()
	problems := wellknown.CheckClient(served([]byte(`{"m.homeserver":{"base_url":"https://matrix.example.com"},"org.matrix.msc2965.authentication":{"issuer":"https://account.example.com"}}`)), goodSite())
	require.Len(t, problems, 1)
	require.Equal(t, `the issuer is "https://account.example.com" instead of "https://account.example.com/"; the final slash counts`, problems[0].Message)
}

func TestCheckServer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body string
		want []string
	}{
		"good":         {body: `{"m.server":"matrix.example.com:443"}`},
		"elsewhere":    {body: `{"m.server":"federation.example.net:8448"}`},
		"IPv6":         {body: `{"m.server":"[2001:db8::1]:443"}`},
		"missing":      {body: `{}`, want: []string{"error server-missing"}},
		"number":       {body: `{"m.server":1}`, want: []string{"error server-missing"}},
		"URL":          {body: `{"m.server":"https://matrix.example.com"}`, want: []string{"error server-invalid"}},
		"no port":      {body: `{"m.server":"matrix.example.com"}`, want: []string{"warning server-without-port"}},
		"port zero":    {body: `{"m.server":"matrix.example.com:0"}`, want: []string{"error server-invalid"}},
		"no host":      {body: `{"m.server":":443"}`, want: []string{"error server-invalid"}},
		"bad IPv6":     {body: `{"m.server":"[::1::]:443"}`, want: []string{"error server-invalid"}},
		"not a object": {body: `"matrix.example.com"`, want: []string{"error not-json"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, codes(wellknown.CheckServer(served([]byte(c.body)))))
		})
	}
}

func TestCheckServerNeedsNoCORS(t *testing.T) {
	t.Parallel()
	answer := served([]byte(`{"m.server":"matrix.example.com:443"}`))
	answer.Header.Del("Access-Control-Allow-Origin")
	require.Empty(t, wellknown.CheckServer(answer))
	answer.Status = http.StatusBadGateway
	require.Equal(t, []string{"error well-known-status"}, codes(wellknown.CheckServer(answer)))
}

// FuzzCheck feeds the checks with any body: they never panic, and whatever is no
// exact match of the site is reported.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"", "{}", "null", `{"m.homeserver":{"base_url":"https://matrix.example.com"}}`, `{"m.server":"a:1"}`, `{"m.server":"[::]:1"}`, "[[[["} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		site := goodSite()
		other := site
		other.ClientAPIURL = "https://other.example.org/"
		if wellknown.CheckClient(served(body), site).Err() == nil {
			require.Error(t, wellknown.CheckClient(served(body), other).Err())
		}
		if wellknown.CheckServer(served(body)).Err() == nil {
			var document map[string]any
			require.NoError(t, json.Unmarshal(body, &document))
			require.NotEmpty(t, document["m.server"])
		}
	})
}
