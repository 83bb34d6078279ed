package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit/internal/live/cache"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/ports"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// server is a Keycloak with an in-memory database, and its administrator.
type server struct {
	url, password string
	client        *http.Client

	mu    sync.Mutex
	token string
	until time.Time
}

// startServer boots a Keycloak of the newest version that is tested.
func startServer(ctx context.Context) (*server, func(), error) {
	found, err := cache.Default()
	if err != nil {
		return nil, nil, err
	}
	home, err := install.FindKeycloak(found, install.KeycloakCurrent)
	if err != nil {
		return nil, nil, err
	}
	port, err := ports.Free(ctx)
	if err != nil {
		return nil, nil, err
	}
	management, err := ports.Free(ctx)
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "maskit-bench-")
	if err != nil {
		return nil, nil, err
	}
	s := &server{url: fmt.Sprintf("http://127.0.0.1:%d", port), password: rand.Text()}
	s.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	process, err := proc.Start(proc.Spec{
		Name: "keycloak", Path: filepath.Join(home, "bin", "kc.sh"), Scratch: dir, Log: filepath.Join(dir, "log"), Grace: 15 * time.Second,
		Args: []string{
			"start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1", fmt.Sprintf("--http-port=%d", port),
			fmt.Sprintf("--http-management-port=%d", management), "--hostname-strict=false", "--cache=local", "--log-level=warn",
		},
		Env: []string{"JAVA_OPTS_KC_HEAP=-Xms256m -Xmx2g", "KC_BOOTSTRAP_ADMIN_USERNAME=admin", "KC_BOOTSTRAP_ADMIN_PASSWORD=" + s.password},
	})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, err
	}
	stop := func() {
		process.Stop()
		_ = os.RemoveAll(dir)
	}
	if err := process.Await(ctx, proc.HTTPReady(s.url+"/realms/master/.well-known/openid-configuration")); err != nil {
		stop()
		return nil, nil, err
	}
	return s, stop, nil
}

// send calls the admin API: the path begins below /admin.
func (s *server) send(ctx context.Context, method, path string, in, out any) error {
	token, err := s.logIn(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.url+"/admin"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	return s.do(request, out)
}

// logIn keeps the token for half of its life.
func (s *server) logIn(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.until) {
		return s.token, nil
	}
	form := url.Values{"grant_type": {"password"}, "client_id": {"admin-cli"}, "username": {"admin"}, "password": {s.password}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/realms/master/protocol/openid-connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var grant struct {
		AccessToken string `json:"access_token"`
	}
	if err := s.do(request, &grant); err != nil {
		return "", err
	}
	s.token, s.until = grant.AccessToken, time.Now().Add(30*time.Second)
	return s.token, nil
}

func (s *server) do(request *http.Request, out any) error {
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: status %d: %s", request.Method, request.URL.Path, response.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
