package httpx_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

const hidden = "hunter2"

// serve starts a server that counts its requests.
func serve(t *testing.T, handle func(n int, w http.ResponseWriter, r *http.Request)) (string, *atomic.Int32) {
	t.Helper()
	count := &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handle(int(count.Add(1)), w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, count
}

// patient makes a client whose pauses are recorded instead of waited for.
func patient(cfg httpx.Config) (*httpx.Client, *[]time.Duration) {
	var pauses []time.Duration
	cfg.Retry.Wait = func(ctx context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return ctx.Err()
	}
	if cfg.Retry.Jitter == nil {
		cfg.Retry.Jitter = func() float64 { return 0 }
	}
	return httpx.New(cfg), &pauses
}

func get(url string) httpx.Request { return httpx.Request{Method: http.MethodGet, URL: url} }

// breakOff sends the beginning of an answer and resets the connection.
func breakOff(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, "the beginning")
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func TestAnswerIsReadWhole(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Got", r.Method+" "+r.Header.Get("X-Sent")+" "+r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.Copy(w, r.Body)
	})
	client, _ := patient(httpx.Config{})
	response, err := client.Do(t.Context(), httpx.Request{
		Method: http.MethodPost, URL: url + "/a?q=1", Body: []byte("body"), Bearer: maskit.NewSecret("t"), Header: http.Header{"X-Sent": {"x"}},
	})
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, response.Status)
	require.Equal(t, "body", string(response.Body))
	require.Equal(t, "POST x Bearer t", response.Header.Get("X-Got"))
	require.Equal(t, url+"/a", response.URL)
	require.Equal(t, 1, response.Attempts)
	require.Positive(t, response.Duration)
}

func TestRetries(t *testing.T) {
	t.Parallel()
	fail := func(status int) func(int, http.ResponseWriter) {
		return func(_ int, w http.ResponseWriter) { w.WriteHeader(status) }
	}
	healed := func(after, status int, retryAfter string) func(int, http.ResponseWriter) {
		return func(n int, w http.ResponseWriter) {
			if n <= after {
				w.Header().Set("Retry-After", retryAfter)
				w.WriteHeader(status)
			}
		}
	}
	ms := time.Millisecond
	for name, test := range map[string]struct {
		method     string
		repeatable bool
		server     func(n int, w http.ResponseWriter)
		pauses     []time.Duration
		status     int // 0: an error
	}{
		"502 then ok":                     {server: healed(1, 502, ""), pauses: []time.Duration{250 * ms}, status: 200},
		"503 three times then ok":         {server: healed(3, 503, ""), pauses: []time.Duration{250 * ms, 500 * ms, 1000 * ms}, status: 200},
		"504 for ever":                    {server: fail(504), pauses: []time.Duration{250 * ms, 500 * ms, 1000 * ms}, status: 504},
		"429 asks for a pause":            {server: healed(1, 429, "7"), pauses: []time.Duration{7 * time.Second}, status: 200},
		"asked for a pause of an hour":    {server: healed(1, 503, "3600"), status: 503},
		"Retry-After is nonsense":         {server: healed(1, 503, "soon"), pauses: []time.Duration{250 * ms}, status: 200},
		"Retry-After is negative":         {server: healed(1, 503, "-5"), pauses: []time.Duration{250 * ms}, status: 200},
		"Retry-After has passed":          {server: healed(1, 503, "Mon, 02 Jan 2006 15:04:05 GMT"), pauses: []time.Duration{250 * ms}, status: 200},
		"500 is final":                    {server: fail(500), status: 500},
		"404 is final":                    {server: fail(404), status: 404},
		"reset then ok":                   {server: func(n int, w http.ResponseWriter) { brokenUntil(n, 2, w) }, pauses: []time.Duration{250 * ms}, status: 200},
		"reset for ever":                  {server: func(_ int, w http.ResponseWriter) { breakOff(w) }, pauses: []time.Duration{250 * ms, 500 * ms, 1000 * ms}},
		"PUT is idempotent":               {method: "PUT", server: healed(1, 503, ""), pauses: []time.Duration{250 * ms}, status: 200},
		"POST may have been carried out":  {method: "POST", server: healed(1, 503, ""), status: 503},
		"POST broke off":                  {method: "POST", server: func(n int, w http.ResponseWriter) { brokenUntil(n, 2, w) }},
		"POST that may be repeated":       {method: "POST", repeatable: true, server: healed(1, 503, ""), pauses: []time.Duration{250 * ms}, status: 200},
		"POST that was turned away":       {method: "POST", server: healed(1, 429, ""), pauses: []time.Duration{250 * ms}, status: 200},
		"POST repeatable broke off, then": {method: "POST", repeatable: true, server: func(n int, w http.ResponseWriter) { brokenUntil(n, 2, w) }, pauses: []time.Duration{250 * ms}, status: 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, count := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) { test.server(n, w) })
			client, pauses := patient(httpx.Config{})
			request := get(url)
			if test.method != "" {
				request.Method, request.Repeatable = test.method, test.repeatable
			}
			response, err := client.Do(t.Context(), request)
			require.Equal(t, test.pauses, *pauses)
			require.EqualValues(t, len(test.pauses)+1, count.Load())
			if test.status == 0 {
				require.ErrorIs(t, err, io.ErrUnexpectedEOF)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.status, response.Status)
			require.Equal(t, len(test.pauses)+1, response.Attempts)
		})
	}
}

