package keycloak

// whole is the directory with what is usual at its vendor, which is what Keycloak's
// console proposes.
func (l LDAP) whole() LDAP {
	var usual LDAP
	switch l.Vendor {
	case "":
		return l
	case LDAPActiveDirectory:
		usual = LDAP{UsernameAttribute: "sAMAccountName", RDNAttribute: "cn", UUIDAttribute: "objectGUID", ObjectClasses: []string{"person", "organizationalPerson", "user"}}
	case LDAPRedHat:
		usual = people("nsuniqueid")
	case LDAPTivoli:
		usual = people("uniqueidentifier")
	case LDAPEDirectory:
		usual = people("guid")
	default:
		usual = people("entryUUID")
	}
	fill(&l.UsernameAttribute, usual.UsernameAttribute)
	fill(&l.RDNAttribute, usual.RDNAttribute)
	fill(&l.UUIDAttribute, usual.UUIDAttribute)
	if l.ObjectClasses == nil {
		l.ObjectClasses = usual.ObjectClasses
	}
	l.Mappers = append(l.usualMappers(), l.Mappers...)
	return l
}

// people is a directory with the object class of RFC 2798.
func people(id string) LDAP {
	return LDAP{UsernameAttribute: "uid", RDNAttribute: "uid", UUIDAttribute: id, ObjectClasses: []string{"inetOrgPerson", "organizationalPerson"}}
}

func fill(setting *string, usual string) {
	if *setting == "" {
		*setting = usual
	}
}

// usualMappers are those of Keycloak's own that need a hand, unless the spec names them.
func (l LDAP) usualMappers() []LDAPMapper {
	var out []LDAPMapper
	for _, m := range []LDAPMapper{
		{Name: "username", From: l.UsernameAttribute, To: "username"},
		{Name: "first name", From: "givenName", To: "firstName"},
	} {
		named := false
		for _, other := range l.Mappers {
			named = named || other.Name == m.Name
		}
		if !named {
			out = append(out, m)
		}
	}
	return out
}
