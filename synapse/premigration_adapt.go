package synapse

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// adapt makes the configuration one that syn2mas can read. It reads the settings
// that it knows by strict types, and gives up at the first that is of another,
// where Synapse takes whatever Python takes (mas-cli 1.22, run on each). Such a
// value becomes the one that Synapse makes of it, which an info tells.
func adapt(whole *datum) maskit.Problems {
	var problems maskit.Problems
	for _, rule := range syn2masTypes() {
		for _, d := range whole.match(strings.Split(rule.path, ".")) {
			adapted, ok := rule.want.apply(d)
			switch {
			case !ok:
				problems = append(problems, maskit.Problem{
					Path: d.path, Pos: d.pos, Code: "wrong-type", Message: "is not " + rule.want.String(), Hint: "write one; syn2mas reads nothing else here",
				})
				if rule.want == wantSection || rule.want == wantList {
					return problems // what is below cannot be judged
				}
			case adapted:
				problems = append(problems, maskit.Problem{
					Path: d.path, Pos: d.pos, Code: "adapted", Severity: maskit.SeverityInfo,
					Message: "is not " + rule.want.String() + ", which alone syn2mas reads here; the file for it says what Synapse makes of the value",
				})
			}
		}
	}
	return problems
}

// match lists the values that a path leads to: "x[]" is every item of the list x,
// "*" every key. Values that are left out are not among them.
func (d *datum) match(path []string) []*datum {
	if len(path) == 0 {
		return []*datum{d}
	}
	key, ofItems := strings.CutSuffix(path[0], "[]")
	var found []*datum
	for _, e := range d.entries {
		if key != "*" && !e.key.IsString(key) || e.value.gone {
			continue
		}
		next := []*datum{e.value}
		if ofItems {
			next = e.value.items
		}
		for _, value := range next {
			found = append(found, value.match(path[1:])...)
		}
	}
	return found
}

// wantedType is a type by which syn2mas reads a setting.
type wantedType int

const (
	wantSection wantedType = iota // a mapping
	wantList
	wantBool
	wantSwitch // a boolean that Synapse reads as it does enable_registration
	wantText   // a string, or null
	wantInt    // an integer, or null
	wantURL    // an absolute URL, or null
)

func (w wantedType) String() string {
	return []string{"a mapping", "a list", "true or false", "true or false", "a string", "a whole number", "an absolute URL"}[w]
}

// apply turns a value into one of the type. It is not ok if that is impossible.
func (w wantedType) apply(d *datum) (adapted, ok bool) {
	switch w {
	case wantSection:
		return d.leaveOut(d.isMapping())
	case wantList:
		return d.leaveOut(d.isList)
	case wantBool:
		return d.setScalar(yamledit.KindBool, strconv.FormatBool(d.truthy())), true
	case wantSwitch:
		value, ok := d.switched()
		return ok && d.setScalar(yamledit.KindBool, strconv.FormatBool(value)), ok
	}
	switch {
	case d.isNull():
		return false, true
	case d.scalar.Kind == yamledit.KindNone:
		return false, false
	}
	return w.applyScalar(d)
}

func (w wantedType) applyScalar(d *datum) (adapted, ok bool) {
	text := pythonText(d.scalar)
	switch w {
	case wantInt:
		number, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
		return err == nil && d.setScalar(yamledit.KindInt, strconv.FormatUint(number, 10)), err == nil
	case wantURL:
		u, err := url.Parse(text)
		return false, err == nil && u.IsAbs() && d.scalar.Kind == yamledit.KindString
	default:
		return d.setScalar(yamledit.KindString, text), true
	}
}

// leaveOut leaves a value out of the file if it is of the wrong type, but nothing:
// null, false, an empty string.
func (d *datum) leaveOut(isRight bool) (adapted, ok bool) {
	d.gone = !isRight && !d.truthy()
	return d.gone, isRight || d.gone
}

// setScalar reports whether it changed the value.
func (d *datum) setScalar(kind yamledit.Kind, text string) bool {
	want := yamledit.Scalar{Kind: kind, Text: text}
	if d.scalar == want {
		return false
	}
	d.scalar, d.isList, d.items, d.entries = want, false, nil, nil
	return true
}

// pythonText is a scalar as Python's str gives it.
func pythonText(s yamledit.Scalar) string {
	switch {
	case s.Kind == yamledit.KindBool && s.Text == "true":
		return "True"
	case s.Kind == yamledit.KindBool:
		return "False"
	case s.Kind == yamledit.KindFloat:
		return floatText(s.Text)
	}
	return s.Text
}

// typeRule is a setting that syn2mas reads, and its type.
type typeRule struct {
	path string
	want wantedType
}

// syn2masTypes lists the settings, sections before what they hold.
func syn2masTypes() []typeRule {
	rules := typed("", map[wantedType]string{
		wantSection: "database database.args password_config login_via_existing_session user_consent " +
			"cas_config saml2_config jwt_config oidc_config",
		wantList: "oidc_providers",
		wantBool: "allow_guest_access enable_registration_captcha enable_3pid_changes enable_set_display_name " +
			"password_config.enabled password_config.localdb_enabled login_via_existing_session.enabled " +
			"cas_config.enabled saml2_config.enabled jwt_config.enabled",
		wantSwitch: "enable_registration",
		wantInt:    "bcrypt_rounds database.args.port",
		wantURL:    "public_baseurl",
		wantText: "server_name password_config.pepper recaptcha_public_key recaptcha_private_key registration_shared_secret " +
			"database.name database.args.user database.args.password database.args.dbname database.args.database database.args.host",
	})
	rules = append(rules, typeRule{"oidc_providers[]", wantSection})
	return append(append(rules, providerTypes("oidc_config.")...), providerTypes("oidc_providers[].")...)
}

// providerTypes lists the settings of an OpenID Connect provider.
func providerTypes(prefix string) []typeRule {
	return typed(prefix, map[wantedType]string{
		wantSection: "user_mapping_provider user_mapping_provider.config additional_authorization_parameters",
		wantList:    "scopes id_token_signing_alg_values_supported",
		wantBool: "discover skip_verification backchannel_logout_enabled enable_registration forward_login_hint " +
			"user_mapping_provider.config.confirm_localpart",
		wantURL: "authorization_endpoint token_endpoint userinfo_endpoint jwks_uri",
		wantText: "issuer idp_id idp_name idp_brand client_id client_secret client_secret_path client_auth_method " +
			"pkce_method user_profile_method scopes[] additional_authorization_parameters.* user_mapping_provider.module " +
			"user_mapping_provider.config.subject_claim user_mapping_provider.config.subject_template " +
			"user_mapping_provider.config.localpart_template user_mapping_provider.config.display_name_template " +
			"user_mapping_provider.config.email_template",
	})
}

// typed lists settings by type, in the order of the types.
func typed(prefix string, keys map[wantedType]string) []typeRule {
	var rules []typeRule
	for want := wantSection; want <= wantURL; want++ {
		for key := range strings.FieldsSeq(keys[want]) {
			rules = append(rules, typeRule{prefix + key, want})
		}
	}
	return rules
}
