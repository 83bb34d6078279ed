package keycloaktest

import "encoding/json"

// realmDefaults are the settings of a new realm.
func (s *Server) realmDefaults() document {
	d := document{ //nolint:gosec // no credentials
		"enabled": false, "sslRequired": "external", "loginWithEmailAllowed": true, "defaultSignatureAlgorithm": "RS256", "bruteForceStrategy": "MULTIPLE",
		"requiredCredentials": []any{"password"}, "eventsListeners": []any{"jboss-logging"}, "enabledEventTypes": []any{},
		"browserFlow": "browser", "registrationFlow": "registration", "directGrantFlow": "direct grant", "resetCredentialsFlow": "reset credentials",
		"clientAuthenticationFlow": "clients", "dockerAuthenticationFlow": "docker auth", "firstBrokerLoginFlow": "first broker login",
		"otpPolicyType": "totp", "otpPolicyAlgorithm": "HmacSHA1",
		"otpSupportedApplications": []any{"totpAppFreeOTPName", "totpAppGoogleName", "totpAppMicrosoftAuthenticatorName"},
		"browserSecurityHeaders":   securityHeaders(),
	}
	for name, value := range map[string]string{
		"accessTokenLifespan": "300", "accessTokenLifespanForImplicitFlow": "900", "ssoSessionIdleTimeout": "1800", "ssoSessionMaxLifespan": "36000",
		"offlineSessionIdleTimeout": "2592000", "offlineSessionMaxLifespan": "5184000", "accessCodeLifespan": "60", "accessCodeLifespanUserAction": "300",
		"accessCodeLifespanLogin": "1800", "actionTokenGeneratedByAdminLifespan": "43200", "actionTokenGeneratedByUserLifespan": "300",
		"oauth2DeviceCodeLifespan": "600", "oauth2DevicePollingInterval": "5", "maxFailureWaitSeconds": "900", "minimumQuickLoginWaitSeconds": "60",
		"waitIncrementSeconds": "60", "quickLoginCheckMilliSeconds": "1000", "maxDeltaTimeSeconds": "43200", "failureFactor": "30",
		"otpPolicyDigits": "6", "otpPolicyLookAheadWindow": "1", "otpPolicyPeriod": "30",
	} {
		d[name] = json.Number(value)
	}
	for _, name := range []string{
		"notBefore", "refreshTokenMaxReuse", "ssoSessionIdleTimeoutRememberMe", "ssoSessionMaxLifespanRememberMe", "clientSessionIdleTimeout",
		"clientSessionMaxLifespan", "clientOfflineSessionIdleTimeout", "clientOfflineSessionMaxLifespan", "maxTemporaryLockouts", "otpPolicyInitialCounter",
	} {
		d[name] = json.Number("0")
	}
	for _, name := range []string{
		"revokeRefreshToken", "offlineSessionMaxLifespanEnabled", "registrationAllowed", "registrationEmailAsUsername", "rememberMe", "verifyEmail",
		"duplicateEmailsAllowed", "resetPasswordAllowed", "editUsernameAllowed", "bruteForceProtected", "permanentLockout", "otpPolicyCodeReusable",
		"eventsEnabled", "adminEventsEnabled", "adminEventsDetailsEnabled", "internationalizationEnabled", "userManagedAccessAllowed",
		"organizationsEnabled", "adminPermissionsEnabled",
	} {
		d[name] = false
	}
	if s.options.Version == V267 {
		d["maxSecondaryAuthFailures"] = json.Number("0")
		d["verifiableCredentialsEnabled"], d["scimApiEnabled"] = false, false
	}
	if s.options.Version == V260 {
		object(d, "browserSecurityHeaders")["xXSSProtection"] = "1; mode=block"
	}
	addWebAuthn(d)
	return d
}

func addWebAuthn(d document) {
	for _, prefix := range []string{"webAuthnPolicy", "webAuthnPolicyPasswordless"} {
		d[prefix+"RpEntityName"], d[prefix+"RpId"] = "keycloak", ""
		d[prefix+"SignatureAlgorithms"] = []any{"ES256", "RS256"}
		d[prefix+"CreateTimeout"], d[prefix+"AvoidSameAuthenticatorRegister"] = json.Number("0"), false
		d[prefix+"AcceptableAaguids"], d[prefix+"ExtraOrigins"] = []any{}, []any{}
		for _, name := range []string{"AttestationConveyancePreference", "AuthenticatorAttachment", "RequireResidentKey", "ResidentKey", "UserVerificationRequirement"} {
			d[prefix+name] = "not specified"
		}
	}
	d["webAuthnPolicyPasswordlessResidentKey"], d["webAuthnPolicyPasswordlessUserVerificationRequirement"] = "required", "required"
}

func securityHeaders() document {
	return document{
		"contentSecurityPolicyReportOnly": "", "xContentTypeOptions": "nosniff", "referrerPolicy": "no-referrer", "xRobotsTag": "none",
		"xFrameOptions": "SAMEORIGIN", "contentSecurityPolicy": "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
		"strictTransportSecurity": "max-age=31536000; includeSubDomains",
	}
}

// realmAttributes are the attributes of a new realm.
func realmAttributes() document {
	d := ownAttributes()
	d["realmReusableOtpCode"] = "false"
	return d
}

// ownAttributes are attributes that come back when they are taken away.
func ownAttributes() document {
	return document{
		"cibaBackchannelTokenDeliveryMode": "poll", "cibaExpiresIn": "120", "cibaAuthRequestedUserHint": "login_hint", "cibaInterval": "5",
		"oauth2DeviceCodeLifespan": "600", "oauth2DevicePollingInterval": "5", "parRequestUriLifespan": "60",
	}
}

// realmShape has the fields of a realm, those that it shows and those that it takes only.
func (s *Server) realmShape() shape {
	fields := newShape("RealmRepresentation").with(text, `id realm displayName displayNameHtml passwordPolicy loginTheme accountTheme adminTheme emailTheme
		defaultLocale defaultSignatureAlgorithm keycloakVersion`).
		with(flag, "enabled verifiableCredentialsEnabled").
		with(list, `identityProviders identityProviderMappers users federatedUsers clients clientScopes groups protocolMappers requiredActions
			authenticationFlows authenticatorConfig supportedLocales defaultDefaultClientScopes defaultOptionalClientScopes defaultRoles defaultGroups
			scopeMappings userFederationProviders userFederationMappers organizations`).
		with(objects, "roles defaultRole components clientScopeMappings clientProfiles clientPolicies localizationTexts").
		with(number, "eventsExpiration").with(texts, "attributes smtpServer browserSecurityHeaders")
	for name, value := range s.realmDefaults() {
		if _, there := fields.fields[name]; !there {
			fields.fields[name] = kindOf(value)
		}
	}
	return fields
}

func kindOf(value any) holds {
	switch value.(type) {
	case bool:
		return flag
	case json.Number:
		return number
	case string:
		return text
	case []any:
		return list
	}
	return anything
}
