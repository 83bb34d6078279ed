package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// adopted demands that the realm as it is exported needs no change, also by way of a file,
// and returns it.
func (l liveRealm) adopted(t *testing.T) keycloak.Spec {
	t.Helper()
	spec, err := l.p.Export(t.Context(), l.Name, "matrix")
	require.NoError(t, err)
	text, err := spec.YAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "**")
	parsed, problems := keycloak.ParseSpec("spec.yaml", text)
	require.NoError(t, problems.Err(), "%s", text)
	for name, spec := range map[string]keycloak.Spec{"the spec": spec, "the file": parsed} {
		plan := l.plan(t, spec)
		require.True(t, plan.Empty(), "%s: %s", name, plan)
	}
	return spec
}

// everything has every part of a spec that is exported.
func (l liveRealm) everything(t *testing.T) keycloak.Spec {
	t.Helper()
	_, body := certificate(t)
	spec := full(t, l.Name)
	spec.Realm.LoginWithEmail, spec.Realm.DuplicateEmails = keycloak.Set(true), keycloak.Set(false)
	spec.Client.RequireGroup, spec.Client.DenyMessage = keycloak.Set("/staff/matrix team"), `Not for "you".`
	spec.Client.OptionalScopes = []string{"phone"}
	spec.Client.Attributes = map[string]string{"login_theme": "keycloak"}
	spec.MFA = keycloak.MFA{TOTP: keycloak.MFAClient, EnrolNewUsers: keycloak.Set(true)}
	spec.UserProfile = profileSpec(l.Name).UserProfile
	spec.UserProfile.Attributes = spec.UserProfile.Attributes[:1]
	spec.LDAP = ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden-directory").LDAP
	spec.LDAP[0].Enabled = keycloak.Set(false)
	spec.IdentityProviders = append(l.oidcSpec(t, l.KeycloakRealm).IdentityProviders, l.samlSpec(t, samlMetadata(body)).IdentityProviders...)
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/staff/matrix team"})
	spec.Users = nil
	return spec
}

// What a spec has made is exported as that spec says it.
func TestExportOfAWholeSpec(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		spec := l.everything(t)
		l.apply(t, spec)
		got := l.adopted(t)
		require.Equal(t, spec.Client.RequireGroup, got.Client.RequireGroup)
		require.Equal(t, spec.Client.DenyMessage, got.Client.DenyMessage)
		require.Equal(t, spec.Client.Attributes, got.Client.Attributes)
		require.ElementsMatch(t, []string{"basic", "profile", "email"}, got.Client.DefaultScopes)
		require.Equal(t, spec.MFA, got.MFA)
		require.Equal(t, jsonText(t, spec.UserProfile), jsonText(t, got.UserProfile))
		require.Equal(t, map[string]string{"maskit": "here"}, got.Realm.Attributes)
		require.Len(t, got.IdentityProviders, 2)
		oidc, saml := got.IdentityProviders[0], got.IdentityProviders[1]
		if oidc.Alias == "corp" {
			oidc, saml = saml, oidc
		}
		require.Equal(t, spec.IdentityProviders[0].OIDC, oidc.OIDC)
		require.Equal(t, "https://idp.example.com/post", saml.SAML.SSOURL)
		require.Len(t, oidc.Mappers, 4)
		require.Len(t, saml.Mappers, 4)
		require.Equal(t, spec.IdentityProviders[1].Mappers[0].Username, byName(saml.Mappers)["user name"].Username)
		require.Equal(t, keycloak.LDAPOther, got.LDAP[0].Vendor)
		require.Equal(t, spec.LDAP[0].Subtree, got.LDAP[0].Subtree)
		require.Equal(t, spec.LDAP[0].ReadTimeout, got.LDAP[0].ReadTimeout)
		require.Contains(t, got.LDAP[0].Mappers, keycloak.LDAPMapper{Name: "fixed", Type: "hardcoded-attribute-mapper", Config: map[string]string{"user.model.attribute": "x", "attribute.value": "y"}})

		unknown := got.UnknownSecrets()
		require.Equal(t, []string{"secret-unknown", "secret-unknown"}, codes(unknown), "the client's is shown")
		require.Equal(t, "ldap[0].bind_credential", unknown[0].Path)
		require.NoError(t, unknown.Err())

		spec.MFA.TOTP = keycloak.MFARealm
		l.apply(t, spec)
		require.Equal(t, keycloak.MFARealm, l.adopted(t).MFA.TOTP)
		spec.MFA.TOTP, spec.Client.RequireGroup, spec.Client.DenyMessage = keycloak.MFAOff, keycloak.Set(""), ""
		l.apply(t, spec)
		require.Empty(t, l.adopted(t).MFA.TOTP)
		require.False(t, l.adopted(t).Client.RequireGroup.Valid)
	})
}

