package keycloak

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// exportLDAP has the directories of the realm with their mappers. The server lists both
// whole; there are a few.
func (r *run) exportLDAP(ctx context.Context) ([]LDAP, error) {
	realm, err := r.realmID(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.components(ctx, url.Values{"parent": {realm}, "type": {userStorage}})
	var out []LDAP
	for _, raw := range inOrder(list, "name") {
		if text(raw, "providerId") != "ldap" {
			continue
		}
		mappers, err := r.components(ctx, url.Values{"parent": {text(raw, "id")}, "type": {ldapMapperType}})
		if err != nil {
			return nil, err
		}
		out = append(out, exportDirectory(raw, mappers))
	}
	return out, err
}

func exportDirectory(raw map[string]any, mappers []map[string]any) LDAP {
	from := configOf(raw)
	l := LDAP{
		Name: text(raw, "name"), Enabled: from.flag("enabled"), URL: from.text("connectionUrl"), StartTLS: from.flag("startTls"),
		UsersDN: from.text("usersDn"), Filter: from.optional("customUserSearchFilter"), UsernameAttribute: from.text("usernameLDAPAttribute"),
		RDNAttribute: from.text("rdnLDAPAttribute"), UUIDAttribute: from.text("uuidLDAPAttribute"), ObjectClasses: words(from.text("userObjectClasses")),
		EditMode: LDAPEditMode(strings.ToLower(from.text("editMode"))), Import: from.flag("importEnabled"), SyncRegistrations: from.flag("syncRegistrations"),
		TrustEmail: from.flag("trustEmail"), Pagination: from.flag("pagination"), FullSync: from.period("fullSyncPeriod"), ChangedSync: from.period("changedSyncPeriod"),
		ConnectTimeout: from.milliseconds("connectionTimeout"), ReadTimeout: from.milliseconds("readTimeout"),
	}
	if n, err := strconv.Atoi(from.text("priority")); err == nil {
		l.Priority = Set(n)
	}
	if choice := from.text("useTruststoreSpi"); slices.Contains(ldapTruststores(), choice) {
		l.Truststore = LDAPTruststore(choice)
	}
	switch from.text("searchScope") {
	case "2":
		l.Subtree = Set(true)
	case "1":
		l.Subtree = Set(false)
	}
	switch auth, dn := from.text("authType"), from.text("bindDn"); {
	case auth == "none" && dn == "", auth == "simple" && dn != "":
		l.BindDN = Set(dn)
	}
	if l.validateURL().Err() != nil { // both ldaps:// and StartTLS
		l.StartTLS = Opt[bool]{}
	}
	if l.validateURL().Err() != nil { // no address at all, which older servers take
		l.URL = ""
	}
	for _, m := range inOrder(mappers, "name") {
		l.Mappers = append(l.Mappers, exportLDAPMapper(m, l))
	}
	// With a vendor, what is not said is what is usual there: it must all be there.
	if vendor := LDAPVendor(strings.ToLower(from.text("vendor"))); slices.Contains(ldapVendors(), string(vendor)) {
		with := l
		with.Vendor = vendor
		if len(with.whole().Mappers) == len(l.Mappers) && len(with.lacking()) == len(l.lacking()) {
			l.Vendor = vendor
		}
	}
	l.Config = restOfConfig(raw, l.fields(), append(ldapSettings(), "lastSync")...)
	return l
}

func exportLDAPMapper(raw map[string]any, l LDAP) LDAPMapper {
	from := configOf(raw)
	m := LDAPMapper{Name: text(raw, "name"), Type: text(raw, "providerId")}
	switch {
	case m.Type == ldapAttributeMapper && from.text("ldap.attribute") != "" && from.text("user.model.attribute") != "":
		m.Type, m.From, m.To = "", from.text("ldap.attribute"), from.text("user.model.attribute")
	case m.Type == ldapGroupMapper && from.text("groups.dn") != "":
		m.Type, m.Groups = "", LDAPGroups{
			DN: from.text("groups.dn"), ObjectClasses: words(from.text("group.object.classes")), NameAttribute: from.text("group.name.ldap.attribute"),
			MemberAttribute: from.text("membership.ldap.attribute"), MembersByName: from.text("membership.attribute.type") == "UID", Filter: from.optional("groups.ldap.filter"),
		}
		if path := from.text("groups.path"); path == "/" || isGroupPath(path) {
			m.Groups.Path = path
		}
	}
	m.Config = restOfConfig(raw, m.fields(l))
	return m
}

// words are what a list in one text has; never nil.
func words(list string) []string { return strings.Fields(strings.ReplaceAll(list, ",", " ")) }

func (c config) period(key string) Opt[Seconds] {
	n, err := strconv.ParseInt(c.text(key), 10, 33)
	switch {
	case err != nil:
		return Opt[Seconds]{}
	case n < 0:
		n = 0
	}
	return Set(Seconds(n)) //nolint:gosec // it fits
}

func (c config) milliseconds(key string) Seconds {
	n, err := strconv.ParseUint(c.text(key), 10, 32)
	if err != nil || n%1000 != 0 {
		return 0
	}
	return Seconds(n / 1000)
}
