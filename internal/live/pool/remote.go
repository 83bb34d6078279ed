package pool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit/internal/live/install"
)

// EnvSocket names the variable by which a run passes its pool's socket on.
const EnvSocket = "MASKIT_LIVE_RUN"

// Skip is what a test tells the run that owns the servers.
type Skip struct {
	Test string `json:"test"`
	Part string `json:"part"`
	How  string `json:"how"`
}

// Handler serves source to clients and hands the skips they report to skipped,
// which must be safe for concurrent use.
func Handler(source Source, skipped func(Skip)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /server", func(w http.ResponseWriter, r *http.Request) {
		address, err := source.Get(r.Context(), r.URL.Query().Get("name"))
		var missing *install.MissingError
		switch {
		case errors.As(err, &missing):
			respond(w, http.StatusNotFound, missing)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			respond(w, http.StatusOK, address)
		}
	})
	mux.HandleFunc("POST /skip", func(w http.ResponseWriter, r *http.Request) {
		var skip Skip
		if err := json.NewDecoder(r.Body).Decode(&skip); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		skipped(skip)
	})
	return mux
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// Client is the Source of a test process whose servers another process owns.
type Client struct{ http *http.Client }

// Dial returns a client of the pool behind the Unix socket. It does no I/O.
func Dial(socket string) *Client {
	var dialer net.Dialer
	return &Client{http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", socket)
		},
	}}}
}

// Get asks the pool for the server and waits until it is ready.
func (c *Client) Get(ctx context.Context, name string) (Address, error) {
	status, body, err := c.do(ctx, http.MethodGet, "/server?name="+url.QueryEscape(name), nil)
	if err != nil {
		return Address{}, err
	}
	switch status {
	case http.StatusOK:
		var address Address
		err := json.Unmarshal(body, &address)
		return address, err
	case http.StatusNotFound:
		missing := &install.MissingError{}
		if err := json.Unmarshal(body, missing); err != nil {
			return Address{}, err
		}
		return Address{}, missing
	default:
		return Address{}, errors.New(strings.TrimSpace(string(body)))
	}
}

// ReportSkip tells the run about a skipped test.
func (c *Client) ReportSkip(ctx context.Context, skip Skip) error {
	body, err := json.Marshal(skip)
	if err != nil {
		return err
	}
	_, _, err = c.do(ctx, http.MethodPost, "/skip", body)
	return err
}

func (c *Client) do(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://pool"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("pool: ask the run that owns the servers (%s): %w", EnvSocket, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}
