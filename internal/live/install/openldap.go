package install

import (
	"os"
	"path/filepath"
)

// Where Debian's package slapd keeps its parts.
const (
	OpenLDAPSchemas = "/etc/ldap/schema"
	OpenLDAPModules = "/usr/lib/ldap"
)

// FindOpenLDAP returns the path of slapd, whose schemas and modules are where Debian has
// them.
func FindOpenLDAP() (string, error) {
	path, err := findSystemProgram("slapd")
	if err != nil {
		return "", err
	}
	for _, part := range []string{filepath.Join(OpenLDAPSchemas, "inetorgperson.schema"), filepath.Join(OpenLDAPModules, "back_mdb.so")} {
		if _, err := os.Stat(part); err != nil {
			return "", missing("slapd", "`apt-get install slapd` as root: there is no "+part)
		}
	}
	return path, nil
}
