package synapse

import (
	"slices"

	"github.com/maskit-dev/maskit"
)

// judgeProvider reports what Synapse refuses, and what MAS does otherwise or not at all.
func (r *legacyReader) judgeProvider(p OIDCProvider, d *datum) {
	r.judgeSecret(p, d)
	r.judgePeople(p, d)
	r.judgeMapping(p, d)
	const (
		info    = maskit.SeverityInfo
		warning = maskit.SeverityWarning
	)
	if !p.Discover && (p.AuthorizationEndpoint == "" || p.TokenEndpoint == "" || p.JWKSURI == "" && slices.Contains(p.Scopes, "openid")) {
		r.report(d.at("discover"), maskit.Problem{
			Code: "endpoints-missing", Message: "is off, but not all endpoints are set: authorization_endpoint, token_endpoint, jwks_uri", Hint: "set them, or discover: true",
		})
	}
	r.noteIf(p.SkipVerification, d.at("skip_verification"), warning, "skip-verification",
		"switches checks of the provider's metadata off", "try without; if the metadata are at fault, MAS has discovery_mode: insecure")
	r.noteIf(p.RedirectURI != "", d.at("redirect_uri"), info, "redirect-uri",
		"is sent instead of Synapse's own callback", "register the callback of MAS at the provider as well, and keep this one until there is no way back")
	r.noteIf(len(p.PassthroughParameters) > 0, d.at("passthrough_authorization_parameters"), warning, "passthrough-parameters",
		"are taken over from the request of the client, which MAS does for login_hint alone (forward_login_hint)", "tell those who use it")
	r.noteIf(p.BackchannelLogout, d.at("backchannel_logout_enabled"), info, "backchannel-logout",
		"lets the provider end sessions by an address of Synapse", "register the back-channel logout address of MAS at the provider, and set on_backchannel_logout: logout_all in MAS")
	r.noteIf(p.Icon != "", d.at("idp_icon"), info, "idp-icon",
		"is a picture in Matrix's media store; MAS shows those of the brands that it knows", "set brand_name in MAS if it knows the brand")
}

func (r *legacyReader) noteIf(holds bool, d *datum, severity maskit.Severity, code, message, hint string) {
	if holds {
		r.report(d, maskit.Problem{Code: code, Severity: severity, Message: message, Hint: hint})
	}
}

// judgeSecret judges how Synapse proves itself to the provider.
func (r *legacyReader) judgeSecret(p OIDCProvider, d *datum) {
	path := d.at("client_secret_path")
	switch {
	case p.ClientSecretPath != "" && !p.ClientSecret.IsZero():
		r.report(path, maskit.Problem{Code: "exclusive", Message: "is set beside client_secret, and Synapse does not start with both", Hint: "remove one of them"})
	case p.ClientSecretPath != "":
		r.report(path, secretFile())
	}
	r.noteIf(p.ClientSecretJWT != nil, d.at("client_secret_jwt_key"), maskit.SeverityWarning, "client-secret-jwt",
		"makes the client secret from a key, which syn2mas does not carry over",
		"for Apple, use MAS's token_endpoint_auth_method: sign_in_with_apple; for others private_key_jwt, if the provider takes it")
	if p.AuthMethod != "none" && defaultAuthMethod(p) == "none" {
		r.report(d.at("client_auth_method"), maskit.Problem{
			Code: "secret-missing", Message: "needs a client secret, and Synapse does not start without", Hint: "set client_secret or client_secret_path, or the method none",
		})
	}
}

// judgePeople judges who may log in, and as whom.
func (r *legacyReader) judgePeople(p OIDCProvider, d *datum) {
	r.noteIf(len(p.AttributeRequirements) > 0, d.at("attribute_requirements"), maskit.SeverityWarning, "attribute-requirements",
		"MAS has no such requirement: everyone whom the provider lets in would get in",
		"restrict the client at the provider, or make a required template of claims_imports fail for the others")
	r.noteIf(!p.EnableRegistration, d.at("enable_registration"), maskit.SeverityWarning, "no-registration",
		"only people who have an account may log in; MAS makes accounts for the others",
		"restrict the client at the provider, or let claims_imports.localpart fail (action: require, with a template that renders nothing)")
	r.noteIf(p.AllowExistingUsers, d.at("allow_existing_users"), maskit.SeverityWarning, "existing-users",
		"links people to accounts by their localpart alone; MAS does so only if told",
		"set claims_imports.localpart.on_conflict: add in MAS if the provider is trusted with every account")
}

// judgeMapping judges how claims become accounts.
func (r *legacyReader) judgeMapping(p OIDCProvider, d *datum) {
	module, config := d.at("user_mapping_provider", "module"), d.at("user_mapping_provider", "config")
	r.noteIf(p.Mapping.Custom, module, maskit.SeverityWarning, "mapping-module",
		"is not Synapse's own: what it makes of the claims, the subject of links among them, is not known",
		"read its source, and write subject and claims_imports of MAS so that they give the same subject")
	r.noteIf(len(p.Mapping.ExtraAttributes) > 0, config.at("extra_attributes"), maskit.SeverityWarning, "extra-attributes",
		"are told to clients at login, which MAS does not", "look for clients that use them")
	r.noteIf(!p.Mapping.Custom && !p.Mapping.Picture.Default, firstOf(config.at("picture_template"), config.at("picture_claim")), maskit.SeverityInfo, "picture",
		"MAS imports no pictures", "")
	r.noteIf(p.Mapping.ConfirmLocalpart, config.at("confirm_localpart"), maskit.SeverityInfo, "confirm-localpart",
		"lets people change the localpart", "set claims_imports.localpart.action: suggest in MAS")
}

func firstOf(a, b *datum) *datum {
	if a != nil {
		return a
	}
	return b
}