func byName(mappers []keycloak.ProviderMapper) map[string]keycloak.ProviderMapper {
	out := map[string]keycloak.ProviderMapper{}
	for _, m := range mappers {
		out[m.Name] = m
	}
	return out
}

// A realm that was set up by hand, as a guide says it with kcadm:
//
//	kcadm create components -r R -s name=ad -s providerId=ldap … -s 'config.vendor=["ad"]'
//	kcadm create identity-provider/instances -r R -s alias=corp -s providerId=saml …
//	kcadm create identity-provider/instances/github/mappers -r R …
//	kcadm update users/profile -r R …
//	kcadm create authentication/flows/browser/copy -r R -s newName=mfa
//	kcadm update clients/… -r R -s authenticationFlowBindingOverrides.browser=…
func TestExportOfARealmSetUpByHand(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		l.setUpByHand(t)
		spec := l.adopted(t)
		require.Equal(t, "https://idp.example.com/sso", byAlias(spec)["saml"].SAML.SSOURL)
		require.Equal(t, "x", byAlias(spec)["github"].Config["jsonType"])
		require.False(t, spec.Client.RequireGroup.Valid, "the flow is somebody else's")
		require.Equal(t, map[string]string{"by": "hand"}, spec.Realm.Attributes)
		require.Empty(t, spec.LDAP[0].Vendor, "a mapper that is usual there was removed")

		var paths []string
		for _, p := range spec.UnknownSecrets() {
			paths = append(paths, p.Path)
		}
		require.ElementsMatch(t, []string{"ldap[0].bind_credential", "identity_providers[0].secret", "identity_providers[1].secret"}, paths)
	})
}

func byAlias(spec keycloak.Spec) map[string]keycloak.IdentityProvider {
	out := map[string]keycloak.IdentityProvider{}
	for _, p := range spec.IdentityProviders {
		out[p.Alias] = p
	}
	return out
}

