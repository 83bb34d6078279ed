package keycloaktest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// component is a part of a realm that is configured by lists of strings: a user
// federation, a mapper of one.
type component struct {
	doc    document // id, name, providerId, providerType, parentId, subType
	config document
}

func componentShape() shape {
	return newShape("ComponentRepresentation").with(text, "id name providerId providerType parentId subType").with(objects, "config")
}

const (
	storageType    = "org.keycloak.storage.UserStorageProvider"
	ldapMapperType = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper"
)

// knownComponent reports whether Keycloak has such a provider, as far as this package
// knows.
func knownComponent(kind, provider string) bool {
	switch kind {
	case storageType:
		return provider == "ldap" || provider == "kerberos"
	case ldapMapperType:
		return slices.Contains(strings.Fields(`user-attribute-ldap-mapper full-name-ldap-mapper group-ldap-mapper role-ldap-mapper hardcoded-attribute-mapper
			hardcoded-ldap-attribute-mapper hardcoded-ldap-group-mapper hardcoded-ldap-role-mapper msad-user-account-control-mapper
			msad-lds-user-account-control-mapper certificate-ldap-mapper kerberos-principal-attribute-mapper`), provider)
	}
	return false
}

func (p *component) view() document {
	d := document{"config": p.config}
	overlay(d, p.doc)
	if _, there := p.config["bindCredential"]; there {
		shown := document{}
		overlay(shown, p.config)
		shown["bindCredential"] = []any{mask}
		d["config"] = shown
	}
	return d
}

func (c *call) component() (*component, answer, bool) {
	i := slices.IndexFunc(c.realm.parts, func(p *component) bool { return p.doc["id"] == c.vars["component"] })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "Could not find component"), false
	}
	return c.realm.parts[i], answer{}, true
}

// listComponents filters by type, parent and name. There is no filter by provider.
func listComponents(c *call) answer {
	out := []document{}
	for _, p := range c.realm.parts {
		fits := true
		for parameter, key := range map[string]string{"type": "providerType", "parent": "parentId", "name": "name"} {
			if wanted := c.query(parameter); wanted != "" && p.doc[key] != wanted {
				fits = false
			}
		}
		if fits {
			out = append(out, p.view())
		}
	}
	return ok(out)
}

// createComponent takes several of one name.
func createComponent(c *call) answer {
	kind, provider := str(c.sent, "providerType"), str(c.sent, "providerId")
	config := lists(object(c.sent, "config"))
	switch {
	case !knownComponent(kind, provider):
		return refuse(http.StatusBadRequest, "Invalid provider type or no such provider")
	case provider == "ldap" && config["editMode"] == nil:
		return refuseMessage(http.StatusBadRequest, "Edit Mode is mandatory")
	}
	if a := c.checkComponent(provider, config); a.failed() {
		return a
	}
	p := &component{doc: document{"parentId": c.realm.id}, config: knownSettings(provider, config)}
	overlay(p.doc, c.sent, "config", "id")
	p.doc["id"] = c.componentID(kind)
	c.realm.parts = append(c.realm.parts, p)
	c.companions(p)
	return c.created("components", str(p.doc, "id"))
}

// componentID is a UUID, or 22 characters for a user federation.
func (c *call) componentID(kind string) string {
	if kind == storageType && c.options.Version == V267 {
		return c.pick(base64url, 22)
	}
	return c.uuid()
}

// lists keeps the entries that hold something.
func lists(sent document) document {
	out := document{}
	for key, value := range sent {
		entries := slices.DeleteFunc(strs(value), func(s string) bool { return s == "" })
		if len(entries) > 0 {
			out[key] = anyList(entries)
		}
	}
	return out
}

// knownSettings drops what a provider does not know. Of other providers than LDAP, all
// is kept.
func knownSettings(provider string, sent document) document {
	if provider != "ldap" {
		return sent
	}
	out := document{}
	for _, key := range strings.Fields(`enabled priority fullSyncPeriod changedSyncPeriod cachePolicy maxLifespan evictionDay evictionHour evictionMinute
		batchSizeForSync editMode importEnabled syncRegistrations vendor usePasswordModifyExtendedOp usernameLDAPAttribute rdnLDAPAttribute
		uuidLDAPAttribute userObjectClasses connectionUrl usersDn relativeCreateDn authType startTls bindDn bindCredential customUserSearchFilter
		searchScope validatePasswordPolicy trustEmail connectionTrace useTruststoreSpi connectionPooling connectionTimeout readTimeout pagination
		referral allowKerberosAuthentication krbPrincipalAttribute serverPrincipal keyTab kerberosRealm debug useKerberosForPasswordAuthentication
		removeInvalidUsersEnabled enableLdapPasswordPolicy`) {
		if value, there := sent[key]; there {
			out[key] = value
		}
	}
	return out
}