func brokenUntil(n, healthy int, w http.ResponseWriter) {
	if n < healthy {
		breakOff(w)
	}
}

func TestPausesAreCappedAndShortenedByJitter(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	client, pauses := patient(httpx.Config{Retry: httpx.Retry{
		Attempts: 40, First: 2 * time.Second, Longest: 5 * time.Second, Jitter: func() float64 { return 0.5 },
	}})
	_, err := client.Do(t.Context(), get(url))
	require.NoError(t, err)
	require.Len(t, *pauses, 39)
	require.Equal(t, []time.Duration{1500 * time.Millisecond, 3 * time.Second, 3750 * time.Millisecond}, (*pauses)[:3])
	require.Equal(t, 3750*time.Millisecond, (*pauses)[38])
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		client, pauses := patient(httpx.Config{})
		_, err = client.Do(t.Context(), httpx.Request{Method: method, URL: "http://" + address + "/x?token=" + hidden})
		require.ErrorContains(t, err, "httpx: "+method+" http://"+address+"/x: dial tcp "+address)
		require.NotContains(t, err.Error(), hidden)
		require.Len(t, *pauses, 3)
	}
}

func TestFinalFailuresAreNotRepeated(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	t.Cleanup(secure.Close)
	plain, _ := serve(t, func(int, http.ResponseWriter, *http.Request) {})
	nowhere := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true}
	}}}
	for name, test := range map[string]struct {
		client *http.Client
		url    string
		want   string
	}{
		"certificate":      {url: secure.URL, want: "certificate signed by unknown authority"},
		"plain http":       {url: strings.Replace(plain, "http:", "https:", 1), want: "server gave HTTP response to HTTPS client"},
		"no such name":     {client: nowhere, url: "https://nowhere.example/", want: "no such host"},
		"not a URL":        {url: "http://[" + hidden, want: "httpx: GET (not a URL): not an absolute http or https URL"},
		"relative":         {url: "/x", want: "not an absolute http or https URL"},
		"other scheme":     {url: "ftp://example.com/x", want: "not an absolute http or https URL"},
		"password in it":   {url: "http://u:" + hidden + "@example.com/x?t=" + hidden, want: "httpx: GET http://example.com/x: the URL holds a user name or password"},
		"opaque":           {url: "mailto:" + hidden, want: "httpx: GET (not a URL): not an absolute http or https URL"},
		"odd method":       {url: plain + "/?" + hidden, want: "invalid method"},
		"header of Bearer": {url: plain, want: "the Authorization header goes into Bearer"},
		"in lower case":    {url: plain, want: "the Authorization header goes into Bearer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, pauses := patient(httpx.Config{HTTPClient: test.client})
			request := get(test.url)
			switch name {
			case "odd method":
				request.Method = "GE T"
			case "header of Bearer":
				request.Header = http.Header{"Authorization": {hidden}}
			case "in lower case":
				request.Header = http.Header{"authorization": {hidden}}
			}
			_, err := client.Do(t.Context(), request)
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), hidden)
			require.Empty(t, *pauses)
		})
	}
}

