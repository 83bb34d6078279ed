package migrate

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate/internal/mastoken"
)

// DefaultLiveTokens is how many tokens [Syn2MAS.VerifyLive] asks about by default.
const DefaultLiveTokens = 20

// LiveOptions say how [Syn2MAS.VerifyLive] asks.
type LiveOptions struct {
	// Tokens is how many tokens are asked about. Default: [DefaultLiveTokens].
	Tokens int
	// MASURL is where MAS serves the resource "oauth". Default: http.public_base of its configuration.
	MASURL string
	// SynapseURL is where Synapse serves clients. Default: matrix.endpoint of MAS's configuration.
	SynapseURL string
	// HTTPClient sends the requests. Default: one without a proxy.
	HTTPClient *http.Client
	// SkipSynapse leaves Synapse out: it is not started yet.
	SkipSynapse bool
}

// VerifyLive asks a running MAS, and a running Synapse that delegates to it, about some
// of the access tokens in MAS's database: whether each is active and of the right user
// and device. The tokens are those that a migration brought, as far as they are still
// valid; which ones depends on nothing but the tokens. They are sent to the two
// servers, and never shown. Nothing is written, but Synapse notes the devices as seen.
//
// An error means that it could not be done; a token that does not work is in the report.
func (s *Syn2MAS) VerifyLive(ctx context.Context, o LiveOptions) (LiveReport, error) {
	report, err := s.verifyLive(ctx, o)
	if err != nil {
		return report, fmt.Errorf("migrate: verify tokens: %w", err)
	}
	return report, nil
}

func (s *Syn2MAS) verifyLive(ctx context.Context, o LiveOptions) (LiveReport, error) {
	report := LiveReport{Started: s.now().UTC()}
	job, findings, err := s.prepare(ctx)
	if err != nil {
		return report, err
	}
	if job.MAS == nil || job.Config == nil {
		return report, fmt.Errorf("MAS's configuration and the address of its database are needed: %w", joined(findings.Err(), maskit.ErrInvalid))
	}
	asker, err := o.asker(job.Config, job.Logger)
	if err != nil {
		return report, err
	}
	tokens, err := liveTokens(ctx, job.MAS, asker.options.Tokens)
	if err != nil {
		return report, err
	}
	for i, token := range tokens {
		failures, err := asker.ask(ctx, token)
		if err != nil {
			return report, err
		}
		if report.Tokens++; len(failures) > 0 {
			report.Failed++
		}
		report.Failures = append(report.Failures, failures...)
		job.Events(Event{Stage: StageVerify, Object: "live tokens", Rows: int64(i) + 1, Total: int64(len(tokens)), Done: i+1 == len(tokens)})
	}
	report.Synapse = !o.SkipSynapse
	report.Seconds = s.now().Sub(report.Started).Seconds()
	return report, nil
}

