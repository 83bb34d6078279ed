package keycloak

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func gatedClient() Client {
	return Client{ID: "https://matrix.example.com", RequireGroup: Set("/staff/matrix")}
}

// plainRealm has everything closed, on a server that can tell clients apart.
func plainRealm() surroundings {
	return surroundings{able: features{known: true, clientConditions: true}, realm: map[string]any{"browserFlow": "browser"}}
}

func TestOutlines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tree []execution
		want string
	}{
		"gate": {[]execution{gatedClient().gate()}, `
sub-flow required
  sub-flow alternative
    sub-flow conditional
      conditional-user-role required condUserRole="https://matrix.example.com.matrix-user"
      allow-access-authenticator required
  deny-access-authenticator alternative denyErrorMessage="You are not allowed to use Matrix. Please ask your administrator for access."
`},
		"forms with levels": {[]execution{Spec{MFA: MFA{TOTP: MFAClient}}.forms(true)}, `
sub-flow alternative
  sub-flow conditional
    conditional-level-of-authentication required loa-condition-level="1" loa-max-age="36000"
    auth-username-password-form required
  sub-flow conditional
    conditional-level-of-authentication required loa-condition-level="2" loa-max-age="36000"
    auth-otp-form required
`},
		"forms without a demand": {[]execution{Spec{}.forms(false)}, `
sub-flow alternative
  auth-username-password-form required
  sub-flow conditional
    conditional-user-configured required
    auth-otp-form required
`},
		"only for the client": {[]execution{gatedClient().forClient(oneTimeCode())}, `
sub-flow conditional
  conditional-client-scope required client_scope="https---matrix.example.com-d0c0af73-gate"
  auth-otp-form required
`},
		"shortcuts": {plainRealm().shortcuts(), "\nauth-cookie alternative\nidentity-provider-redirector alternative\n"},
		"shortcuts with organizations": {surroundings{realm: map[string]any{"organizationsEnabled": true}}.shortcuts(), `
auth-cookie alternative
identity-provider-redirector alternative
sub-flow alternative
  sub-flow conditional
    conditional-user-configured required
    organization alternative
`},
		"what says no is left out": {[]execution{authenticator("x", required).with("negate", "false").with("y", "")}, "\nx required\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, strings.TrimSpace(c.want), strings.Join(outline(c.tree), "\n"))
		})
	}
}

func TestOutlineRowsLeavesOutWhatIsDisabled(t *testing.T) {
	t.Parallel()
	rows := []map[string]any{
		{"level": json.Number("0"), "authenticationFlow": true, "requirement": "DISABLED"},
		{"level": json.Number("1"), "providerId": "a", "requirement": "REQUIRED"},
		{"level": json.Number("2"), "providerId": "b", "requirement": "REQUIRED"},
		{"level": json.Number("0"), "providerId": "c", "requirement": "DISABLED"},
		{"level": json.Number("0"), "authenticationFlow": true, "requirement": "CONDITIONAL", "providerId": "form-flow"},
		{"level": json.Number("1"), "providerId": "d", "requirement": "REQUIRED"},
	}
	lines := outlineRows(rows, func(row map[string]any) map[string]string { return map[string]string{"of": text(row, "providerId")} })
	require.Equal(t, []string{`sub-flow conditional of="form-flow"`, `  d required of="d"`}, lines)
}

func TestLineChanges(t *testing.T) {
	t.Parallel()
	gone, come := lineChanges([]string{"a", "  b", "b", "c"}, []string{"a", "b", "d", "d"})
	require.Equal(t, []string{"  b", "c"}, gone, "with the indentation, by which one sees what stands below what")
	require.Equal(t, []string{"d", "d"}, come)
	gone, come = lineChanges([]string{"a", "b"}, []string{"b", "a"})
	require.Equal(t, []string{"a", "b"}, gone, "whole, if the order alone differs")
	require.Equal(t, []string{"b", "a"}, come)
}

func TestNamesOfFlows(t *testing.T) {
	t.Parallel()
	f := Spec{Client: gatedClient()}.loginFlow()
	require.Equal(t, "https---matrix.example.com-d0c0af73 login", f.alias)
	require.Equal(t, "maskit: login to client https://matrix.example.com", f.mark)
	require.True(t, f.isName(f.newName()))
	require.NotEqual(t, f.newName(), f.newName())
	require.LessOrEqual(t, len(f.newName()), len(f.alias)+1+nameTail)
	for _, other := range []string{f.alias, f.alias + " ", f.alias + " short", f.alias + " two words", "renamed"} {
		require.False(t, f.isName(other), other)
	}
}