func (l liveRealm) setUpByHand(t *testing.T) {
	t.Helper()
	_, body := certificate(t)
	type d = map[string]any
	l.Admin(t, "PUT", "", d{"passwordPolicy": "length(8)", "bruteForceProtected": true, "permanentLockout": true}, nil)
	var realm d
	l.Admin(t, "GET", "", nil, &realm)
	realm["attributes"].(d)["by"] = "hand"
	l.Admin(t, "PUT", "", d{"attributes": realm["attributes"]}, nil)
	l.Admin(t, "POST", "/components", d{
		"name": "ad", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider", "parentId": realm["id"],
		"config": d{
			"enabled": []any{"false"}, "vendor": []any{"ad"}, "connectionUrl": []any{"ldap://127.0.0.1:1"}, "bindDn": []any{"cn=reader"}, "bindCredential": []any{"hidden"}, "authType": []any{"simple"},
			"usersDn": []any{"ou=p"}, "usernameLDAPAttribute": []any{"sAMAccountName"}, "rdnLDAPAttribute": []any{"cn"}, "uuidLDAPAttribute": []any{"objectGUID"},
			"userObjectClasses": []any{"person, user"}, "editMode": []any{"UNSYNCED"}, "readTimeout": []any{"1500"}, "customUserSearchFilter": []any{"(a=b)"},
		},
	}, nil)
	var list []d
	l.Admin(t, "GET", "/components?type=org.keycloak.storage.UserStorageProvider", nil, &list)
	federation := list[0]["id"].(string)
	l.Admin(t, "GET", "/components?parent="+federation, nil, &list)
	for _, m := range list {
		if m["name"] == "first name" {
			l.Admin(t, "DELETE", "/components/"+m["id"].(string), nil, nil)
		}
	}
	l.Admin(t, "POST", "/components", d{
		"name": "groups", "providerId": "group-ldap-mapper", "providerType": "org.keycloak.storage.ldap.mappers.LDAPStorageMapper", "parentId": federation,
		"config": d{
			"groups.dn": []any{"ou=g"}, "group.name.ldap.attribute": []any{"ou"}, "group.object.classes": []any{"group"}, "membership.ldap.attribute": []any{"member"},
			"membership.attribute.type": []any{"DN"}, "membership.user.ldap.attribute": []any{"cn"}, "mode": []any{"READ_ONLY"}, "groups.path": []any{"/"},
			"user.roles.retrieve.strategy": []any{"GET_GROUPS_FROM_USER_MEMBEROF_ATTRIBUTE"},
		},
	}, nil)
	for _, p := range []d{
		{"alias": "github", "providerId": "github", "enabled": true, "config": d{"clientId": "x", "clientSecret": "hidden", "jsonType": "x"}},
		{"alias": "keycloak", "providerId": "oidc", "enabled": false, "hideOnLogin": true, "config": d{
			"clientId": "x", "clientSecret": "hidden", "authorizationUrl": "https://x.example.com/a", "tokenUrl": "https://x.example.com/t", "jwksUrl": "https://x.example.com/k",
			"useJwksUrl": "true", "validateSignature": "false", "clientAuthMethod": "client_secret_post", "pkceEnabled": "false", "defaultScope": "openid groups", "prompt": "login",
		}},
		{"alias": "saml", "providerId": "saml", "enabled": true, "config": d{
			"singleSignOnServiceUrl": "https://idp.example.com/sso", "signingCertificate": body, "validateSignature": "true", "postBindingAuthnRequest": "true",
			"postBindingResponse": "false", "principalType": "SUBJECT", "nameIDPolicyFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "allowCreate": "true",
		}},
	} {
		l.Admin(t, "POST", "/identity-provider/instances", p, nil)
	}
	l.Admin(t, "POST", "/identity-provider/instances/keycloak/mappers", d{
		"name": "roles", "identityProviderAlias": "keycloak", "identityProviderMapper": "oidc-hardcoded-role-idp-mapper", "config": d{"role": "offline_access"},
	}, nil)
	l.Admin(t, "POST", "/identity-provider/instances/saml/mappers", d{
		"name": "mail", "identityProviderAlias": "saml", "identityProviderMapper": "saml-user-attribute-idp-mapper",
		"config": d{"attribute.friendly.name": "mail", "user.attribute": "email", "syncMode": "INHERIT"},
	}, nil)
	var profile d
	l.Admin(t, "GET", "/users/profile", nil, &profile)
	profile["attributes"] = append(profile["attributes"].([]any),
		d{"name": "dept", "required": d{}, "permissions": d{"view": []any{"admin"}, "edit": []any{"admin"}}, "validations": d{"length": d{"min": 1, "max": 20}}},
		d{"name": "phone", "required": d{"roles": []any{"user"}, "scopes": []any{"phone"}}, "selector": d{"scopes": []any{"phone"}}})
	l.Admin(t, "PUT", "/users/profile", profile, nil)
	l.Admin(t, "POST", "/clients", d{"clientId": "matrix", "secret": "hidden-by-hand", "redirectUris": []any{"https://a.example.com/*"}, "directAccessGrantsEnabled": true}, nil)
	l.Admin(t, "POST", "/authentication/flows/browser/copy", d{"newName": "mfa"}, nil)
	l.Admin(t, "GET", "/authentication/flows", nil, &list)
	for _, flow := range list {
		if flow["alias"] == "mfa" {
			client := l.client(t, "matrix")
			client["authenticationFlowBindingOverrides"] = d{"browser": flow["id"]}
			l.Admin(t, "PUT", "/clients/"+client["id"].(string), client, nil)
		}
	}
}

// Unknown are only those secrets that something needs.
func TestUnknownSecrets(t *testing.T) {
	t.Parallel()
	spec := keycloak.Spec{
		Client: keycloak.Client{ID: "matrix", Auth: keycloak.ClientJWTAuth},
		LDAP:   []keycloak.LDAP{{Name: "nobody", BindDN: keycloak.Set("")}, {Name: "file", BindDN: keycloak.Set("cn=x"), BindCredentialFile: "x"}},
		IdentityProviders: []keycloak.IdentityProvider{
			{Alias: "saml", Type: keycloak.ProviderSAML},
			{Alias: "jwt", Type: keycloak.ProviderOIDC, OIDC: keycloak.OIDCProvider{Auth: keycloak.OIDCPrivateKeyJWT}},
			{Alias: "given", Type: keycloak.ProviderOIDC, Secret: maskit.NewSecret("x")},
		},
	}
	require.Empty(t, spec.UnknownSecrets())
	spec.Client.Auth, spec.LDAP[0].BindDN, spec.IdentityProviders[1].OIDC.Auth = keycloak.ClientSecretAuth, keycloak.Set("cn=y"), ""
	require.Len(t, spec.UnknownSecrets(), 3)
}
