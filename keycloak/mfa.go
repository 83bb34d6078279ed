package keycloak

import (
	"context"
	"net/http"

	"github.com/maskit-dev/maskit"
)

// MFA demands a second factor.
type MFA struct {
	// TOTP says where a one-time code of an authenticator app is demanded. Those who have
	// none set one up when they log in.
	TOTP MFAScope `yaml:"totp"`
	// EnrolNewUsers has every user who is made from now on set up codes at the first
	// login, wherever that is.
	EnrolNewUsers Opt[bool] `yaml:"enrol_new_users"`
}

// MFAScope is where a code is demanded.
type MFAScope string

// The values of MFAScope.
const (
	// MFAOff demands none: what an earlier spec made is removed, as deletions of the plan.
	MFAOff MFAScope = "off"
	// MFAClient demands one for the client of MAS, which then counts for ten hours of the
	// session. Who is logged in to another client without one is asked for it, and for the
	// password. Who comes from an identity provider is asked at each login, and, having set
	// up codes, at other clients too. Keycloak before 26.6 asks everybody at each login to MAS.
	MFAClient MFAScope = "client"
	// MFARealm demands one for all clients that have no flow of their own, once in a
	// session. Sessions that clients with a flow of their own began, and those from before,
	// count as they are, for MAS too.
	MFARealm MFAScope = "realm"
)

func (m MFAScope) on() bool { return m == MFAClient || m == MFARealm }

func (s Spec) validateMFA() maskit.Problems {
	var ps maskit.Problems
	switch s.MFA.TOTP {
	case "", MFAOff, MFAClient, MFARealm:
	default:
		ps = append(ps, maskit.Problem{Path: "totp", Code: "unknown-value", Message: "is none of off, client and realm"})
	}
	if s.MFA.TOTP == MFAClient && s.Client.ID == "" {
		ps = append(ps, maskit.Problem{Path: "totp", Code: "client-missing", Message: "is for a client, and the spec has none", Hint: "set client.id, or demand it in the realm"})
	}
	if s.MFA.TOTP.on() {
		for _, name := range []string{attrDefaultLevel, attrMinimumLevel, attrLevels} {
			if _, ok := s.Client.Attributes[name]; ok {
				ps = append(ps, maskit.Problem{Path: "totp", Code: "has-a-setting", Message: "manages the client attribute " + name + ", which client.attributes names too", Hint: "remove it there"})
			}
		}
	}
	return ps
}

// Attributes of a client about levels of authentication. They tell Keycloak that a login
// with a password alone is not enough for the client, also when somebody asks for less in
// the address.
const (
	attrLevels       = "acr.loa.map"
	attrDefaultLevel = "default.acr.values"
	attrMinimumLevel = "minimum.acr.value"
)

const (
	secondLevel = "mfa"
	levelMap    = `{"pwd":"1","mfa":"2"}`
)

// levelFields demand the second level of the client, or take that demand back.
func levelFields(demand bool) []field {
	fields := make([]field, 0, 3)
	for _, attribute := range []struct{ name, value string }{{attrLevels, levelMap}, {attrDefaultLevel, secondLevel}, {attrMinimumLevel, secondLevel}} {
		f := field{path: []string{"attributes", attribute.name}, want: attribute.value}
		if !demand {
			// What others set there stays.
			f.want, f.same = "", func(have, _ any) bool { return have != attribute.value }
		}
		fields = append(fields, f)
	}
	return fields
}

// levelSeconds is how long a level counts in a session.
const levelSeconds = "36000"

func levelCondition(level int) execution {
	name := map[int]string{1: "1", 2: "2"}[level]
	return authenticator("conditional-level-of-authentication", required).with("loa-condition-level", name).with("loa-max-age", levelSeconds)
}

// oneTimeCode asks for a code, and has those set one up who have none.
func oneTimeCode() execution { return authenticator("auth-otp-form", required) }

func askedEveryTime() maskit.Problem {
	return maskit.Problem{
		Path: "mfa.totp", Code: "mfa-asks-every-time", Severity: maskit.SeverityWarning,
		Message: "Keycloak of this age asks for a code at each login to MAS, also of those who entered one just before",
		Hint:    "upgrade Keycloak, or demand the code in the realm",
	}
}

const setUpTOTP = "CONFIGURE_TOTP"

// mfaObjects has the required action by which people set up codes: without it those who
// have none are refused.
func mfaObjects(_ context.Context, r *run) ([]object, error) {
	m := r.spec.MFA
	f := settings{}
	if m.TOTP.on() {
		f.own(true, "enabled")
	}
	f.flag(m.EnrolNewUsers, "defaultAction")
	if len(f) == 0 {
		return nil, nil
	}
	return []object{requiredAction{document{
		rule: requiredActionRule(), name: setUpTOTP, fields: f,
		find: func(ctx context.Context, r *run) (state, error) {
			raw, err := r.setUpTOTP(ctx)
			return state{raw: raw}, err
		},
		item: func(_ context.Context, r *run, _ map[string]any) (string, error) {
			return r.path("authentication", "required-actions", setUpTOTP), nil
		},
	}}}, nil
}

// setUpTOTP is the required action as the server has it; nil if there is none.
func (r *run) setUpTOTP(ctx context.Context) (map[string]any, error) {
	var raw map[string]any
	_, err := r.get(ctx, r.path("authentication", "required-actions", setUpTOTP), &raw)
	return raw, err
}

// requiredAction is made by its registration, and set after that.
type requiredAction struct{ document }

func (o requiredAction) write(ctx context.Context, r *run, have state) error {
	if have.raw != nil {
		return o.update(ctx, r, have.raw)
	}
	body := map[string]any{"providerId": setUpTOTP, "name": "Configure OTP"}
	if err := r.send(ctx, http.MethodPost, r.path("authentication", "register-required-action"), body); err != nil {
		return err
	}
	return apply(ctx, r, o.document)
}
