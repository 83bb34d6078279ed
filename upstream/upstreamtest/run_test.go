package upstreamtest_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// broken is a provider that keeps to the contract until spoil changes what it returns.
type broken struct {
	Name   string        `yaml:"name"`
	Secret maskit.Secret `yaml:"secret"`

	shout bool
	spoil func(broken, *upstream.Entry, *maskit.Problems)
}

func (b broken) Kind() string {
	if b.shout {
		return "Acme Inc."
	}
	return "acme"
}

func (b broken) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	entry, problems := oidc.Config{
		Client:     oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: b.Secret}},
		Issuer:     "https://sso.example.com",
		AuthMethod: mas.AuthClientSecretPost,
	}.Entry(env)
	for i := range problems {
		if problems[i].Path == "client_secret" {
			problems[i].Path = "secret"
		}
	}
	if b.spoil != nil {
		b.spoil(b, &entry, &problems)
	}
	return entry, problems
}

// chatty shows its secret to the administrator.
type chatty struct{ broken }

func (c chatty) SetupSteps(env upstream.Env) []upstream.Step {
	return []upstream.Step{{Title: "Register", Settings: []upstream.Setting{
		{Name: "Redirect URI", Value: env.CallbackURL()},
		{Name: "Logout URI", Value: env.BackchannelLogoutURL()},
		{Name: "Secret", Value: c.Secret.Reveal()},
	}}}
}

// silent tells the administrator nothing.
type silent struct{ broken }

func (silent) SetupSteps(upstream.Env) []upstream.Step { return nil }

// provider makes the broken provider of the name; "" is one that is not broken.
func provider(name string) upstream.Provider {
	b := broken{Name: "x", Secret: maskit.NewSecret("s3cret")}
	calls := 0
	switch name {
	case "Kind":
		b.shout = true
	case "Valid":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) { e.Scope = "openid  email" }
	case "ID":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) { e.ID = "01JSHPZHAXC50QBKH67MH33TNG" }
	case "Deterministic":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			calls++
			e.HumanName = string(rune('a' + calls))
		}
	case "DeterministicClock":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) { e.HumanName = time.Now().Format(time.DateOnly) }
	case "Secrets":
		b.spoil = func(b broken, _ *upstream.Entry, ps *maskit.Problems) {
			*ps = append(*ps, maskit.Problem{Path: "secret", Severity: maskit.SeverityWarning, Message: "is " + b.Secret.Reveal()})
		}
	case "SecretsInSteps":
		return chatty{b}
	case "HostileStrings":
		b.spoil = func(b broken, e *upstream.Entry, _ *maskit.Problems) {
			e.ClaimsImports.Subject.Template = "{{ user['" + b.Name + "'] }}"
		}
	case "HostileStringsPath":
		b.spoil = func(_ broken, _ *upstream.Entry, ps *maskit.Problems) {
			*ps = append(*ps, maskit.Problem{Path: "no_such_key", Severity: maskit.SeverityWarning})
		}
	case "Claims":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			e.ClaimsImports.Localpart.Template = "{{ (user.preferred_username or '') | lower }}"
		}
	case "ClaimsNull":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			e.ClaimsImports.Email.Template = "{{ user.email }}"
		}
	case "ClaimsTemplate":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			e.ClaimsImports.Displayname.Template = "{{ user.name | unheard_of }}"
		}
	case "Subject":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			e.ClaimsImports.Subject.Template = "{{ user.email or '' }}"
		}
	case "SetupStepsKeys":
		b.spoil = func(_ broken, e *upstream.Entry, _ *maskit.Problems) {
			e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg, e.ClientSecret = mas.AuthPrivateKeyJWT, mas.AlgRS256, mas.SecretValue{}
		}
	case "SetupSteps":
		return silent{b}
	}
	return b
}

const whichVariable = "MASKIT_UPSTREAMTEST_BROKEN"

// TestBrokenProvider runs the suite on the provider that the variable names. It is
// for TestRunCatches, which wants it to fail.
func TestBrokenProvider(t *testing.T) {
	name, ok := os.LookupEnv(whichVariable)
	if !ok {
		t.Skip("run by TestRunCatches")
	}
	upstreamtest.Run(t, upstreamtest.Config{New: func() upstream.Provider { return provider(name) }})
}

func TestRunCatches(t *testing.T) {
	t.Parallel()
	for name, subtest := range map[string]string{
		"Kind": "Kind", "Valid": "Valid", "ID": "ID", "Deterministic": "Deterministic", "DeterministicClock": "Deterministic",
		"Secrets": "Secrets", "SecretsInSteps": "Secrets", "SetupSteps": "SetupSteps",
		"SetupStepsKeys": "SetupSteps", "Claims": "Claims", "ClaimsNull": "Claims", "ClaimsTemplate": "Claims", "Subject": "Subject",
		"HostileStrings": "HostileStrings", "HostileStringsPath": "HostileStrings",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output, err := runBroken(t, name)
			require.Error(t, err, "the suite found nothing:\n%s", output)
			require.Contains(t, output, "--- FAIL: TestBrokenProvider/"+subtest)
		})
	}
}

func TestRunAcceptsWhatIsSound(t *testing.T) {
	t.Parallel()
	output, err := runBroken(t, "")
	require.NoError(t, err, output)
}

func runBroken(t *testing.T, name string) (string, error) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestBrokenProvider$")
	cmd.Env = append(os.Environ(), whichVariable+"="+name)
	output, err := cmd.CombinedOutput()
	return string(output), err
}

func ExampleEnv() {
	entry, problems := oidc.Config{
		Client:     oidc.Client{ID: "matrix"},
		Issuer:     "https://sso.example.com",
		AuthMethod: mas.AuthNone,
	}.Entry(upstreamtest.Env())
	_, _ = os.Stdout.WriteString(string(entry.ID) + problems.String() + "\n")
	// Output: 01JSHPZHAXC50QBKH67MH33TNF
}
