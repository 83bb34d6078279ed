package gate_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/claimexpr"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/jinja"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	for want, g := range map[string]gate.Gate{
		"{{ user.sub }}": {Subject: "user.sub"},
		"{%- if (user.groups is sequence and ('a' in user.groups or 'b' in user.groups)) -%}{{- user.sub -}}{%- endif -%}": {
			Subject: "user.sub", Conditions: []gate.Condition{{Claim: []string{"groups"}, Shape: gate.List, Names: []string{"b", "a", "b"}}},
		},
		"{%- if (user.groups is sequence and ('/a' in user.groups or user.groups | select('startingwith', '/a/') | list or '/b' in user.groups or user.groups | select('startingwith', '/b/') | list)) -%}{{- user.sub -}}{%- endif -%}": {
			Subject: "user.sub", Conditions: []gate.Condition{{Claim: []string{"groups"}, Shape: gate.Paths, Names: []string{"/b", "/a"}}},
		},
		"{%- if (user['urn:roles'] is mapping and ('it\\'s' in user['urn:roles'])) and (user.tid in ['x']) -%}{{- user.oid or '' -}}{%- endif -%}": {
			Subject: "user.oid or ''", Conditions: []gate.Condition{
				{Claim: []string{"urn:roles"}, Shape: gate.Keys, Names: []string{"it's"}},
				{Claim: []string{"tid"}, Shape: gate.Text, Names: []string{"x"}},
			},
		},
		"{%- if ((user.a or {}).b is string and ('x' in ((user.a or {}).b | split(';') | list))) -%}{{- user.sub -}}{%- endif -%}": {
			Subject: "user.sub", Conditions: []gate.Condition{{Claim: []string{"a", "b"}, Shape: gate.Words, Separator: ";", Names: []string{"x"}}},
		},
		"{%- if (user.ok in [true, 'true', '1'] and user.email is string and '@' in user.email and (user.email | split('@') | last | lower) in ['example.com']) -%}{{- user.sub -}}{%- endif -%}": {
			Subject: "user.sub", Conditions: []gate.Condition{{Claim: []string{"email"}, Shape: gate.Address, Verified: "ok", Names: []string{"example.com"}}},
		},
	} {
		require.Equal(t, want, g.Template())
	}
}

func condition() *rapid.Generator[gate.Condition] {
	return rapid.Custom(func(t *rapid.T) gate.Condition {
		c := gate.Condition{
			Claim: rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "claim"),
			Shape: rapid.SampledFrom([]gate.Shape{gate.List, gate.Paths, gate.Keys, gate.Text, gate.Words, gate.Address}).Draw(t, "shape"),
			Names: rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "names"),
		}
		switch c.Shape {
		case gate.Words:
			c.Separator = rapid.String().Draw(t, "separator")
		case gate.Address:
			c.Verified = rapid.SampledFrom([]string{"", "email_verified", "x:y", "it's"}).Draw(t, "verified")
		}
		return c
	})
}

// subjects are the expressions that the modules have, of any claims.
func subject() *rapid.Generator[claimexpr.Expr] {
	return rapid.Custom(func(t *rapid.T) claimexpr.Expr {
		claim := claimexpr.Claim(rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "path")...)
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			return claim
		case 1:
			return claim + " or ''"
		}
		return "(" + claim + " ~ '.' ~ user.oid if " + claim + " and user.oid else '')"
	})
}

// Every gate over every subject is read back as what it was written from.
func TestParseReadsBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := gate.Gate{Subject: subject().Draw(t, "subject"), Conditions: rapid.SliceOfN(condition(), 0, 4).Draw(t, "conditions")}
		got, ok := gate.Parse(want.Template())
		if !ok {
			t.Fatalf("not canonical: %s", want.Template())
		}
		for i := range want.Conditions {
			slices.Sort(want.Conditions[i].Names)
			want.Conditions[i].Names = slices.Compact(want.Conditions[i].Names)
		}
		require.Equal(t, want.Subject, got.Subject)
		require.Equal(t, len(want.Conditions), len(got.Conditions))
		for i := range want.Conditions {
			require.Equal(t, want.Conditions[i], got.Conditions[i])
		}
	})
}