func TestTimeIsBounded(t *testing.T) {
	t.Parallel()
	slow := func(_ int, w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "drop")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	t.Run("attempt", func(t *testing.T) {
		t.Parallel()
		url, _ := serve(t, slow)
		client, pauses := patient(httpx.Config{AttemptTimeout: 50 * time.Millisecond, Retry: httpx.Retry{Attempts: 2}})
		_, err := client.Do(t.Context(), get(url))
		require.ErrorContains(t, err, "no answer in time")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, *pauses, 1, "a second attempt was made")
	})
	t.Run("call", func(t *testing.T) {
		t.Parallel()
		url, _ := serve(t, slow)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		client, pauses := patient(httpx.Config{})
		_, err := client.Do(ctx, get(url))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, *pauses)
	})
	t.Run("no pause beyond the end of the call", func(t *testing.T) {
		t.Parallel()
		url, count := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		response, err := httpx.New(httpx.Config{Retry: httpx.Retry{First: 15 * time.Second}}).Do(ctx, get(url))
		require.NoError(t, err)
		require.Equal(t, http.StatusBadGateway, response.Status, "the last answer is the result")
		require.Less(t, time.Since(start), 2*time.Second)
		require.EqualValues(t, 1, count.Load())
	})
	t.Run("cancelled in a pause", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		url, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			time.AfterFunc(20*time.Millisecond, cancel)
		})
		start := time.Now()
		_, err := httpx.New(httpx.Config{Retry: httpx.Retry{First: 10 * time.Second}}).Do(ctx, get(url))
		require.NoError(t, err, "the answer of the first attempt")
		require.Less(t, time.Since(start), 2*time.Second)
	})
}

func TestErrorsHaveABoundOfTheirOwn(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 500))
	})
	client, _ := patient(httpx.Config{MaxBody: 1000, MaxErrorBody: 100})
	for path, want := range map[string]int{"/good": 500, "/bad": 100} {
		response, err := client.Do(t.Context(), get(url+path))
		require.NoError(t, err)
		require.Len(t, response.Body, want)
		require.Equal(t, want < 500, response.Truncated)
	}
}

func TestSizeIsBounded(t *testing.T) {
	t.Parallel()
	endless, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		for range 1 << 10 {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 64<<10)); err != nil {
				return
			}
		}
	})
	bomb, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zip := gzip.NewWriter(w)
		for range 1 << 8 {
			_, _ = zip.Write(bytes.Repeat([]byte("0"), 64<<10))
		}
		_ = zip.Close()
	})
	exact, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `"`+strings.Repeat("x", 998)+`"`)
	})
	for name, test := range map[string]struct {
		url       string
		truncated bool
	}{"endless": {endless, true}, "gzip bomb": {bomb, true}, "exactly the limit": {exact, false}} {
		client, _ := patient(httpx.Config{MaxBody: 1000})
		response, err := client.Do(t.Context(), get(test.url))
		require.NoError(t, err, name)
		require.Len(t, response.Body, 1000, name)
		require.Equal(t, test.truncated, response.Truncated, name)
		var text string
		if err := response.JSON(&text); test.truncated {
			require.ErrorIs(t, err, httpx.ErrTruncated, name)
		} else {
			require.NoError(t, err, name)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	url, count := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		if step := r.URL.Path; step != "/aaaa" {
			http.SetCookie(w, &http.Cookie{Name: "c", Value: "1"})
			w.Header().Set("Location", step+"a?token="+hidden)
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = fmt.Fprint(w, len(r.Cookies()))
	})
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	injected := &http.Client{Jar: jar}
	client, _ := patient(httpx.Config{HTTPClient: injected})
	response, err := client.Do(t.Context(), get(url+"/"))
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, response.Status, "nothing is followed by itself")
	require.EqualValues(t, 1, count.Load())

	request := get(url + "/")
	request.Redirects = 3
	response, err = client.Do(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, response.Status, "the fourth redirect")
	require.EqualValues(t, 5, count.Load())

	request.Redirects = 4
	response, err = client.Do(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, "0", string(response.Body), "no cookie is kept")
	require.Equal(t, url+"/aaaa", response.URL)

	request.Bearer = maskit.NewSecret(hidden)
	_, err = client.Do(t.Context(), request)
	require.ErrorContains(t, err, "without credentials only")
	require.Nil(t, injected.CheckRedirect, "the injected client is not changed")
	require.NotNil(t, injected.Jar)
	require.Nil(t, injected.Transport)
}

