package keycloak

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// LDAP is a directory whose people log in to the realm: Active Directory, OpenLDAP, or
// another one.
//
// It is found by its name and always changed in place: to delete and make it again deletes
// the people who came from it, and with them what MAS knows them by.
type LDAP struct {
	// Name of the federation in the realm. Required, and never changed.
	Name string `yaml:"name"`
	// Vendor is which directory it is. With it, the attributes and object classes below
	// that are not given are those of the vendor, as are the mappers "username" and "first
	// name", see [LDAP.Mappers].
	Vendor LDAPVendor `yaml:"vendor"`
	// Enabled has its people found. A new one is enabled.
	Enabled Opt[bool] `yaml:"enabled"`
	// Priority orders several directories, the lowest first.
	Priority Opt[int] `yaml:"priority"`
	// URL is where it is: ldaps://ad.example.com. Several are separated by spaces. A new
	// one needs it.
	URL string `yaml:"url"`
	// StartTLS encrypts a connection to ldap://. Keycloak then opens one for each request.
	StartTLS Opt[bool] `yaml:"start_tls"`
	// Truststore says whether the connection uses Keycloak's own truststore
	// (truststore-paths). With never it is Java's, which Keycloak 26.7 may have made the same:
	// a directory that Keycloak's vouches for was reached with never, too.
	Truststore LDAPTruststore `yaml:"truststore"`
	// BindDN is as whom Keycloak reads the directory; empty for nobody.
	BindDN Opt[string] `yaml:"bind_dn"`
	// BindCredential is the password of BindDN. Keycloak never shows it, so that a change
	// of it alone cannot be seen: change BindCredentialVersion too. [Provisioner.Verify]
	// tries it.
	BindCredential maskit.Secret `yaml:"bind_credential"`
	// BindCredentialFile is a file with the password, see [Spec.ReadSecrets].
	BindCredentialFile string `yaml:"bind_credential_file"`
	// BindCredentialVersion is any text; when it is another one than before, the password is
	// written. Keycloak has it as the component's subType.
	BindCredentialVersion string `yaml:"bind_credential_version"`
	// UsersDN is where people stand: ou=people,dc=example,dc=com. A new one needs it.
	UsersDN string `yaml:"users_dn"`
	// Subtree looks for people below UsersDN at any depth.
	Subtree Opt[bool] `yaml:"subtree"`
	// Filter is what people must match, too: (memberOf=cn=matrix,ou=groups,dc=example,dc=com).
	Filter Opt[string] `yaml:"filter"`
	// UsernameAttribute has the user name.
	UsernameAttribute string `yaml:"username_attribute"`
	// RDNAttribute is the first part of the DN of people.
	RDNAttribute string `yaml:"rdn_attribute"`
	// UUIDAttribute has what never changes about a person.
	UUIDAttribute string `yaml:"uuid_attribute"`
	// ObjectClasses are those of people.
	ObjectClasses []string `yaml:"object_classes"`
	// EditMode says what becomes of changes that are made in Keycloak. A new one is read
	// only.
	EditMode LDAPEditMode `yaml:"edit_mode"`
	// Import keeps a copy of people in Keycloak. A new one does. To change it changes what
	// MAS knows people by.
	Import Opt[bool] `yaml:"import"`
	// SyncRegistrations makes entries for people who are made in Keycloak.
	SyncRegistrations Opt[bool] `yaml:"sync_registrations"`
	// TrustEmail takes mail addresses from the directory for verified.
	TrustEmail Opt[bool] `yaml:"trust_email"`
	// Pagination reads long lists in parts. A new one does; Active Directory needs it.
	Pagination Opt[bool] `yaml:"pagination"`
	// FullSync reads all people again after that many seconds; 0 never.
	FullSync Opt[Seconds] `yaml:"full_sync"`
	// ChangedSync reads those who changed after that many seconds; 0 never.
	ChangedSync Opt[Seconds] `yaml:"changed_sync"`
	// ConnectTimeout and ReadTimeout end attempts. 0 leaves them alone; a new one has 5 and
	// 30 seconds, as Keycloak would wait for ever.
	ConnectTimeout Seconds `yaml:"connect_timeout"`
	ReadTimeout    Seconds `yaml:"read_timeout"`
	// Config is what Keycloak keeps of the federation. It adds to the settings above, and
	// wins where both say something; address, account, vendor and edit mode it may not name.
	// Settings that neither names are left alone, the empty string removes one, and the
	// server drops those it does not know.
	Config map[string]string `yaml:"config"`
	// Mappers take over attributes and groups. Keycloak makes some by itself: username,
	// email, first name, last name and others. Those that are not named are left alone.
	//
	// With Vendor, "username" reads UsernameAttribute, and "first name" reads givenName
	// where Keycloak before 27 reads cn, which has the last name too. Name them to have
	// them otherwise.
	Mappers []LDAPMapper `yaml:"mappers"`
}

