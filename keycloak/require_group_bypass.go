package keycloak

import "github.com/maskit-dev/maskit"

// bypasses are the ways into the client past its flow that cannot be closed here. They
// were all walked on Keycloak 26.0 and 26.7.
func (s Spec) bypasses(around surroundings) maskit.Problems {
	var ps maskit.Problems
	// Those that the spec opens itself are found without a server.
	if around.registration && !s.Realm.Registration.Valid {
		ps = append(ps, registrationOpen())
	}
	if around.realm != nil && around.client == nil && s.Client.isZero() {
		ps = append(ps, maskit.Problem{Path: "client.id", Code: "client-missing", Message: "there is no such client, and the spec does not make it", Hint: "check the spelling, or set provider"})
	}
	if around.client["directAccessGrantsEnabled"] == true && !s.Client.DirectGrant.Valid {
		ps = append(ps, directGrantOpen())
	}
	if !around.conditions() {
		ps = append(ps, s.oldServer(around)...)
	}
	if flow := text(around.realm, "browserFlow"); flow != "" && flow != builtInBrowserFlow && !s.realmFlow().isName(flow) {
		ps = append(ps, maskit.Problem{
			Path: s.guardPath(), Code: "realm-flow-not-asked", Severity: maskit.SeverityWarning,
			Message: "the realm has a login flow of its own, which logins to this client will not go through any more",
			Hint:    "see what it demands, such as other second factors",
		})
	}
	return ps
}

// oldServer are the ways that only newer servers can close for one client.
func (s Spec) oldServer(around surroundings) maskit.Problems {
	var ps maskit.Problems
	if len(around.openBrokers()) > 0 {
		ps = append(ps, bypass(s.guardPath(), "brokered-login-open",
			"who logs in at an identity provider gets into the client unchecked; Keycloak of this age cannot check that for one client",
			"upgrade Keycloak, or give the identity providers a flow after logins that checks it for all clients, and acknowledge this"))
	}
	if around.resetPassword {
		ps = append(ps, bypass(s.guardPath(), "password-reset-open",
			"who resets a forgotten password gets into the client unchecked; Keycloak of this age cannot prevent it", "set realm.reset_password to false, or upgrade Keycloak"))
	}
	return ps
}

// validateBypasses finds the ways past the flow that the spec opens itself.
func (s Spec) validateBypasses() maskit.Problems {
	var ps maskit.Problems
	if !s.guardsClient() {
		return nil
	}
	if s.Client.DirectGrant.V {
		ps = append(ps, directGrantOpen())
	}
	if s.Realm.Registration.V {
		ps = append(ps, registrationOpen())
	}
	return ps
}

// The codes of bypasses that a spec may have without a server.
const (
	codeDirectGrant  = "direct-grant-open"
	codeRegistration = "registration-open"
)

func directGrantOpen() maskit.Problem {
	return bypass("client.direct_grant", codeDirectGrant, "passwords are taken without a browser, past the flow of the client", "set direct_grant to false")
}

func registrationOpen() maskit.Problem {
	return bypass("realm.registration", codeRegistration, "who registers gets into the client unchecked", "set registration to false")
}

// bypass is a finding about one of the ways past a flow.
func bypass(path, code, message, hint string) maskit.Problem {
	return maskit.Problem{Path: path, Code: code, Message: message, Hint: hint}
}
