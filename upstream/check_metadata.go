package upstream

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/discovery"
	"github.com/maskit-dev/maskit/upstream/internal/jwks"
)

// judgeMetadata compares the metadata with what the entry asks for.
func (r *checkRun) judgeMetadata() {
	at := metadataURL(r.entry.Issuer)
	r.judgeAddresses(at)
	r.judgeFlow(at)
	r.judgeScopes(at)
	r.judgeAlg(at)
	r.judgeAuth(at)
	r.judgePKCE(at)
	r.judgeMode(at)
	r.judgeDemands(at)
	r.judgeLogout(at)
}

// judgeAddresses checks the rules for URLs of discovery mode oidc, and warns of plain
// http where mode insecure lets it pass.
func (r *checkRun) judgeAddresses(at string) {
	insecure := r.entry.DiscoveryMode == mas.DiscoveryInsecure
	if insecure {
		r.warn("discovery_mode", finding{
			"disc-insecure", "is insecure: MAS does not check the metadata, and takes plain http", "use oidc, which is the default",
		})
	}
	var plain, fragments []string
	mayFragment := discovery.Strict()
	for _, field := range slices.Sorted(maps.Keys(mayFragment)) {
		address := r.metadata.Text(field)
		switch {
		case address == "":
		case !isHTTPS(address):
			plain = append(plain, field)
		case strings.Contains(address, "#") && !mayFragment[field]:
			fragments = append(fragments, field)
		}
	}
	severity, so := maskit.SeverityError, ", and MAS refuses the metadata"
	if insecure {
		severity, so = maskit.SeverityWarning, ", which discovery_mode insecure lets pass"
	}
	if len(plain) > 0 {
		r.add(severity, at, finding{"disc-https", "not https: " + strings.Join(plain, ", ") + so, "serve them by https; discovery_mode insecure is for tests"})
	}
	if len(fragments) > 0 {
		r.add(severity, at, finding{"disc-https", "with a fragment: " + strings.Join(fragments, ", ") + so, "correct it at the provider"})
	}
	if insecure {
		return
	}
	for _, field := range discovery.AuthAlgs() {
		if list, _ := r.metadata.List(field); slices.Contains(list, "none") {
			r.fail(at, finding{"disc-https", field + ` has "none", and MAS refuses the metadata`, "correct it at the provider"})
		}
	}
}

// judgeFlow checks that there is the authorization code flow.
func (r *checkRun) judgeFlow(at string) {
	if types, ok := r.metadata.List("response_types_supported"); ok && !slices.ContainsFunc(types, func(t string) bool { return strings.TrimSpace(t) == "code" }) {
		r.fail(at, finding{"disc-code", "response_types_supported lacks code, which is the only one that MAS uses", "allow the authorization code flow at the provider"})
	}
	if !slices.Contains(r.metadata.Or("grant_types_supported", "authorization_code", "implicit"), "authorization_code") {
		r.fail(at, finding{"disc-code", "grant_types_supported lacks authorization_code, which is the only one that MAS uses", "allow the authorization code flow at the provider"})
	}
}

func (r *checkRun) judgeScopes(at string) {
	offered, ok := r.metadata.List("scopes_supported")
	if !ok {
		return
	}
	if r.entry.DiscoveryMode == mas.DiscoveryOIDC && !slices.Contains(offered, "openid") {
		r.fail(at, finding{"disc-scopes", "scopes_supported lacks openid, and MAS refuses the metadata", "correct it at the provider"})
	}
	var unknown []string
	for _, scope := range strings.Fields(r.entry.Scope) {
		if !slices.Contains(offered, scope) && scope != "openid" {
			unknown = append(unknown, scope)
		}
	}
	if len(unknown) > 0 {
		r.warn(at, finding{
			"disc-scopes", "scopes_supported lacks " + strings.Join(unknown, ", "),
			"if the provider does not know them, every login fails: create them there, or remove them from scope",
		})
	}
}

// judgeAlg checks the algorithm of ID tokens.
func (r *checkRun) judgeAlg(at string) {
	alg := string(r.entry.IDTokenSignedResponseAlg)
	offered, ok := r.metadata.List("id_token_signing_alg_values_supported")
	if !ok || !r.wantsIDToken() || !slices.Contains(jwks.Algs(), alg) || slices.Contains(offered, alg) {
		return // that MAS cannot verify the algorithm has been said by Validate
	}
	hint := "let the provider sign with one of " + strings.Join(jwks.Algs(), ", ")
	if i := slices.IndexFunc(offered, func(a string) bool { return slices.Contains(jwks.Algs(), a) }); i >= 0 {
		hint = "write id_token_signed_response_alg: " + offered[i]
	}
	r.fail(at, finding{"disc-alg", fmt.Sprintf("ID tokens are signed with %s, not with %s", printableList(offered), alg), hint})
}

func (r *checkRun) wantsIDToken() bool { return wantsIDToken(r.entry) }

// wantsIDToken reports whether MAS asks for an ID token, and sends a nonce.
func wantsIDToken(entry Entry) bool {
	return entry.Scope == "" || slices.Contains(strings.Fields(entry.Scope), "openid")
}

