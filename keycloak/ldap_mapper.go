package keycloak

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// LDAPMapper takes something over from a directory. Say what by one of From with To,
// Groups and Type.
type LDAPMapper struct {
	// Name of the mapper at the federation. Required, and never changed.
	Name string `yaml:"name"`
	// From is an attribute in the directory.
	From string `yaml:"from"`
	// To is the user attribute that it becomes: email, lastName, or any other. Forms show
	// those that the user profile declares.
	To string `yaml:"to"`
	// Groups takes groups over.
	Groups LDAPGroups `yaml:"groups"`
	// Type is the provider of any other mapper: role-ldap-mapper.
	Type string `yaml:"type"`
	// Config is what Keycloak keeps of the mapper. It adds to the settings above, and wins
	// where both say something. Settings that neither names are left alone; the empty
	// string removes one.
	Config map[string]string `yaml:"config"`
}

// LDAPGroups are the groups of a directory. Keycloak makes a group when somebody who is in
// it logs in.
type LDAPGroups struct {
	// DN is where groups stand: ou=groups,dc=example,dc=com. Required.
	DN string `yaml:"dn"`
	// ObjectClasses are those of groups. Default: groupOfNames, or group for Active
	// Directory.
	ObjectClasses []string `yaml:"object_classes"`
	// NameAttribute has the name. Default: cn.
	NameAttribute string `yaml:"name_attribute"`
	// MemberAttribute lists the members. Default: member.
	MemberAttribute string `yaml:"member_attribute"`
	// MembersByName says that the list has user names, as memberUid does, rather than DNs.
	MembersByName bool `yaml:"members_by_name"`
	// Nested counts members of groups that are members, too. For Active Directory.
	Nested bool `yaml:"nested"`
	// Filter is what groups must match, too. The empty string removes it.
	Filter Opt[string] `yaml:"filter"`
	// Path is the group in Keycloak below which they stand; it must exist. Default: / for
	// the top.
	Path string `yaml:"path"`
}

func (g LDAPGroups) isZero() bool {
	return g.ObjectClasses == nil && g.DN+g.NameAttribute+g.MemberAttribute+g.Path == "" && !g.MembersByName && !g.Nested && !g.Filter.Valid
}

const (
	ldapAttributeMapper = "user-attribute-ldap-mapper"
	ldapGroupMapper     = "group-ldap-mapper"
)

func (l LDAP) validateMappers() maskit.Problems {
	return named[LDAPMapper]{
		key: "name", name: func(m LDAPMapper) string { return m.Name },
		validate: func(m LDAPMapper) maskit.Problems { return m.validate(l.Vendor) },
		twice:    "is the name of two mappers", hint: "rename one",
	}.validateAll(l.Mappers)
}

func (m LDAPMapper) validate(vendor LDAPVendor) maskit.Problems {
	var ps maskit.Problems
	if m.Name == "" {
		ps = append(ps, missing("name", "the name of the mapper at the federation"))
	}
	kinds := 0
	for _, is := range []bool{m.From != "" || m.To != "", !m.Groups.isZero(), m.Type != ""} {
		if is {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		ps = append(ps, maskit.Problem{Code: "mapper-kind", Message: fmt.Sprintf("says in %d ways what it takes over", kinds), Hint: "set one of from with to, groups and type"})
	case (m.From == "") != (m.To == ""):
		ps = append(ps, maskit.Problem{Code: "mapper-kind", Message: "has only one of from and to", Hint: "set both"})
	case !m.Groups.isZero() && m.Groups.DN == "":
		ps = append(ps, missing("groups.dn", "where groups stand"))
	case m.Groups.Nested && vendor != LDAPActiveDirectory:
		ps = append(ps, maskit.Problem{Path: "groups.nested", Code: "unused", Message: "is for the vendor ad", Hint: "remove it"})
	case m.Groups.Path != "" && m.Groups.Path != "/" && !isGroupPath(m.Groups.Path):
		ps = append(ps, maskit.Problem{Path: "groups.path", Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
	}
	return append(ps, validateFilter("groups.filter", m.Groups.Filter.V)...)
}

// provider is Keycloak's name of the kind of mapper.
func (m LDAPMapper) provider() string {
	switch {
	case m.From != "":
		return ldapAttributeMapper
	case m.Groups.DN != "":
		return ldapGroupMapper
	}
	return m.Type
}

func (m LDAPMapper) fields(l LDAP) []field {
	f := settings{}
	switch {
	case m.From != "":
		f.own(m.From, "config", "ldap.attribute")
		f.own(m.To, "config", "user.model.attribute")
		if l.EditMode != "" {
			f.flagText(Set(l.EditMode == LDAPReadOnly), "config", "read.only")
		}
	case m.Groups.DN != "":
		f = m.Groups.fields(l)
	}
	f = slices.DeleteFunc(f, func(f field) bool { _, other := m.Config[f.path[1]]; return other })
	f.entries(m.Config, "config")
	return f
}

func (g LDAPGroups) fields(l LDAP) settings {
	classes := g.ObjectClasses
	if classes == nil {
		classes = []string{map[bool]string{true: "group", false: "groupOfNames"}[l.Vendor == LDAPActiveDirectory]}
	}
	kind, strategy := "DN", "LOAD_GROUPS_BY_MEMBER_ATTRIBUTE"
	if g.MembersByName {
		kind = "UID"
	}
	if g.Nested {
		strategy += "_RECURSIVELY"
	}
	f := settings{{path: []string{"config", "group.object.classes"}, want: strings.Join(classes, ", "), same: sameWords}}
	f.own(g.DN, "config", "groups.dn")
	f.own(cmp.Or(g.NameAttribute, "cn"), "config", "group.name.ldap.attribute")
	f.own(cmp.Or(g.MemberAttribute, "member"), "config", "membership.ldap.attribute")
	f.own(kind, "config", "membership.attribute.type")
	f.text(l.UsernameAttribute, "config", "membership.user.ldap.attribute")
	f.own(strategy, "config", "user.roles.retrieve.strategy")
	f.own(cmp.Or(g.Path, "/"), "config", "groups.path")
	f.optional(g.Filter, "config", "groups.ldap.filter")
	return f
}

// initial is what a new mapper has besides: groups are read, and stand side by side, since
// those that stand in two others cannot be taken over as a tree.
func (m LDAPMapper) initial(l LDAP) map[string]any {
	switch m.provider() {
	case ldapAttributeMapper:
		readOnly := fmt.Sprint(l.EditMode == "" || l.EditMode == LDAPReadOnly)
		return map[string]any{"read.only": readOnly, "always.read.value.from.ldap": "false", "is.mandatory.in.ldap": "false"}
	case ldapGroupMapper:
		return map[string]any{"mode": "READ_ONLY", "preserve.group.inheritance": "false", "drop.non.existing.groups.during.sync": "false", "ignore.missing.groups": "false"}
	}
	return map[string]any{}
}

const ldapMapperType = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper"