func TestParseRefusesWhatIsNotCanonical(t *testing.T) {
	t.Parallel()
	for _, template := range []string{
		"", "x", "{{}}", "{{ }}", "{{user.sub}}", "{{ user.sub}}", "{{  user.sub }}", "{{- user.sub -}}", "{{ user.sub }} ", "x{{ user.sub }}",
		"{{ user.sub }}{{ user.tid }}", "{{ - user.sub }}", "{{ user.sub - }}", "{{ '}}' }}", "{# x #}{{ user.sub }}",
		"{%- if user.tid in ['guid'] -%}{{- user.tid ~ '.' ~ user.oid -}}{%- endif -%}",
		"{%- for g in user.groups or [] if g in ['a','b'] -%}{%- if loop.first -%}{{- user.sub -}}{%- endif -%}{%- endfor -%}",
		"{%- if (user.groups is sequence and ('b' in user.groups or 'a' in user.groups)) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.groups is sequence and ('a' in user.roles)) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.groups is sequence and ('a' in user.groups)) or (user.tid in ['x']) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.tid in ['x']) -%}{{- user.sub -}}{%- else -%}x{%- endif -%}",
		"{%- if (user.tid in ['x']) -%}{{- user.sub }}{{ user.sub -}}{%- endif -%}",
		"{%- if (user.tid in []) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.tid in ['\\u0041']) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.tid in ['\\ud800']) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user['tid'] in ['x']) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if (user.ok in [true, 'true', '1'] and user.tid in ['x']) -%}{{- user.sub -}}{%- endif -%}",
		"{%- if () -%}{{- user.sub -}}{%- endif -%}", "{%- if  -%}{{- user.sub -}}{%- endif -%}",
	} {
		_, ok := gate.Parse(template)
		require.False(t, ok, template)
	}
}

// What is canonical is exactly what Template writes, and nothing is read for long.
func FuzzParse(f *testing.F) {
	f.Add("{{ user.sub }}")
	f.Add("{%- if (user.groups is sequence and ('a' in user.groups or 'b' in user.groups)) -%}{{- user.sub -}}{%- endif -%}")
	f.Add("{%- if ((user.a or {}).b is string and ('x' in ((user.a or {}).b | split(';') | list))) and (user.tid in ['x', 'y']) -%}{{- user.sub -}}{%- endif -%}")
	f.Add("{%- if (user.ok in [true, 'true', '1'] and user.email is string and '@' in user.email and (user.email | split('@') | last | lower) in ['e']) -%}{{- user.sub -}}{%- endif -%}")
	f.Add("{%- if ((((((((((((((((((((user.a or {}).b")
	f.Fuzz(func(t *testing.T, template string) {
		if g, ok := gate.Parse(template); ok {
			require.Equal(t, template, g.Template())
			require.NotEmpty(t, g.Subject)
		}
	})
}

// What Diff says agrees with who passes, person by person.
func TestDiffAgreesWithWhoPasses(t *testing.T) {
	t.Parallel()
	names := rapid.SampledFrom([]string{"a", "a/b", "a/b/c", "ab", "d"})
	conditions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) gate.Condition {
		return gate.Condition{
			Claim: []string{rapid.SampledFrom([]string{"x", "y"}).Draw(t, "claim")},
			Shape: rapid.SampledFrom([]gate.Shape{gate.List, gate.Paths}).Draw(t, "shape"),
			Names: rapid.SliceOfN(names, 1, 3).Draw(t, "names"),
		}
	}), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		old := gate.Gate{Subject: "user.sub", Conditions: conditions.Draw(t, "old")}
		next := gate.Gate{Subject: "user.sub", Conditions: conditions.Draw(t, "next")}
		person := map[string]any{"sub": "f-1", "x": rapid.SliceOfN(names, 0, 3).Draw(t, "x"), "y": rapid.SliceOfN(names, 0, 3).Draw(t, "y")}
		before, after, change := passes(t, old, person), passes(t, next, person), gate.Diff(old, next)
		if before && !after {
			require.NotEmpty(t, change.Denied)
		}
		if after && !before {
			require.NotEmpty(t, change.Admitted)
		}
	})
}