func joined(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// liveAsker asks both servers.
type liveAsker struct {
	options    LiveOptions
	client     *httpx.Client
	secret     maskit.Secret
	serverName string
}

func (o LiveOptions) asker(config *mas.Config, logger *slog.Logger) (*liveAsker, error) {
	if o.Tokens <= 0 {
		o.Tokens = DefaultLiveTokens
	}
	if o.MASURL == "" && config.HTTP != nil {
		o.MASURL = config.HTTP.PublicBase
	}
	if o.SynapseURL == "" {
		o.SynapseURL = config.Matrix.Endpoint
	}
	secret := config.Matrix.Secret.Inline
	switch {
	case o.MASURL == "":
		return nil, fmt.Errorf("LiveOptions.MASURL is required, since http.public_base is not set: %w", maskit.ErrInvalid)
	case o.SynapseURL == "" && !o.SkipSynapse:
		return nil, fmt.Errorf("LiveOptions.SynapseURL is required, since matrix.endpoint is not set: %w", maskit.ErrInvalid)
	case secret.IsZero():
		return nil, fmt.Errorf("matrix.secret is needed: read its file in by Config.Inline: %w", maskit.ErrInvalid)
	}
	return &liveAsker{
		options: o, secret: secret, serverName: config.Matrix.Homeserver,
		client: httpx.New(httpx.Config{HTTPClient: o.HTTPClient, Logger: logger, MaxBody: 64 << 10}),
	}, nil
}

// liveToken is a token and what it should stand for.
type liveToken struct {
	token  maskit.Secret
	user   string // the localpart
	device string // empty if it has none
}

// liveTokens draws tokens that should work, by the hashes of their ids.
func liveTokens(ctx context.Context, config *pgx.ConnConfig, n int) ([]liveToken, error) {
	conn, err := verifyConnection(ctx, config)
	if err != nil {
		return nil, err
	}
	defer closeVerifyConnection(ctx, conn)
	rows, err := conn.Query(ctx, `SELECT t.access_token, u.username, coalesce(s.device_id, '')
		FROM compat_access_tokens t JOIN compat_sessions s USING (compat_session_id) JOIN users u USING (user_id)
		WHERE (t.expires_at IS NULL OR t.expires_at > now() + interval '1 minute') AND s.finished_at IS NULL
			AND u.locked_at IS NULL AND u.deactivated_at IS NULL
		ORDER BY sha256(convert_to(t.access_token, 'UTF8')) LIMIT $1`, 4*n)
	if err != nil {
		return nil, fmt.Errorf("read tokens in %s: %w", masDatabase, err)
	}
	var (
		drawn               []liveToken
		token, user, device string
	)
	_, err = pgx.ForEachRow(rows, []any{&token, &user, &device}, func() error {
		if mastoken.Access(token) && len(drawn) < n { // the others do not work, and Check warns of them
			drawn = append(drawn, liveToken{maskit.NewSecret(token), user, device})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read tokens in %s: %w", masDatabase, err)
	}
	return drawn, nil
}

// ask returns what is wrong with a token.
func (a *liveAsker) ask(ctx context.Context, t liveToken) ([]LiveFailure, error) {
	problem, err := a.askMAS(ctx, t)
	if err != nil {
		return nil, err
	}
	var failures []LiveFailure
	add := func(server, problem string) {
		if problem != "" {
			failures = append(failures, LiveFailure{Key: t.key(a.serverName), Server: server, Problem: problem})
		}
	}
	add("MAS", problem)
	if a.options.SkipSynapse {
		return failures, nil
	}
	problem, err = a.askSynapse(ctx, t)
	add("Synapse", problem)
	return failures, err
}

func (t liveToken) key(serverName string) string {
	key := "@" + t.user + ":" + serverName
	if t.device == "" {
		return key + " (no device)"
	}
	return key + " " + t.device
}

// introspection is what of RFC 7662 and of MAS's own matters.
type introspection struct {
	Active   bool   `json:"active"`
	Username string `json:"username"`
	DeviceID string `json:"device_id"`
	Scope    string `json:"scope"`
}

// device is device_id, which MAS 0.16 and newer send when asked; before, it is in the scope.
func (i introspection) device() string {
	if i.DeviceID != "" {
		return i.DeviceID
	}
	for scope := range strings.FieldsSeq(i.Scope) {
		for _, prefix := range []string{"urn:matrix:client:device:", "urn:matrix:org.matrix.msc2967.client:device:"} {
			if device, found := strings.CutPrefix(scope, prefix); found {
				return device
			}
		}
	}
	return ""
}

// askMAS is what Synapse does with each token that it does not remember.
func (a *liveAsker) askMAS(ctx context.Context, t liveToken) (problem string, err error) {
	response, err := a.client.Do(ctx, httpx.Request{
		Method: http.MethodPost, URL: strings.TrimSuffix(a.options.MASURL, "/") + "/oauth2/introspect", Bearer: a.secret, Repeatable: true,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Mas-Supports-Device-Id": {"1"}},
		Body:   []byte(url.Values{"token": {t.token.Reveal()}}.Encode()),
	})
	if err != nil {
		return "", err
	}
	if err := response.Expect(http.StatusOK); err != nil {
		return "", fmt.Errorf("ask MAS about a token: %w", err)
	}
	var answer introspection
	if err := response.JSON(&answer); err != nil {
		return "", err
	}
	if !answer.Active {
		return "the token is not active", nil
	}
	return t.mismatch(answer.Username, answer.device()), nil
}

// askSynapse is what a client does first with a token that it has kept.
func (a *liveAsker) askSynapse(ctx context.Context, t liveToken) (problem string, err error) {
	response, err := a.client.Do(ctx, httpx.Request{
		Method: http.MethodGet, URL: strings.TrimSuffix(a.options.SynapseURL, "/") + "/_matrix/client/v3/account/whoami", Bearer: t.token,
	})
	if err != nil {
		return "", err
	}
	if response.Status == http.StatusUnauthorized || response.Status == http.StatusForbidden {
		return "the token is refused: " + response.StatusError().Code, nil
	}
	if err := response.Expect(http.StatusOK); err != nil {
		return "", fmt.Errorf("ask Synapse about a token: %w", err)
	}
	var answer struct {
		UserID   string `json:"user_id"`
		DeviceID string `json:"device_id"`
	}
	if err := response.JSON(&answer); err != nil {
		return "", err
	}
	name := strings.TrimSuffix(strings.TrimPrefix(answer.UserID, "@"), ":"+a.serverName)
	return t.mismatch(name, answer.DeviceID), nil
}

func (t liveToken) mismatch(user, device string) string {
	switch {
	case user != t.user:
		return fmt.Sprintf("the token is taken for one of %.80q", user)
	case device != t.device:
		return fmt.Sprintf("the token is taken for one of device %.80q", device)
	}
	return ""
}