// LDAPVendor is a kind of directory.
type LDAPVendor string

// The values of LDAPVendor.
const (
	LDAPActiveDirectory LDAPVendor = "ad"
	LDAPRedHat          LDAPVendor = "rhds"
	LDAPTivoli          LDAPVendor = "tivoli"
	LDAPEDirectory      LDAPVendor = "edirectory"
	LDAPOther           LDAPVendor = "other" // OpenLDAP, and all others
)

// LDAPEditMode says what becomes of changes that are made in Keycloak.
type LDAPEditMode string

// The values of LDAPEditMode.
const (
	LDAPReadOnly LDAPEditMode = "read_only" // they are refused
	LDAPWritable LDAPEditMode = "writable"  // they are written to the directory
	LDAPUnsynced LDAPEditMode = "unsynced"  // Keycloak keeps them to itself
)

// LDAPTruststore says which truststore vouches for the certificate of a directory.
type LDAPTruststore string

// The values of LDAPTruststore.
const (
	LDAPTruststoreAlways LDAPTruststore = "always" // Keycloak's
	LDAPTruststoreNever  LDAPTruststore = "never"  // Java's
)

func ldapVendors() []string {
	return []string{string(LDAPActiveDirectory), string(LDAPRedHat), string(LDAPTivoli), string(LDAPEDirectory), string(LDAPOther)}
}

func ldapEditModes() []string {
	return []string{string(LDAPReadOnly), string(LDAPWritable), string(LDAPUnsynced)}
}

// ldapSettings are what Config may not name.
func ldapSettings() []string {
	return []string{"bindCredential", "bindDn", "connectionUrl", "vendor", "editMode", "authType"}
}

func ldapTruststores() []string {
	return []string{string(LDAPTruststoreAlways), string(LDAPTruststoreNever)}
}

func (s Spec) validateLDAP() maskit.Problems {
	return named[LDAP]{
		key: "name", name: func(l LDAP) string { return l.Name }, validate: LDAP.validate,
		twice: "is the name of two directories", hint: "rename one, at the server too if both are there: they are found by their names",
	}.validateAll(s.LDAP)
}

func (l LDAP) validate() maskit.Problems {
	var ps maskit.Problems
	add := func(bad bool, problem maskit.Problem) {
		if bad {
			ps = append(ps, problem)
		}
	}
	add(l.Name == "", missing("name", "the name of the federation in the realm"))
	for _, choice := range []struct {
		path, value string
		known       []string
	}{
		{"vendor", string(l.Vendor), ldapVendors()},
		{"edit_mode", string(l.EditMode), ldapEditModes()},
		{"truststore", string(l.Truststore), ldapTruststores()},
	} {
		add(choice.value != "" && !slices.Contains(choice.known, choice.value), maskit.Problem{
			Path: choice.path, Code: "unknown-value", Message: "is none of " + strings.Join(choice.known, ", "),
		})
	}
	given := !l.BindCredential.IsZero() || l.BindCredentialFile != ""
	add(l.BindCredential.Reveal() == mask, maskit.Problem{
		Path: "bind_credential", Code: "secret-masked", Message: "is what Keycloak shows instead of a secret", Hint: "give the secret itself",
	})
	add(l.BindCredentialVersion != "" && !given, maskit.Problem{
		Path: "bind_credential_version", Code: "unused", Severity: maskit.SeverityWarning, Message: "is the version of a secret that is not given", Hint: "give the secret",
	})
	add(given && l.BindDN.Valid && l.BindDN.V == "", maskit.Problem{
		Path: "bind_credential", Code: "unused", Message: "is the password of nobody", Hint: "set bind_dn, or remove it",
	})
	for _, name := range ldapSettings() {
		_, ok := l.Config[name]
		add(ok, maskit.Problem{Path: "config." + name, Code: "has-a-setting", Message: "has a setting of its own", Hint: "use that"})
	}
	ps = append(ps, validateFilter("filter", l.Filter.V)...)
	ps = append(ps, l.validateURL()...)
	return append(ps, below("mappers", l.validateMappers())...)
}