func passes(t *rapid.T, g gate.Gate, person map[string]any) bool {
	template, err := jinja.Compile(g.Template())
	require.NoError(t, err)
	rendering, err := template.Render(jinja.Vars{"user": person})
	require.NoError(t, err)
	return rendering.Text != ""
}

func TestDiff(t *testing.T) {
	t.Parallel()
	groups := func(names ...string) gate.Condition {
		return gate.Condition{Claim: []string{"groups"}, Shape: gate.List, Names: names}
	}
	paths := func(names ...string) gate.Condition {
		return gate.Condition{Claim: []string{"groups"}, Shape: gate.Paths, Names: names}
	}
	address := gate.Condition{Claim: []string{"email"}, Shape: gate.Address, Verified: "email_verified", Names: []string{"example.com"}}
	for name, c := range map[string]struct {
		old, next []gate.Condition
		want      string
	}{
		"same":                        {[]gate.Condition{groups("a")}, []gate.Condition{groups("a")}, ""},
		"closed":                      {nil, []gate.Condition{groups("a", "b")}, `newly turned away: those without "a" or "b" in groups`},
		"opened":                      {[]gate.Condition{groups("a")}, nil, `newly let in: those without "a" in groups: it is asked for no longer`},
		"other names":                 {[]gate.Condition{groups("a", "b")}, []gate.Condition{groups("b", "c")}, `newly turned away: those with only "a" in groups; newly let in: those with "c" in groups`},
		"second claim":                {[]gate.Condition{groups("a")}, []gate.Condition{groups("a"), address}, `newly turned away: those without a verified address (email) at "example.com"`},
		"two of a claim, one goes":    {[]gate.Condition{groups("a"), groups("b")}, []gate.Condition{groups("b")}, `newly let in: those without "a" in groups: it is asked for no longer`},
		"two of a claim, the other":   {[]gate.Condition{groups("a"), groups("b")}, []gate.Condition{groups("a")}, `newly let in: those without "b" in groups: it is asked for no longer`},
		"two of a claim, one comes":   {[]gate.Condition{groups("a")}, []gate.Condition{groups("b"), groups("a")}, `newly turned away: those without "b" in groups`},
		"two of a claim, other order": {[]gate.Condition{groups("a"), groups("b")}, []gate.Condition{groups("b"), groups("a")}, ""},
		"two of a claim, more names":  {[]gate.Condition{groups("a"), groups("b")}, []gate.Condition{groups("b"), groups("a", "c")}, `newly let in: those with "c" in groups`},
		"a path above":                {[]gate.Condition{paths("/a/b")}, []gate.Condition{paths("/a")}, `newly let in: those with "/a" in groups`},
		"a path below":                {[]gate.Condition{paths("/a")}, []gate.Condition{paths("/a/b")}, `newly turned away: those with only "/a" in groups`},
		"a path that is covered":      {[]gate.Condition{paths("/a", "/a/b")}, []gate.Condition{paths("/a")}, ""},
		"a path beside":               {[]gate.Condition{paths("/a")}, []gate.Condition{paths("/a", "/ab")}, `newly let in: those with "/ab" in groups`},
		"many":                        {nil, []gate.Condition{groups("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")}, `newly turned away: those without "1" or "2" or "3" or "4" or "5" or "6" or "7" or "8" or "9" or "10" or 2 more in groups`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, gate.Diff(gate.Gate{Conditions: c.old}, gate.Gate{Conditions: c.next}).String())
		})
	}
}
