package claims

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
)

// person are the claims of a login, beside the subject.
type person map[string]any

// let renders the subject for each person and returns those who get in, by index.
func let(t *testing.T, rules Rules, sources Sources, people []person) []int {
	t.Helper()
	imports, problems := rules.Imports(sources)
	require.Empty(t, problems)
	renderings := make([]live.Rendering, len(people))
	for i, p := range people {
		claims := map[string]any{"sub": "f-1"}
		for name, value := range p {
			claims[name] = value
		}
		renderings[i] = live.Rendering{Template: imports.Subject.Template, Context: map[string]any{"user": claims}}
	}
	var in []int
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error, "%v", people[i])
		switch result.Text {
		case "f-1":
			in = append(in, i)
		case "":
		default:
			t.Errorf("%v renders %q", people[i], result.Text)
		}
	}
	return in
}

func TestGates(t *testing.T) {
	t.Parallel()
	two := []string{"a", "b"}
	nested := Sources{Roles: From(ShapeList, "realm_access", "roles")}
	for name, c := range map[string]struct {
		rules   Rules
		sources Sources
		people  []person // the first `in` of them get in
		in      int
	}{
		"list": {
			Rules{Require: Require{Groups: two}},
			StandardSources(),
			[]person{
				{"groups": []any{"a"}},
				{"groups": []any{"x", "b"}},
				{"groups": []any{"A"}},
				{"groups": []any{"ab"}},
				{"groups": "a"}, // a text is no list, and not searched for parts
				{"groups": "xabx"},
				{"groups": []any{}},
				{"groups": nil},
				{"groups": 7},
				{"groups": map[string]any{"a": 1}},
				{"groups": []any{[]any{"a"}}},
				{"groups": []any{nil, 1, map[string]any{}}},
				{},
			},
			2,
		},
		"nested list": {
			Rules{Require: Require{Roles: two}},
			nested,
			[]person{
				{"realm_access": map[string]any{"roles": []any{"b"}}},
				{"realm_access": map[string]any{"roles": "b"}},
				{"realm_access": map[string]any{}},
				{"realm_access": nil},
				{"realm_access": "b"},
				{"realm_access": []any{"b"}},
				{"realm_access": 7},
				{},
			},
			1,
		},
		"paths": {
			Rules{Require: Require{Groups: []string{"/staff", "/it's/a"}}},
			Sources{Groups: From(ShapePaths, "groups")},
			[]person{
				{"groups": []any{"/staff"}},
				{"groups": []any{"/x", "/staff/board/chair"}},
				{"groups": []any{"/it's/a/b"}},
				{"groups": []any{"/staffing"}},
				{"groups": []any{"/x/staff"}},
				{"groups": []any{"staff"}},
				{"groups": []any{"/it's"}},
				{"groups": "/staff"},
				{"groups": "/staff/board"},
				{"groups": map[string]any{"/staff": 1}},
				{"groups": []any{}},
				{"groups": nil},
				{},
			},
			3,
		},
		"keys": {
			Rules{Require: Require{Roles: two}},
			Sources{Roles: From(ShapeKeys, "urn:zitadel:iam:org:project:roles")},
			[]person{
				{"urn:zitadel:iam:org:project:roles": map[string]any{"a": map[string]any{"1": "x"}}},
				{"urn:zitadel:iam:org:project:roles": map[string]any{"x": "a"}},
				{"urn:zitadel:iam:org:project:roles": []any{"a"}},
				{"urn:zitadel:iam:org:project:roles": "a"},
				{"urn:zitadel:iam:org:project:roles": nil},
				{},
			},
			1,
		},
		"text": {
			Rules{Require: Require{Tenants: two}},
			Sources{Tenants: From(ShapeText, "tid")},
			[]person{{"tid": "a"}, {"tid": "b"}, {"tid": "ab"}, {"tid": []any{"a"}}, {"tid": nil}, {"tid": 1}, {"tid": true}, {}},
			2,
		},
		"words": {
			Rules{Require: Require{Groups: two}},
			Sources{Groups: Source{Claim: []string{"groups"}, Shape: ShapeWords}},
			[]person{
				{"groups": "a"}, {"groups": "x;b"}, {"groups": "x;ab;y"}, {"groups": "a b"}, {"groups": []any{"x;a;y"}}, {"groups": ""}, {"groups": nil}, {"groups": 7}, {},
			},
			2,
		},
		"domain of a verified address": {
			Rules{Require: Require{Domains: []string{"example.com"}}},
			StandardSources(),
			[]person{
				{"email": "alice@example.com", "email_verified": true},
				{"email": "Alice@EXAMPLE.com", "email_verified": "true"},
				{"email": "alice@example.com"},
				{"email": "alice@example.com", "email_verified": "false"},
				{"email": "alice@example.com.evil.example", "email_verified": true},
				{"email": "alice@evilexample.com", "email_verified": true},
				{"email": "alice@example.com@evil.example", "email_verified": true},
				{"email": "example.com", "email_verified": true}, // no address
				{"email": nil, "email_verified": true},
				{"email": []any{"example.com"}, "email_verified": true},
				{"email_verified": true},
			},
			2,
		},
		"domain of a directory": {
			Rules{Require: Require{Domains: []string{"example.com"}}, Email: Email{Trust: TrustDirectory}},
			StandardSources(),
			[]person{{"email": "alice@example.com"}, {"email": "alice@example.org"}, {}},
			1,
		},
		"domain in a claim": {
			Rules{Require: Require{Domains: []string{"example.com"}}},
			Sources{Domains: From(ShapeText, "hd")},
			[]person{{"hd": "example.com"}, {"hd": "example.org"}, {"hd": nil}, {}},
			1,
		},
		"each of several": {
			Rules{Require: Require{Groups: []string{"a"}, ACR: []string{"mfa"}}},
			StandardSources(),
			[]person{{"groups": []any{"a"}, "acr": "mfa"}, {"groups": []any{"a"}}, {"acr": "mfa"}, {}},
			1,
		},
		"hostile names": {
			Rules{Require: Require{Groups: []string{"it's", "'] }}{{ user.sub", "{% if true %}", `\`}}},
			StandardSources(),
			[]person{
				{"groups": []any{"it's"}},
				{"groups": []any{"'] }}{{ user.sub"}},
				{"groups": []any{"{% if true %}"}},
				{"groups": []any{`\`}},
				{"groups": []any{"it"}},
				{},
			},
			4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := make([]int, c.in)
			for i := range want {
				want[i] = i
			}
			require.Equal(t, want, let(t, c.rules, c.sources, c.people))
			imports, _ := c.rules.Imports(c.sources)
			parsed, ok := gate.Parse(imports.Subject.Template)
			require.True(t, ok, "every gate can be taken apart")
			require.Equal(t, expr("user.sub"), parsed.Subject)
		})
	}
}

// Whoever acknowledges that nobody can pass a gate has a gate that nobody passes.
func TestGateOfWhatIsNotSentStaysShut(t *testing.T) {
	t.Parallel()
	some := []string{"a"}
	for name, rules := range map[string]Rules{
		"groups":  {Require: Require{Groups: some}},
		"roles":   {Require: Require{Roles: some}},
		"domains": {Require: Require{Domains: some}},
		"tenants": {Require: Require{Tenants: some}},
		"acr":     {Require: Require{ACR: some}},
	} {
		imports, problems := rules.Imports(Sources{})
		require.NoError(t, problems.Accept(maskit.Ack{Code: "gate-unavailable"}).Err())
		template, err := jinja.Compile(imports.Subject.Template)
		require.NoError(t, err)
		rendering, err := template.Render(jinja.Vars{"user": map[string]any{"sub": "f-1"}})
		require.NoError(t, err)
		require.Empty(t, rendering.Text, name)
	}
}

// A subject of two claims is nothing unless both are there: half of one would be somebody else.
func TestScopedSubject(t *testing.T) {
	t.Parallel()
	imports, problems := Rules{Subject: "oid"}.Imports(Sources{SubjectScope: "tid"})
	require.Empty(t, problems)
	var renderings []live.Rendering
	for _, user := range []map[string]any{
		{"tid": "t", "oid": "o"}, {"tid": "t"}, {"oid": "o"}, {"tid": nil, "oid": "o"}, {"tid": "t", "oid": nil}, {},
	} {
		renderings = append(renderings, live.Rendering{Template: imports.Subject.Template, Context: map[string]any{"user": user}})
	}
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error)
		require.Equal(t, []string{"t.o", "", "", "", "", ""}[i], result.Text)
	}
	_, ok := gate.Parse(imports.Subject.Template)
	require.True(t, ok)
}

func TestGateProblems(t *testing.T) {
	t.Parallel()
	some := []string{"a"}
	for name, c := range map[string]struct {
		rules   Rules
		sources Sources
		want    []string
	}{
		"a claim that nobody sends": {
			Rules{Require: Require{Groups: some, Tenants: some}},
			Sources{},
			[]string{"claims.require.groups gate-unavailable", "claims.require.tenants gate-unavailable"},
		},
		"an address that nobody checks": {
			Rules{Require: Require{Domains: []string{"example.com"}}, Email: Email{Trust: TrustNever}},
			StandardSources(),
			[]string{"claims.require.domains gate-untrusted"},
		},
		"names that are none": {
			Rules{Require: Require{Groups: []string{"", "a", "a", "b\n"}}},
			StandardSources(),
			[]string{"claims.require.groups[0] required", "claims.require.groups[2] duplicate", "claims.require.groups[3] text-invalid"},
		},
		"domains that are none": {
			Rules{Require: Require{Domains: []string{"@example.com", "Example.org"}}},
			StandardSources(),
			[]string{"claims.require.domains[0] domain-invalid", "claims.require.domains[1] domain-invalid"},
		},
		"sources that are none": {
			Rules{},
			Sources{Groups: Source{Shape: "array"}, Roles: Source{Claim: []string{"a", ""}}, SubjectScope: "a\n"},
			[]string{"claim_sources.groups.shape unknown-value", "claim_sources.groups.claim required", "claim_sources.roles.claim[1] required", "claim_sources.subject_scope text-invalid"},
		},
		"lists of nobody": {
			Rules{Require: Require{Groups: []string{}, Roles: nil, Domains: []string{"example.com"}, ACR: []string{}}},
			StandardSources(),
			[]string{"claims.require.groups empty", "claims.require.acr empty"},
		},
		"names that are several": {
			Rules{Require: Require{Groups: []string{"a;b", "a"}, Roles: []string{"a b", "a;b"}}},
			Sources{Groups: From(ShapeWords, "groups"), Roles: Source{Claim: []string{"roles"}, Shape: ShapeWords, Separator: " "}},
			[]string{"claims.require.groups[0] name-impossible", "claims.require.roles[0] name-impossible"},
		},
		"prefix":           {Rules{Localpart: Localpart{Prefix: "_x"}}, Sources{}, []string{"claims.localpart.prefix prefix-invalid"}},
		"prefix of spaces": {Rules{Localpart: Localpart{Prefix: "a b"}}, Sources{}, []string{"claims.localpart.prefix prefix-invalid"}},
		"two claims": {
			Rules{Localpart: Localpart{FromEmail: true, Claim: "upn"}}, Sources{}, []string{"claims.localpart.claim both-set"},
		},
		"name of an address that nobody trusts": {
			Rules{Localpart: Localpart{FromEmail: true}, Email: Email{Trust: TrustNever}}, Sources{}, []string{"claims.localpart.from_email email-never-trusted"},
		},
		"guests unknown": {Rules{Localpart: Localpart{MembersOnly: true}}, Sources{}, []string{"claims.localpart.members_only members-unknown"}},
		"linking by an address": {
			Rules{Localpart: Localpart{Action: mas.ImportRequire, FromEmail: true, OnConflict: mas.ConflictAdd}},
			Sources{},
			[]string{"claims.localpart.on_conflict account-takeover"},
		},
		"linking by addresses of one domain": {
			Rules{Localpart: Localpart{Action: mas.ImportRequire, FromEmail: true, Domains: []string{"example.com"}, OnConflict: mas.ConflictAdd}},
			Sources{},
			[]string{"claims.localpart.on_conflict links-by-name"},
		},
		"linking by addresses of two": {
			Rules{Localpart: Localpart{Action: mas.ImportRequire, Domains: []string{"example.com", "example.org"}, OnConflict: mas.ConflictAdd}},
			Sources{},
			[]string{"claims.localpart.on_conflict account-takeover"},
		},
		"linking by names that change": {
			Rules{Localpart: Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictAdd}},
			Sources{NamesChange: true},
			[]string{"claims.localpart.on_conflict account-takeover"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := c.rules.Imports(c.sources)
			var got []string
			for _, p := range problems {
				require.NotEmpty(t, p.Hint)
				got = append(got, p.Path+" "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestScopesOfWhatIsRequired(t *testing.T) {
	t.Parallel()
	sources := Sources{Groups: Source{Claim: []string{"groups"}, Scope: "groups"}, Roles: Source{Claim: []string{"roles"}, Scope: "groups"}, ACR: From(ShapeText, "acr")}
	require.Empty(t, Require{}.Scopes(sources))
	domains := Require{Domains: []string{"example.com"}}
	require.Equal(t, []string{"email"}, domains.Scopes(StandardSources()))
	require.Empty(t, domains.Scopes(Sources{Domains: From(ShapeAddress, "email"), Unsigned: true}), "a scope of OpenID Connect")
	require.Empty(t, domains.Scopes(Sources{Domains: From(ShapeAddress, "upn")}))
	require.Empty(t, domains.Scopes(Sources{Domains: From(ShapeText, "hd")}))
	require.Equal(t, []string{"groups"}, Require{Groups: []string{"a"}, Roles: []string{"b"}, ACR: []string{"c"}}.Scopes(sources))
}
