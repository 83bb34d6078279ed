package mas_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/mas"
)

// TestBuildGolden shows what a builder with all intents makes of them: the public
// file, which names the secrets.
func TestBuildGolden(t *testing.T) {
	t.Parallel()
	config := build(t, everything(t))
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSplit})
	require.NoError(t, problems.Err())
	golden.Require(t, "testdata/builder.golden.yaml", string(rendered.Files[0].Data()))
}

// The oldest version that the SDK takes knows everything that is written by default.
func TestBuildForTheOldestVersion(t *testing.T) {
	t.Parallel()
	config, problems := builder(t).Version(maskit.MinMAS()).Capacity(mas.Capacity{Servers: 3, PoolSize: 5}).Build()
	require.NoError(t, problems.Err())
	_, problems = mas.Render(config, mas.RenderOptions{MASVersion: maskit.MinMAS()})
	require.NoError(t, problems.Err())
}

// A key that the caller asked for and the version does not know is never dropped.
func TestBuildReportsWhatTheVersionDoesNotKnow(t *testing.T) {
	t.Parallel()
	_, problems := builder(t).Version(maskit.Version{Major: 1}).
		OAuth(mas.OAuth{DeviceCodeGrantEnabled: mas.Set(false)}).Build()
	require.Equal(t, []string{"oauth unsupported-by-version"}, codes(problems.Only(maskit.SeverityError)))
}

// everything is a builder with every intent.
func everything(t testing.TB) *mas.Builder {
	t.Helper()
	secret := func(s string) mas.SecretValue { return mas.SecretValue{Inline: maskit.NewSecret(s)} }
	return builder(t).
		Version(maskit.Version{Major: 1, Minor: 22}).
		Passwords(mas.Passwords{MinimumComplexity: mas.Set[uint8](4), Schemes: []mas.PasswordScheme{
			{Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true, Secret: secret("pepper")},
			{Version: 2, Algorithm: mas.Argon2id},
		}}).
		Account(mas.Account{PasswordRegistrationEnabled: true, PasswordRecoveryEnabled: true, DisplaynameChangeAllowed: mas.Set(false)}).
		Email(mas.Email{
			From: "Matrix <matrix@example.com>", ReplyTo: "help@example.com", Transport: mas.EmailSMTP,
			Mode: mas.SMTPStartTLS, Hostname: "smtp.example.com", Username: "mas", Password: secret("mail"),
		}).
		Captcha(mas.Captcha{Service: mas.HCaptcha, SiteKey: "site", SecretKey: maskit.NewSecret("captcha")}).
		Clients(mas.Client{
			ClientID: "01J0000000000000000000000C", ClientAuthMethod: mas.AuthClientSecretBasic,
			ClientSecret: secret("static"), RedirectURIs: []string{"https://tool.example.com/callback"},
		}).
		Policy(mas.Policy{Data: &mas.PolicyData{
			AdminUsers:   []string{"alice"},
			Registration: &mas.RegistrationPolicy{BannedUsernames: &mas.Patterns{Literals: []string{"admin"}}},
		}}).
		RateLimits(mas.RateLimiting{Login: &mas.LoginLimits{PerIP: &mas.RateLimit{Burst: 30, PerSecond: 0.5}}}).
		Capacity(mas.Capacity{Servers: 2, Workers: 1, PoolSize: 12}).
		Branding(mas.Branding{ServiceName: "Example", PolicyURI: "https://example.com/privacy"}).
		Telemetry(mas.Telemetry{Tracing: &mas.Tracing{Exporter: mas.TracingOTLP, Endpoint: "http://otel:4318"}}).
		Templates(mas.Templates{Path: "/etc/mas/templates"}).
		OAuth(mas.OAuth{DeviceCodeGrantEnabled: mas.Set(false)}).
		Experimental(mas.Experimental{AccessTokenTTL: mas.Set[mas.Seconds](600)}).
		TrustedProxies("10.244.0.0/16")
}
