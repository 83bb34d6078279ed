package upstream_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func staffProvider() oidc.Config {
	return oidc.Config{
		Client:     oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/sso"}},
		Issuer:     "https://sso.example.com",
		AuthMethod: mas.AuthClientSecretBasic,
		Claims:     claims.Rules{Require: claims.Require{Groups: []string{"staff"}}},
	}
}

func entryOf(t *testing.T, p upstream.Provider) upstream.Entry {
	t.Helper()
	entry, problems := p.Entry(upstreamtest.Env())
	require.NoError(t, problems.Err())
	return entry
}

func TestCompareJudgesTheRulesOfClaims(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*oidc.Config)
		want   []string
	}{
		"nothing":       {func(*oidc.Config) {}, nil},
		"another group": {func(c *oidc.Config) { c.Claims.Require.Groups = []string{"all"} }, []string{"info gate-changed"}},
		"no gate":       {func(c *oidc.Config) { c.Claims.Require = claims.Require{} }, []string{"warning gate-removed"}},
		"domain, too":   {func(c *oidc.Config) { c.Claims.Require.Domains = []string{"example.com"} }, []string{"info gate-changed"}},
		"trust of the gate": {func(c *oidc.Config) {
			c.Claims.Require.Domains, c.Claims.Email.Trust = []string{"example.com"}, claims.TrustDirectory
		}, []string{"info gate-changed"}},
		"another subject": {func(c *oidc.Config) { c.Claims.Subject = "id" }, []string{"error subject-template-changed"}},
		"scope before it": {func(c *oidc.Config) { c.Sources = claims.StandardSources(); c.Sources.SubjectScope = "tid" }, []string{"error subject-template-changed"}},
		"new names":       {func(c *oidc.Config) { c.Claims.Localpart.Claim = "login" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := staffProvider()
			c.change(&next)
			comparison := upstream.Compare([]upstream.Entry{entryOf(t, staffProvider())}, []upstream.Entry{entryOf(t, next)})
			var got []string
			for _, p := range comparison.Problems {
				got = append(got, p.Severity.String()+" "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestCompareRefusesAnotherID(t *testing.T) {
	t.Parallel()
	old := entryOf(t, staffProvider())
	moved := old
	moved.ID = "01JSHPZHAXC50QBKH67MH33TNG"
	comparison := upstream.Compare([]upstream.Entry{old}, []upstream.Entry{moved})
	require.Len(t, comparison.Refused, 1)
	require.Equal(t, "provider-id-changed", comparison.Refused[0].Code)
	require.Error(t, comparison.Judge(maskit.Ack{Code: "provider-id-changed", Max: 9}).Err())
}

func TestCompareFromNothing(t *testing.T) {
	t.Parallel()
	entry := entryOf(t, staffProvider())
	require.True(t, upstream.Compare(nil, []upstream.Entry{}).Empty())
	require.Len(t, upstream.Compare(nil, []upstream.Entry{entry}).Differences, 1)
	require.Len(t, upstream.Compare([]upstream.Entry{entry}, nil).Differences, 1)
}

// No change of an entry goes without a word on what it does to people.
func TestCompareExplainsEveryKey(t *testing.T) {
	t.Parallel()
	const id = maskit.ULID("01JSHPZHAXC50QBKH67MH33TNF")
	fields := strictyaml.Fields(reflect.TypeFor[upstream.Entry]())
	require.Greater(t, len(fields), 20)
	for _, f := range fields {
		if f.Key == "id" {
			continue
		}
		old, next := upstream.Entry{ID: id}, upstream.Entry{ID: id}
		fill(t, reflect.ValueOf(&next).Elem().FieldByIndex(f.Index))
		for _, d := range upstream.Compare([]upstream.Entry{old}, []upstream.Entry{next}).Differences {
			require.NotEmpty(t, d.Text, "%s", d)
		}
		require.NotEmpty(t, upstream.Compare([]upstream.Entry{old}, []upstream.Entry{next}).Differences, f.Key)
	}
}

// fill sets a value to something that differs from its zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[maskit.Secret]():
		v.Set(reflect.ValueOf(maskit.NewSecret("0bd4f7b1c5d14e4b")))
	case strictyaml.IsOptional(v.Type()):
		fill(t, v.Field(0))
		v.Field(1).SetBool(true)
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case v.Type() == reflect.TypeFor[map[string]string]():
		v.Set(reflect.ValueOf(map[string]string{"k": "v"}))
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}

func ExampleCompare() {
	provider := staffProvider()
	env := upstream.Env{Site: maskit.Site{AccountURL: "https://account.example.com/"}, ID: "01JSHPZHAXC50QBKH67MH33TNF"}
	old, _ := provider.Entry(env)
	provider.Claims.Require.Groups = []string{"staff", "partners"}
	next, _ := provider.Entry(env)
	fmt.Println(upstream.Compare([]upstream.Entry{old}, []upstream.Entry{next}).Judge())
	// Output:
	// info: upstream_oauth2.providers[0].claims_imports.subject.template: another gate before the same subject: newly let in: those with "partners" in groups [gate-changed] (fix: links stay; sessions of people who are turned away live on until they are ended)
}
