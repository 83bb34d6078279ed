package keycloak

// rule says how the server treats the writes of one kind of object. Each row of the
// table was tried on the real servers, field by field (26.7.0 and 26.0.8).
type rule struct {
	// kind names the objects of this kind in changes.
	kind string
	// omit are keys of a document that was read which must not be sent back: absent
	// means unchanged for them, and sending them does harm or nothing.
	omit []string
	// always are keys that must be sent even if the server shows none, because their
	// absence has an effect.
	always map[string]any
	// needs are keys without which the server fails, or corrupts the object.
	needs []string
	// unset says how a key leaves a nested map, by the name of the map.
	unset map[string]unset
	// createOnly says that an object that exists is left as it is.
	createOnly bool
}

// unset is a way to remove a key from a nested map.
type unset int

const (
	// unsetByAbsence: the map is replaced, a key that is not sent is gone.
	unsetByAbsence unset = iota
	// unsetByEmptyString: the map is merged, and "" removes a key.
	unsetByEmptyString
	// unsetByEmptyList: the map is merged, and [] removes a key.
	unsetByEmptyList
)

func realmRule() rule {
	return rule{
		kind: "realm",
		// Profiles and policies have an address of their own, whose state the realm
		// would overwrite. smtpServer is refused as the server shows it (26.7).
		omit:  []string{"clientProfiles", "clientPolicies", "smtpServer"},
		needs: []string{"id", "realm", "attributes"},
		unset: map[string]unset{"attributes": unsetByAbsence},
	}
}

func clientRule() rule {
	return rule{
		kind: "client",
		// A mapper that is not listed would be deleted; scopes are ignored; a secret that
		// is sent is stored as it is, a mask too.
		omit: []string{"protocolMappers", "defaultClientScopes", "optionalClientScopes", "secret", "registrationAccessToken", "access"},
		// Without it origins are derived from the redirect URIs.
		always: map[string]any{"webOrigins": []any{}},
		needs:  []string{"id", "clientId"},
		unset:  map[string]unset{"attributes": unsetByEmptyString, "authenticationFlowBindingOverrides": unsetByEmptyString},
	}
}

func mapperRule() rule {
	return rule{
		kind:  "mapper",
		needs: []string{"id", "name", "protocol", "protocolMapper"},
		unset: map[string]unset{"config": unsetByAbsence},
	}
}

func requiredActionRule() rule {
	return rule{
		kind: "required action",
		// Everything is replaced, and without an alias the action loses its name.
		needs: []string{"alias", "name", "providerId"},
	}
}

// identityProviderRule is for identity providers. Everything is replaced; the secret is shown
// masked, and the mask keeps it.
func identityProviderRule() rule {
	return rule{kind: "identity provider", needs: []string{"alias", "providerId", "config"}}
}

// providerMapperRule is for mappers of identity providers. Everything is replaced, the name
// too.
func providerMapperRule() rule {
	return rule{kind: "mapper", needs: []string{"id", "name", "identityProviderAlias", "identityProviderMapper"}}
}

// profileAttributeRule is for one attribute in the user profile, which is replaced whole.
func profileAttributeRule() rule { return rule{kind: "profile attribute", needs: []string{"name"}} }

// profileRule is for the user profile. A profile without attributes is accepted, and
// empties it.
func profileRule() rule { return rule{kind: "user profile of realm", needs: []string{"attributes"}} }

// ldapRule and ldapMapperRule are for components. They are merged key by key, and a masked
// password keeps the one that is stored.
func ldapRule() rule {
	return rule{kind: "LDAP federation", needs: []string{"id", "name", "providerId", "providerType", "parentId"}, unset: map[string]unset{"config": unsetByEmptyList}}
}

func ldapMapperRule() rule {
	rule := ldapRule()
	rule.kind = "mapper"
	return rule
}

func groupRule() rule { return rule{kind: "group", createOnly: true} }

func userRule() rule { return rule{kind: "user", createOnly: true} }