// validateFilter refuses what Keycloak refuses: a filter has parentheses (RFC 4515).
func validateFilter(path, filter string) maskit.Problems {
	filter = strings.TrimSpace(filter)
	if filter == "" || strings.HasPrefix(filter, "(") && strings.HasSuffix(filter, ")") {
		return nil
	}
	return maskit.Problems{{Path: path, Code: "ldap-filter", Message: "has no parentheses around it", Hint: "write (attribute=value)"}}
}

// validateURL checks the addresses, and that passwords do not travel in the clear.
func (l LDAP) validateURL() maskit.Problems {
	var ps maskit.Problems
	for _, address := range strings.Fields(l.URL) {
		u, err := url.Parse(address)
		switch {
		case err != nil || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Hostname() == "" || u.User != nil:
			ps = append(ps, maskit.Problem{Path: "url", Code: "url-invalid", Message: "is not the address of a directory", Hint: "write ldaps://host"})
		case u.Scheme == "ldaps" && l.StartTLS.V:
			ps = append(ps, maskit.Problem{Path: "start_tls", Code: "contradiction", Message: "is for ldap://, and the address is encrypted already", Hint: "remove it"})
		case u.Scheme == "ldap" && !l.StartTLS.V && !isLoopback(u.Hostname()):
			ps = append(ps, maskit.Problem{
				Path: "url", Code: "ldap-in-the-clear", Severity: maskit.SeverityWarning,
				Message: "everybody's password goes over the network in the clear", Hint: "use ldaps://, or set start_tls; Keycloak must trust the certificate (truststore-paths)",
			})
		}
	}
	return ps
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

func (l LDAP) fields() []field {
	l = l.whole()
	f := settings{}
	f.text(string(l.Vendor), "config", "vendor")
	f.flagText(l.Enabled, "config", "enabled")
	if l.Priority.Valid {
		f.own(strconv.Itoa(l.Priority.V), "config", "priority")
	}
	f.text(l.URL, "config", "connectionUrl")
	f.flagText(l.StartTLS, "config", "startTls")
	if l.StartTLS.V {
		f.flagText(Set(false), "config", "connectionPooling") // both at once are refused
	}
	f.text(string(l.Truststore), "config", "useTruststoreSpi")
	if l.BindDN.Valid {
		f.own(map[bool]string{true: "none", false: "simple"}[l.BindDN.V == ""], "config", "authType")
		f.own(l.BindDN.V, "config", "bindDn")
	}
	if !l.BindCredential.IsZero() {
		f.own(l.BindCredential, "config", "bindCredential")
		f.text(l.BindCredentialVersion, "subType")
	}
	f.text(l.UsersDN, "config", "usersDn")
	if l.Subtree.Valid {
		f.own(map[bool]string{true: "2", false: "1"}[l.Subtree.V], "config", "searchScope")
	}
	f.optional(l.Filter, "config", "customUserSearchFilter")
	f.text(l.UsernameAttribute, "config", "usernameLDAPAttribute")
	f.text(l.RDNAttribute, "config", "rdnLDAPAttribute")
	f.text(l.UUIDAttribute, "config", "uuidLDAPAttribute")
	if l.ObjectClasses != nil {
		f = append(f, field{path: []string{"config", "userObjectClasses"}, want: strings.Join(l.ObjectClasses, ", "), same: sameWords})
	}
	f.text(strings.ToUpper(string(l.EditMode)), "config", "editMode")
	f.flagText(l.Import, "config", "importEnabled")
	f.flagText(l.SyncRegistrations, "config", "syncRegistrations")
	f.flagText(l.TrustEmail, "config", "trustEmail")
	f.flagText(l.Pagination, "config", "pagination")
	f.period(l.FullSync, "config", "fullSyncPeriod")
	f.period(l.ChangedSync, "config", "changedSyncPeriod")
	f.milliseconds(l.ConnectTimeout, "config", "connectionTimeout")
	f.milliseconds(l.ReadTimeout, "config", "readTimeout")
	f.entries(l.Config, "config")
	return f
}

// period owns a time that -1 switches off.
func (s *settings) period(want Opt[Seconds], path ...string) {
	switch {
	case !want.Valid:
	case want.V == 0:
		*s = append(*s, field{path: path, want: "-1", fine: []any{"", "0"}})
	default:
		s.own(strconv.FormatUint(uint64(want.V), 10), path...)
	}
}

func (s *settings) milliseconds(want Seconds, path ...string) {
	if want != 0 {
		s.own(strconv.FormatUint(uint64(want)*1000, 10), path...)
	}
}