func TestNoRedirectFromHTTPSToHTTP(t *testing.T) {
	t.Parallel()
	plain, count := serve(t, func(int, http.ResponseWriter, *http.Request) {})
	secure := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
	t.Cleanup(secure.Close)
	client, _ := patient(httpx.Config{HTTPClient: secure.Client()})
	request := get(secure.URL)
	request.Redirects = 5
	response, err := client.Do(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, response.Status)
	require.Zero(t, count.Load())
}

// Nothing that is sent, and no query of an address, shows in an error or a log.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	url, _ := serve(t, func(n int, w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/location":
			w.Header().Set("Location", "http://["+hidden)
			w.WriteHeader(http.StatusFound)
		case "/reset":
			breakOff(w)
		}
	})
	client, _ := patient(httpx.Config{Logger: logger, Retry: httpx.Retry{Attempts: 2}})
	for _, path := range []string{"/location", "/reset", "/ok"} {
		_, err := client.Do(t.Context(), httpx.Request{
			Method: http.MethodPost, URL: url + path + "?t=" + hidden + "#" + hidden, Bearer: maskit.NewSecret(hidden),
			Header: http.Header{"X-Key": {hidden}}, Body: []byte(hidden),
		})
		if err != nil {
			require.NotContains(t, err.Error(), hidden)
		}
		require.Equal(t, path == "/reset", err != nil)
	}
	require.NotContains(t, log.String(), hidden)
	require.Contains(t, log.String(), "url="+url+"/ok")
	require.Contains(t, log.String(), "status=302")
}

func TestBasic(t *testing.T) {
	t.Parallel()
	url, count := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		_, _ = io.WriteString(w, user+" "+password)
	})
	client, _ := patient(httpx.Config{})
	request := get(url)
	request.Basic = maskit.NewSecret("me:a:b")
	response, err := client.Do(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, "me a:b", string(response.Body))
	require.Nil(t, response.TLS)

	request.Redirects = 1
	_, err = client.Do(t.Context(), request)
	require.ErrorContains(t, err, "without credentials only")
	request.Redirects, request.Bearer = 0, maskit.NewSecret("b")
	_, err = client.Do(t.Context(), request)
	require.ErrorContains(t, err, "both Bearer and Basic are set")
	require.EqualValues(t, 1, count.Load())
}

func TestConnectionStateIsKept(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	client, _ := patient(httpx.Config{HTTPClient: secure.Client()})
	response, err := client.Do(t.Context(), get(secure.URL))
	require.NoError(t, err)
	require.True(t, secure.Certificate().Equal(response.TLS.PeerCertificates[0]))
}

// A server that repeats a secret in place of HTTP does not bring it into errors and logs.
func TestWhatIsNotHTTPIsNotQuoted(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		hidden, "HTTP/1.1 " + hidden + "\r\n\r\n", "HTTP/1.1 200 OK\r\n" + hidden + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: " + hidden + "\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + hidden + "\r\n\r\n",
	} {
		url, _ := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, answer+"\r\n\r\n")
				_ = conn.Close()
			}
		})
		var log bytes.Buffer
		client, _ := patient(httpx.Config{
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Retry: httpx.Retry{Attempts: 1},
		})
		_, err := client.Do(t.Context(), httpx.Request{Method: http.MethodPost, URL: url})
		require.EqualError(t, err, "httpx: POST "+url+": the answer is not valid HTTP", "%q", answer)
		require.NotContains(t, log.String(), hidden)
	}
}

func TestCausesCanBeTold(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	client, _ := patient(httpx.Config{HTTPClient: &http.Client{Transport: failing{broken}}})
	_, err := client.Do(t.Context(), get("http://127.0.0.1/?"+hidden))
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, "httpx: GET http://127.0.0.1/: broken")
	var wrapped *url.Error
	require.NotErrorAs(t, err, &wrapped)
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