func showComponent(c *call) answer {
	p, a, found := c.component()
	if !found {
		return a
	}
	return ok(p.view())
}

// changeComponent merges key by key; an empty list removes one. A credential that is
// masked is kept.
func changeComponent(c *call) answer {
	p, a, found := c.component()
	switch {
	case !found:
		return a
	case str(c.sent, "providerId") == "":
		if name := str(c.sent, "name"); name != "" {
			p.doc["name"] = name
		}
		return broke()
	}
	after := maps.Clone(p.config)
	p.change(after, object(c.sent, "config"))
	if a := c.checkComponent(str(p.doc, "providerId"), after); a.failed() {
		return a
	}
	overlay(p.doc, c.sent, "config", "id", "providerId", "providerType")
	p.config = after
	return noContent()
}

// change merges settings that were sent into a configuration.
func (p *component) change(config, sent document) {
	for key, value := range knownSettings(str(p.doc, "providerId"), sent) {
		entries := lists(document{key: value})[key]
		switch {
		case entries == nil:
			delete(config, key)
		case slices.Contains(strs(entries), mask):
		default:
			config[key] = entries
		}
	}
}

func deleteComponent(c *call) answer {
	p, a, found := c.component()
	if !found {
		return a
	}
	c.realm.parts = slices.DeleteFunc(c.realm.parts, func(other *component) bool { return other == p || other.doc["parentId"] == p.doc["id"] })
	return noContent()
}

// companions are what Keycloak adds to a new component.
func (c *call) companions(p *component) {
	switch p.doc["providerId"] {
	case "group-ldap-mapper":
		if p.config["groups.path"] == nil {
			p.config["groups.path"] = []any{"/"}
		}
	case "ldap":
		c.ldapDefaults(p)
	}
}

// ldapDefaults adds the mappers of a new LDAP federation.
func (c *call) ldapDefaults(p *component) {
	ad := slices.Contains(strs(p.config["vendor"]), "ad")
	if p.config["krbPrincipalAttribute"] == nil {
		p.config["krbPrincipalAttribute"] = []any{map[bool]string{true: "userPrincipalName", false: "krb5PrincipalName"}[ad]}
	}
	username := "uid"
	if names := strs(p.config["usernameLDAPAttribute"]); len(names) > 0 {
		username = names[0]
	}
	created, changed := "createTimestamp", "modifyTimestamp"
	if ad {
		created, changed = "whenCreated", "whenChanged"
	}
	c.ldapAttribute(p, "username", "username", username, true, false)
	c.ldapAttribute(p, "last name", "lastName", "sn", true, true)
	c.ldapAttribute(p, "email", "email", "mail", false, false)
	c.ldapAttribute(p, "creation date", "createTimestamp", created, false, true)
	c.ldapAttribute(p, "modify date", "modifyTimestamp", changed, false, true)
	c.ldapMapper(p, "Kerberos principal attribute mapper", "kerberos-principal-attribute-mapper", document{})
	if !ad {
		c.ldapAttribute(p, "first name", "firstName", "cn", true, true)
		return
	}
	if slices.Contains(strs(p.config["rdnLDAPAttribute"]), "cn") {
		c.ldapMapper(p, "full name", "full-name-ldap-mapper", document{"read.only": []any{"true"}, "write.only": []any{"false"}, "ldap.full.name.attribute": []any{"cn"}})
	} else {
		c.ldapAttribute(p, "first name", "firstName", "givenName", true, true)
	}
	c.ldapMapper(p, "MSAD account controls", "msad-user-account-control-mapper", document{"always.read.enabled.value.from.ldap": []any{"true"}})
}

func (c *call) ldapAttribute(p *component, name, attribute, from string, mandatory, always bool) {
	word := map[bool]string{true: "true", false: "false"}
	c.ldapMapper(p, name, "user-attribute-ldap-mapper", document{
		"user.model.attribute": []any{attribute}, "ldap.attribute": []any{from}, "read.only": []any{"true"},
		"is.mandatory.in.ldap": []any{word[mandatory]}, "always.read.value.from.ldap": []any{word[always]},
	})
}

func (c *call) ldapMapper(p *component, name, provider string, config document) {
	c.realm.parts = append(c.realm.parts, &component{config: config, doc: document{
		"id": c.uuid(), "name": name, "providerId": provider, "providerType": ldapMapperType, "parentId": p.doc["id"],
	}})
}

func testLDAPShape() shape {
	return newShape("TestLdapConnectionRepresentation").
		with(text, "action connectionUrl bindDn bindCredential useTruststoreSpi connectionTimeout componentId startTls authType")
}

// testLDAP asks [Options.CheckLDAP].
func testLDAP(c *call) answer {
	if err := c.options.CheckLDAP(str(c.sent, "action"), str(c.sent, "connectionUrl")); err != nil {
		return refuseMessage(http.StatusBadRequest, err.Error())
	}
	return noContent()
}