// Ids that only differ in what Keycloak refuses have names of their own, and other ids
// stand in them as they are.
func TestNamesOfClients(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range []string{"a-b", "a/b", "a b", "a:b", "a--b"} {
		s := Spec{Client: Client{ID: id}}
		for _, name := range []string{s.loginFlow().alias, s.brokerFlow().alias, s.resetFlow().alias, s.Client.marker()} {
			require.False(t, seen[name], name)
			seen[name] = true
		}
	}
	plain := Spec{Client: Client{ID: "matrix.b_2"}}
	require.Equal(t, "matrix.b_2 login", plain.loginFlow().alias)
	require.Equal(t, "client-matrix.b_2 after brokered login", plain.brokerFlow().alias)
	require.Equal(t, "client-matrix.b_2 password reset", plain.resetFlow().alias)
	require.Equal(t, "matrix.b_2-gate", plain.Client.marker())
}

func TestFlowCompare(t *testing.T) {
	t.Parallel()
	f := Spec{Client: gatedClient()}.loginFlow()
	good, other := flowRef{"f1", f.alias + " abcdefgh"}, flowRef{"f2", f.alias + " ijklmnop"}
	tree := []execution{gatedClient().gate()}
	client := func(bound string) state {
		return state{raw: map[string]any{"id": "c", "clientId": "x", "authenticationFlowBindingOverrides": map[string]any{"browser": bound}}}
	}
	base := flowState{
		shape: shape{tree: tree, uses: []use{clientUse(gatedClient(), false)}}, ours: []flowRef{good}, current: good, outline: outline(tree),
		named: map[string]string{"f1": good.alias, "f2": other.alias}, holders: []state{client("f1")},
	}
	for name, c := range map[string]struct {
		change func(*flowState)
		action maskit.Action
		text   string
	}{
		"as wanted":     {func(*flowState) {}, maskit.ActionUnchanged, ""},
		"not needed":    {func(s *flowState) { s.tree, s.outline = nil, nil }, maskit.ActionUnchanged, ""},
		"not in use":    {func(s *flowState) { s.holders[0] = client("") }, maskit.ActionUpdate, `browser flow: unset → "` + good.alias + `"`},
		"other in use":  {func(s *flowState) { s.holders[0] = client("f2") }, maskit.ActionUpdate, `browser flow: "` + other.alias + `" → "` + good.alias + `"`},
		"renamed":       {func(s *flowState) { s.current.alias = "x" }, maskit.ActionUpdate, `alias: "x" → "` + f.alias + `"`},
		"left behind":   {func(s *flowState) { s.ours = append(s.ours, other) }, maskit.ActionUpdate, "copies out of use: 1 → 0"},
		"edited":        {func(s *flowState) { s.outline = s.outline[:5] }, maskit.ActionUpdate, `executions: unset → [  deny-access-authenticator alternative denyErrorMessage="` + denyMessage + `"]`},
		"missing":       {func(s *flowState) { s.ours, s.current, s.outline = nil, flowRef{}, nil }, maskit.ActionCreate, ""},
		"client coming": {func(s *flowState) { s.holders[0] = state{} }, maskit.ActionUpdate, `browser flow: unset → "` + f.alias + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := base
			s.holders = append([]state{}, base.holders...)
			c.change(&s)
			got := f.compare(state{more: s})
			require.Equal(t, c.action, got.action)
			if c.text != "" {
				require.Len(t, got.fields, 1)
				require.Equal(t, c.text, got.fields[0].String())
			}
			require.Empty(t, got.problems)
		})
	}
	guarded := base
	guarded.guards = []guard{{"conditional-user-role", maskit.Problem{Code: "gate-would-go"}}}
	require.Len(t, f.compare(state{more: guarded}).problems, 1)
}

