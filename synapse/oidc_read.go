package synapse

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// providers reads the providers that Synapse uses.
func (r *legacyReader) providers() []OIDCProvider {
	var providers []OIDCProvider
	if list := r.root.at("oidc_providers"); list != nil {
		for _, item := range list.items {
			providers = append(providers, r.provider(item))
		}
	}
	single := r.root.at("oidc_config")
	switch {
	case single.at("enabled").truthy():
		providers = append(providers, r.provider(single))
	case single.truthy() && single.at("issuer") != nil && single.at("client_id") != nil:
		r.report(single, maskit.Problem{
			Code: "oidc-disabled", Severity: maskit.SeverityInfo, Message: "is not enabled: Synapse does not use it, but syn2mas counts it among the providers",
			Hint: "if people were linked by it, give MAS a provider with the synapse_idp_id " + `"oidc"`,
		})
	}
	r.checkIDs(providers)
	return providers
}

// checkIDs reports providers that share their id.
func (r *legacyReader) checkIDs(providers []OIDCProvider) {
	first := map[string]string{}
	for _, p := range providers {
		if other, ok := first[p.SynapseIDPID]; ok {
			r.problems = append(r.problems, maskit.Problem{
				Path: p.Path, Pos: p.Pos, Code: "duplicate-idp-id",
				Message: "has the id of " + other + ", and Synapse does not start", Hint: "give it an idp_id of its own",
			})
			continue
		}
		first[p.SynapseIDPID] = p.Path
	}
}

func (r *legacyReader) provider(d *datum) OIDCProvider {
	f := fields{reader: r, d: d}
	p := OIDCProvider{
		Path: d.path, Pos: d.pos,
		SynapseIDPID: idpID(f.text("idp_id", "oidc")), Name: f.text("idp_name", "OIDC"), Icon: f.text("idp_icon", ""), Brand: f.text("idp_brand", ""),
		Discover: f.flag("discover", true), Issuer: f.required("issuer"), ClientID: f.required("client_id"),
		ClientSecret: r.secretOf(d.at("client_secret")), ClientSecretPath: f.text("client_secret_path", ""),
		ClientSecretJWT: f.secretJWT(), PKCE: f.text("pkce_method", "auto"),
		SigningAlgorithms: f.list("id_token_signing_alg_values_supported"), Scopes: f.list("scopes", "openid"),
		AuthorizationEndpoint: f.text("authorization_endpoint", ""), TokenEndpoint: f.text("token_endpoint", ""),
		UserinfoEndpoint: f.text("userinfo_endpoint", ""), JWKSURI: f.text("jwks_uri", ""),
		SkipVerification: f.flag("skip_verification", false), UserProfileMethod: f.text("user_profile_method", "auto"),
		RedirectURI:       f.text("redirect_uri", ""),
		BackchannelLogout: f.flag("backchannel_logout_enabled", false), BackchannelLogoutIgnoreSub: f.flag("backchannel_logout_ignore_sub", false),
		AllowExistingUsers: f.flag("allow_existing_users", false), EnableRegistration: f.flag("enable_registration", true),
		Mapping: f.mapping(), AttributeRequirements: f.requirements(),
		AuthorizationParameters: f.textMap("additional_authorization_parameters"), PassthroughParameters: f.list("passthrough_authorization_parameters"),
	}
	p.AuthMethod = f.text("client_auth_method", defaultAuthMethod(p))
	p.defaults = f.defaults
	r.judgeProvider(p, d)
	return p
}

// idpID is the id under which Synapse keeps links.
func idpID(configured string) string {
	if configured == "oidc" {
		return configured
	}
	return "oidc-" + configured
}

func defaultAuthMethod(p OIDCProvider) string {
	if p.ClientSecret.IsZero() && p.ClientSecretPath == "" && p.ClientSecretJWT == nil {
		return "none"
	}
	return "client_secret_basic"
}

// fields reads the settings of a provider.
type fields struct {
	reader   *legacyReader
	d        *datum
	prefix   string // of the keys, in defaults
	defaults []string
}

// get finds a value, and notes if there is none.
func (f *fields) get(key string) *datum {
	d := f.d.at(key)
	if d.isNull() {
		f.defaults = append(f.defaults, f.prefix+key)
		return nil
	}
	return d
}

