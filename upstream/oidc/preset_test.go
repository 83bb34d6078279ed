package oidc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func pathsAndCodes(problems maskit.Problems) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code)
	}
	return strings.Join(out, ", ")
}

// A problem at what the module makes itself has its cause among the module's own: without
// one there it stays, so that no broken entry passes.
func TestPresetLeavesOutWhatItsOwnProblemsExplain(t *testing.T) {
	t.Parallel()
	own := maskit.Problems{{Path: "tenant", Code: "required", Message: "is missing"}}
	broken := minimal()
	broken.Issuer = "https://.acme.example/#"
	preset := oidc.Preset{Config: broken, Problems: own, Derived: []string{"issuer", "endpoints"}}
	_, problems := preset.Entry(upstreamtest.Env())
	require.Equal(t, "tenant required", pathsAndCodes(problems))

	preset.Problems = maskit.Problems{{Path: "tenant", Code: "odd", Severity: maskit.SeverityWarning}}
	_, problems = preset.Entry(upstreamtest.Env())
	require.Equal(t, "tenant odd, issuer url-fragment", pathsAndCodes(problems))

	preset.Problems, preset.Acknowledge = own, []maskit.Ack{{Code: "required"}}
	_, problems = preset.Entry(upstreamtest.Env())
	require.NoError(t, problems.Err(), "the acknowledgements are those of the module")
}

// A module says what its vendor sends; oidc supposes what most send.
func TestPresetTakesSourcesAsTheyAre(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Claims.Require.Groups = []string{"staff"}
	_, problems := oidc.Preset{Config: config}.Entry(upstreamtest.Env())
	require.Equal(t, "claims.require.groups gate-unavailable", pathsAndCodes(problems))

	config.Sources.Instead = "use the allow-list of Acme"
	_, problems = oidc.Preset{Config: config}.Entry(upstreamtest.Env())
	require.Equal(t, "use the allow-list of Acme", problems[0].Hint)

	config.Sources = claims.Sources{}
	entry, problems := config.Entry(upstreamtest.Env())
	require.Empty(t, problems)
	require.Contains(t, entry.ClaimsImports.Subject.Template, "'staff' in user.groups")
}

func TestRequiredClaimBringsItsScope(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Sources = claims.Sources{Groups: claims.Source{Claim: []string{"groups"}, Scope: "groups"}}
	entry, _ := config.Entry(upstreamtest.Env())
	require.Equal(t, "openid profile email", entry.Scope)
	config.Claims.Require.Groups = []string{"staff"}
	entry, _ = config.Entry(upstreamtest.Env())
	require.Equal(t, "openid profile email groups", entry.Scope)
	config.Client.Scopes = []string{"openid", "groups", "x"}
	entry, _ = config.Entry(upstreamtest.Env())
	require.Equal(t, "openid groups x", entry.Scope)
	require.Equal(t, []string{"openid", "groups", "x"}, config.Client.Scopes)
}

// Without an ID token nobody has checked that there is a subject.
func TestSubjectOfUserinfo(t *testing.T) {
	t.Parallel()
	config := plainOAuth2()
	config.Claims.Subject = "sub"
	entry, problems := config.Entry(upstreamtest.Env())
	require.NoError(t, problems.Err())
	require.Equal(t, "{{ user.sub or '' }}", entry.ClaimsImports.Subject.Template)
}

func TestSignInWithAppleIsForItsModule(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.AuthMethod, config.Client.Secret = mas.AuthSignInWithApple, mas.SecretValue{}
	config.SignInWithApple = &mas.SignInWithApple{TeamID: "TEAMTEAM10", KeyID: "KEYKEYKE10", PrivateKey: mas.SecretValue{File: "/run/secrets/apple.p8"}}
	entry, problems := oidc.Preset{Config: config}.Entry(upstreamtest.Env())
	require.NoError(t, problems.Err())
	require.Equal(t, "TEAMTEAM10", entry.SignInWithApple.TeamID)
}

func TestClientDefaults(t *testing.T) {
	t.Parallel()
	var none oidc.Client
	require.Equal(t, oidc.Client{HumanName: "Acme", Scopes: []string{"openid"}, AuthorizationParameters: map[string]string{"hd": "example.com"}},
		none.WithHumanName("Acme").WithScopes("openid").WithParameter("hd", "example.com").WithParameter("empty", ""))
	mine := oidc.Client{HumanName: "Mine", Scopes: []string{"x"}, AuthorizationParameters: map[string]string{"hd": "mine"}}
	require.Equal(t, mine, mine.WithHumanName("Acme").WithScopes("openid").WithParameter("hd", "example.com"))
	mine.WithParameter("other", "x")
	require.Len(t, mine.AuthorizationParameters, 1, "the caller's map stays")
}

// Whether userinfo is fetched is a module's choice, so scopes are what the caller can mend.
func TestPresetBlamesTheScopes(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Client.Scopes = []string{"email"}
	_, problems := oidc.Preset{Config: config}.Entry(upstreamtest.Env())
	require.Equal(t, "scopes scope-no-openid", pathsAndCodes(problems))

	own := maskit.Problems{{Path: "scopes", Code: "scope-odd", Message: "is odd"}}
	_, problems = oidc.Preset{Config: config, Problems: own}.Entry(upstreamtest.Env())
	require.Equal(t, "scopes scope-odd", pathsAndCodes(problems))

	own[0].Severity = maskit.SeverityWarning
	_, problems = oidc.Preset{Config: config, Problems: own}.Entry(upstreamtest.Env())
	require.Equal(t, "scopes scope-odd, scopes scope-no-openid", pathsAndCodes(problems), "a warning explains no error")

	own[0].Severity = maskit.SeverityError
	config.FetchUserinfo = true
	_, problems = oidc.Preset{Config: config, Problems: own}.Entry(upstreamtest.Env())
	require.Equal(t, "scopes scope-odd", pathsAndCodes(problems), "that nothing promises a sub follows from the scopes")
}
