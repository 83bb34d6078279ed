package upstreamtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// LogoutDelivery is a logout token that was sent to a client, and what it answered.
type LogoutDelivery struct {
	// ClientID is the client's.
	ClientID string
	// Token is the logout token.
	Token string
	// Status and Body are the answer.
	Status int
	Body   string
}

// pending is a logout token before it is sent.
type pending struct {
	client Client
	claims map[string]any
}

// LogOut ends all sessions of a person and sends a logout token (OpenID Connect
// Back-Channel Logout 1.0) for each of them to every client that it logged in to and that
// has a BackchannelLogoutURI. A client that cannot be reached is an error.
func (p *IDP) LogOut(ctx context.Context, user string) ([]LogoutDelivery, error) {
	var deliveries []LogoutDelivery
	for _, message := range p.endSessions(user) {
		delivery, err := p.deliver(ctx, message)
		if err != nil {
			return deliveries, fmt.Errorf("upstreamtest: log out at %s: %w", message.client.ID, err)
		}
		deliveries = append(deliveries, delivery)
	}
	return deliveries, nil
}

func (p *IDP) endSessions(user string) []pending {
	p.mu.Lock()
	defer p.mu.Unlock()
	var messages []pending
	for cookie, s := range p.sessions {
		if s.user != user {
			continue
		}
		delete(p.sessions, cookie)
		for _, id := range slices.Sorted(maps.Keys(s.clients)) {
			if client := p.clients[id]; client.BackchannelLogoutURI != "" {
				messages = append(messages, pending{client, p.logoutClaims(s, id)})
			}
		}
	}
	return messages
}

func (p *IDP) logoutClaims(s *session, client string) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": p.Issuer, "aud": client, "iat": now.Unix(), "jti": rand.Text(), "sub": p.claims(s.user)["sub"], "sid": s.id,
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if !p.has(LogoutTokenWithoutExp) {
		claims["exp"] = now.Add(2 * time.Minute).Unix()
	}
	return claims
}

func (p *IDP) deliver(ctx context.Context, message pending) (LogoutDelivery, error) {
	token, err := p.keys.sign("logout+jwt", message.claims, message.client)
	if err != nil {
		return LogoutDelivery{}, err
	}
	body := strings.NewReader(url.Values{"logout_token": {token}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.client.BackchannelLogoutURI, body)
	if err != nil {
		return LogoutDelivery{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := p.client.Do(request)
	if err != nil {
		return LogoutDelivery{}, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxForm))
	return LogoutDelivery{ClientID: message.client.ID, Token: token, Status: response.StatusCode, Body: string(answer)}, err
}