// judgeAuth checks how MAS authenticates.
func (r *checkRun) judgeAuth(at string) {
	const field = "token_endpoint_auth_methods_supported"
	method := string(r.entry.TokenEndpointAuthMethod)
	if method == string(mas.AuthSignInWithApple) {
		method = string(mas.AuthClientSecretPost)
	}
	offered, ok := r.metadata.List(field)
	switch {
	case !ok && method != string(mas.AuthClientSecretBasic):
		r.warn(at, finding{"disc-auth", field + " is absent, which means client_secret_basic alone, not " + method, "see what the provider's documentation says of it"})
	case ok && onlyMTLS(offered):
		r.fail(at, finding{"disc-mtls", "the token endpoint takes client certificates alone, which MAS does not have", "allow client_secret_basic at the provider"})
		return
	case ok && !slices.Contains(offered, method):
		r.fail(at, finding{
			"disc-auth", fmt.Sprintf("the token endpoint takes %s, not %s", printableList(offered), method),
			"set token_endpoint_auth_method to one of them, and the client at the provider to the same",
		})
	}
	algs, ok := r.metadata.List("token_endpoint_auth_signing_alg_values_supported")
	if alg := string(r.entry.TokenEndpointAuthSigningAlg); ok && alg != "" && !slices.Contains(algs, alg) {
		r.fail(at, finding{
			"disc-auth", fmt.Sprintf("the token endpoint takes assertions signed with %s, not with %s", printableList(algs), alg),
			"set token_endpoint_auth_signing_alg to one of them",
		})
	}
}

func onlyMTLS(methods []string) bool {
	return len(methods) > 0 && !slices.ContainsFunc(methods, func(m string) bool {
		return m != "tls_client_auth" && m != "self_signed_tls_client_auth"
	})
}

// usesPKCE reports whether MAS sends a code challenge.
func (r *checkRun) usesPKCE() bool {
	switch r.entry.PKCEMethod {
	case mas.PKCEAlways:
		return true
	case mas.PKCENever:
		return false
	}
	return slices.Contains(r.metadata.Or("code_challenge_methods_supported"), "S256")
}

func (r *checkRun) judgePKCE(at string) {
	offered, ok := r.metadata.List("code_challenge_methods_supported")
	s256 := slices.Contains(offered, "S256")
	switch {
	case r.entry.PKCEMethod == mas.PKCEAlways && ok && !s256:
		r.fail(at, finding{"disc-pkce", fmt.Sprintf("PKCE is offered with %s, and MAS uses S256", printableList(offered)), "set pkce_method to auto, or allow S256 at the provider"})
	case r.entry.PKCEMethod == mas.PKCEAuto && ok && !s256:
		r.warn(at, finding{"disc-pkce", fmt.Sprintf("PKCE is offered with %s and not with S256, so that MAS uses none", printableList(offered)), "allow S256 at the provider"})
	case r.entry.PKCEMethod == mas.PKCEAuto && !ok:
		r.note(at, finding{"disc-pkce", "PKCE is not offered, so that MAS uses none", "set pkce_method to always if the provider takes S256 without saying so"})
	case r.entry.PKCEMethod == mas.PKCENever && s256:
		r.warn(at, finding{"disc-pkce", "PKCE is offered, and pkce_method is never", "use auto, which is the default"})
	}
}

func (r *checkRun) judgeMode(at string) {
	offered := r.metadata.Or("response_modes_supported", "query", "fragment")
	if mode := string(r.entry.ResponseMode); mode != "" && !slices.Contains(offered, mode) {
		r.fail(at, finding{"disc-mode", fmt.Sprintf("answers come by %s, not by %s", printableList(offered), mode), "remove response_mode, or set it to query"})
	}
}

// judgeDemands finds what the provider demands and MAS does not have.
func (r *checkRun) judgeDemands(at string) {
	if r.metadata.Bool("require_pushed_authorization_requests") {
		r.fail(at, finding{"disc-par", "every client must push its authorization requests (RFC 9126), which MAS cannot", "switch the demand off at the provider, for this client at least"})
	}
	if r.metadata.Bool("require_signed_request_object") {
		r.fail(at, finding{"disc-jar", "every client must sign its authorization requests (RFC 9101), which MAS cannot", "switch the demand off at the provider"})
	}
	if alg := string(r.entry.UserinfoSignedResponseAlg); alg != "" && r.entry.FetchUserinfo {
		if offered, ok := r.metadata.List("userinfo_signing_alg_values_supported"); ok && !slices.Contains(offered, alg) {
			r.warn(at, finding{"userinfo-alg", fmt.Sprintf("userinfo is signed with %s, not with %s", printableList(offered), alg), "remove userinfo_signed_response_alg, or set it to one of them"})
		}
	}
}

// judgeLogout checks whether the provider tells MAS about logouts.
func (r *checkRun) judgeLogout(at string) {
	if !LogsOut(r.entry) {
		return
	}
	hint := "set on_backchannel_logout to do_nothing, or let the provider do so"
	switch {
	case !r.wantsIDToken():
		r.warn("on_backchannel_logout", finding{"bcl", "without the scope openid there is no ID token, and a logout finds no session", "add openid to scope"})
	case !r.metadata.Bool("backchannel_logout_supported"):
		r.warn(at, finding{"bcl", "back-channel logout is not offered, and on_backchannel_logout waits for it", hint})
	case !r.metadata.Bool("backchannel_logout_session_supported"):
		r.warn(at, finding{"bcl", "logout tokens do not name the session, so that a logout ends all sessions of the user", "register " + r.cfg.Env.BackchannelLogoutURL() + " with session required, if the provider can"})
	}
}

// judgeRelogin finds that a logout does not last.
func (r *checkRun) judgeRelogin() {
	if _, prompts := r.entry.AdditionalAuthorizationParameters["prompt"]; r.cfg.OnlyLogin && !prompts {
		r.warn("additional_authorization_parameters", finding{
			"logout-reauth", "people who log out are signed in again at once, because MAS sends them to the only provider, which still knows them",
			`set prompt to "{% if logged_out %}login{% endif %}"`,
		})
	}
}

// printableList is a foreign list on one line.
func printableList(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return httpx.Printable(strings.Join(list, ", "), 200)
}