func TestValidateGuards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Spec)
		want   []string
	}{
		"gate":                 {func(*Spec) {}, nil},
		"gate and codes":       {func(s *Spec) { s.MFA.TOTP = MFAClient }, nil},
		"no gate":              {func(s *Spec) { s.Client.RequireGroup = Set("") }, nil},
		"not a path":           {func(s *Spec) { s.Client.RequireGroup = Set("staff") }, []string{"client.require_group: group-path"}},
		"gate without client":  {func(s *Spec) { s.Client.ID = "" }, []string{"client.id: required"}},
		"message without gate": {func(s *Spec) { s.Client.RequireGroup, s.Client.DenyMessage = Opt[string]{}, "No." }, []string{"client.deny_message: unused"}},
		"direct grant":         {func(s *Spec) { s.Client.DirectGrant = Set(true) }, []string{"client.direct_grant: direct-grant-open"}},
		"registration":         {func(s *Spec) { s.Realm.Registration = Set(true) }, []string{"realm.registration: registration-open"}},
		"neither guards": {func(s *Spec) {
			s.Client.RequireGroup, s.Realm.Registration, s.Client.DirectGrant = Opt[string]{}, Set(true), Set(true)
		}, nil},
		"codes nowhere":    {func(s *Spec) { s.MFA.TOTP = "app" }, []string{"mfa.totp: unknown-value"}},
		"codes, no client": {func(s *Spec) { *s = Spec{Realm: s.Realm, MFA: MFA{TOTP: MFAClient}} }, []string{"mfa.totp: client-missing"}},
		"codes, attribute": {func(s *Spec) {
			s.MFA.TOTP, s.Client.Attributes = MFARealm, map[string]string{"default.acr.values": "x"}
		}, []string{"mfa.totp: has-a-setting"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := Spec{Realm: Realm{Name: "staff"}, Client: gatedClient()}
			c.change(&spec)
			var got []string
			for _, p := range spec.Validate() {
				got = append(got, p.Path+": "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestGuardsInASpecFile(t *testing.T) {
	t.Parallel()
	spec, problems := ParseSpec("spec.yaml", []byte(`
realm: {name: staff}
client: {id: matrix, require_group: /staff, deny_message: No.}
mfa: {totp: realm, enrol_new_users: true}
`))
	require.Empty(t, problems)
	require.Equal(t, Spec{
		Realm: Realm{Name: "staff"}, Client: Client{ID: "matrix", RequireGroup: Set("/staff"), DenyMessage: "No."},
		MFA: MFA{TOTP: MFARealm, EnrolNewUsers: Set(true)},
	}, spec)
	_, problems = ParseSpec("spec.yaml", []byte("realm: {name: staff}\nmfa: {totp: always}\n"))
	require.Len(t, problems, 1)
	require.Equal(t, "mfa.totp", problems[0].Path)
}

func TestBypasses(t *testing.T) {
	t.Parallel()
	brokers := []map[string]any{{"alias": "corp", "enabled": true}, {"alias": "off"}, {"alias": "link", "enabled": true, "linkOnly": true}}
	for name, c := range map[string]struct {
		spec   func(*Spec)
		around surroundings
		want   []string
	}{
		"nothing open":         {func(*Spec) {}, plainRealm(), nil},
		"registration":         {func(*Spec) {}, surroundings{registration: true}, []string{"registration-open"}},
		"registration, closed": {func(s *Spec) { s.Realm.Registration = Set(false) }, plainRealm(), nil},
		"direct grant":         {func(*Spec) {}, surroundings{client: map[string]any{"directAccessGrantsEnabled": true}}, []string{"direct-grant-open"}},
		"direct grant, closed": {func(s *Spec) { s.Client.DirectGrant = Set(false) }, surroundings{client: map[string]any{"directAccessGrantsEnabled": true}}, nil},
		"no client": {func(s *Spec) {
			s.Client.RequireGroup, s.MFA.TOTP = Opt[string]{}, MFAClient
		}, plainRealm(), []string{"client-missing"}},
		"old server":          {func(*Spec) {}, surroundings{able: features{known: true}, brokers: brokers, resetPassword: true}, []string{"brokered-login-open", "password-reset-open"}},
		"old server, closed":  {func(*Spec) {}, surroundings{able: features{known: true}, brokers: brokers[1:]}, nil},
		"own login flow":      {func(*Spec) {}, surroundings{realm: map[string]any{"browserFlow": "webauthn"}}, []string{"realm-flow-not-asked"}},
		"maskit's login flow": {func(*Spec) {}, surroundings{realm: map[string]any{"browserFlow": "maskit login abcdefgh"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := Spec{Realm: Realm{Name: "staff"}, Client: gatedClient()}
			c.spec(&spec)
			var got []string
			for _, p := range spec.bypasses(c.around) {
				require.NotEmpty(t, p.Hint)
				got = append(got, p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}