func (f *fields) required(key string) string {
	d := f.d.at(key)
	if d.isNull() {
		f.reader.problems = append(f.reader.problems, maskit.Problem{
			Path: joinPath(f.d.path, key), Pos: f.d.pos, Code: "required", Message: "is missing, and Synapse does not start", Hint: "set it",
		})
	}
	return f.reader.textOf(d)
}

func (f *fields) text(key, absent string) string {
	d := f.get(key)
	if d == nil {
		return absent
	}
	return f.reader.textOf(d)
}

func (f *fields) flag(key string, absent bool) bool {
	d := f.get(key)
	if d != nil && d.scalar.Kind != yamledit.KindBool {
		f.reader.wrongType(d, "true or false")
	}
	return d.truthyOr(absent)
}

// list reads a list of strings.
func (f *fields) list(key string, absent ...string) []string {
	d := f.get(key)
	if d == nil {
		return absent
	}
	return f.reader.texts(d)
}

func (r *legacyReader) texts(d *datum) []string {
	if !d.isList {
		r.wrongType(d, "a list")
	}
	texts := make([]string, 0, len(d.items))
	for _, item := range d.items {
		texts = append(texts, r.textOf(item))
	}
	return texts
}

// textMap reads a mapping of strings.
func (f *fields) textMap(key string) map[string]string {
	d := f.get(key)
	switch {
	case d == nil:
		return nil
	case !d.isMapping():
		f.reader.wrongType(d, "a mapping")
	}
	texts := make(map[string]string, len(d.entries))
	for _, e := range d.entries {
		texts[e.key.Text] = pythonText(e.value.scalar)
	}
	return texts
}

func (f *fields) secretJWT() *ClientSecretJWT {
	d := f.get("client_secret_jwt_key")
	if d == nil {
		return nil
	}
	inner := fields{reader: f.reader, d: d}
	return &ClientSecretJWT{
		Key: f.reader.secretOf(d.at("key")), KeyFile: inner.text("key_file", ""),
		Header: inner.textMap("jwt_header"), Payload: inner.textMap("jwt_payload"),
	}
}

func (f *fields) requirements() []AttributeRequirement {
	d := f.get("attribute_requirements")
	if d == nil {
		return nil
	}
	var requirements []AttributeRequirement
	for _, item := range d.items {
		inner := fields{reader: f.reader, d: item}
		oneOf := inner.list("one_of")
		if value := inner.get("value"); value != nil {
			oneOf = append([]string{f.reader.textOf(value)}, oneOf...)
		}
		requirements = append(requirements, AttributeRequirement{Attribute: inner.required("attribute"), OneOf: oneOf})
	}
	return requirements
}

// mapping reads the user_mapping_provider.
func (f *fields) mapping() UserMapping {
	const own, older = "synapse.handlers.oidc.JinjaOidcMappingProvider", "synapse.handlers.oidc_handler.JinjaOidcMappingProvider"
	section := fields{reader: f.reader, d: f.d.at("user_mapping_provider"), prefix: "user_mapping_provider."}
	m := UserMapping{Module: section.text("module", own)}
	if m.Module == older {
		m.Module = own
	}
	m.Custom = m.Module != own
	config := fields{reader: f.reader, d: section.d.at("config"), prefix: section.prefix + "config."}
	if !m.Custom {
		m.Subject, m.Picture = config.claim("subject", "sub"), config.claim("picture", "picture")
		m.Localpart, m.DisplayName, m.Email = config.template("localpart"), config.template("display_name"), config.template("email")
		m.ConfirmLocalpart, m.ExtraAttributes = config.flag("confirm_localpart", false), config.textMap("extra_attributes")
	}
	f.defaults = append(append(f.defaults, section.defaults...), config.defaults...)
	return m
}

// template reads a template that is none by default.
func (f *fields) template(name string) Template {
	text := f.text(name+"_template", "")
	return Template{Text: text, Default: f.d.at(name + "_template").isNull()}
}

// claim reads a template that can be given as the name of a claim, too.
func (f *fields) claim(name, claim string) Template {
	if text := f.text(name+"_template", ""); text != "" {
		f.get(name + "_claim")
		return Template{Text: text}
	}
	isDefault := f.d.at(name + "_claim").isNull()
	return Template{Text: "{{ user." + f.text(name+"_claim", claim) + " }}", Default: isDefault}
}
