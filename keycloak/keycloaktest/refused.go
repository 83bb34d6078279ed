package keycloaktest

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// checkBrokerURLs refuses addresses that ssl_required of the realm forbids. Names other
// than localhost are taken to lead to public addresses.
func (c *call) checkBrokerURLs(config document) answer {
	names := []struct{ key, name string }{
		{"authorizationUrl", "authorization_url"},
		{"tokenUrl", "token_url"},
		{"userInfoUrl", "userinfo_url"},
		{"logoutUrl", "logout_url"},
		{"jwksUrl", "jwks_url"},
		{"tokenIntrospectionUrl", "tokenIntrospection_url"},
		{"singleSignOnServiceUrl", "singleSignOnServiceUrl"},
		{"singleLogoutServiceUrl", "singleLogoutServiceUrl"},
		{"metadataDescriptorUrl", "metadataDescriptorUrl"},
		{"artifactResolutionServiceUrl", "artifactResolutionServiceUrl"},
	}
	for _, n := range names {
		address := str(config, n.key)
		u, err := url.Parse(address)
		switch {
		case address == "", n.key == "tokenIntrospectionUrl" && c.options.Version == V260:
		case err != nil || u.Scheme == "":
			return refuseMessage(http.StatusBadRequest, fmt.Sprintf("The url [%s] is malformed", n.name))
		case u.Scheme != "https" && c.realm.needsHTTPS(u.Hostname()):
			return refuseMessage(http.StatusBadRequest, fmt.Sprintf("The url [%s] requires secure connections", n.name))
		}
	}
	return answer{}
}

func (r *realm) needsHTTPS(host string) bool {
	switch str(r.doc, "sslRequired") {
	case "all":
		return true
	case "none":
		return false
	}
	address, err := netip.ParseAddr(host)
	local := err == nil && (address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() || address.IsUnspecified() || strings.HasPrefix(host, "fec0:"))
	return host != "localhost" && !local
}

// checkComponent refuses settings of a directory and its mappers that contradict each
// other, or name what is not there.
func (c *call) checkComponent(provider string, config document) answer {
	says := func(key, value string) bool { return strings.Join(strs(config[key]), "") == value }
	for _, key := range []string{"customUserSearchFilter", "groups.ldap.filter"} {
		filter := strings.TrimSpace(strings.Join(strs(config[key]), ""))
		if filter != "" && !(strings.HasPrefix(filter, "(") && strings.HasSuffix(filter, ")")) {
			return refuseMessage(http.StatusBadRequest, `Custom configured LDAP filter does not start with "(" or does not end with ")".`)
		}
	}
	switch path := strings.Join(strs(config["groups.path"]), ""); {
	case provider == "ldap" && says("validatePasswordPolicy", "true") && !says("editMode", "WRITABLE"):
		return refuseMessage(http.StatusBadRequest, "Validate Password Policy is applicable only with WRITABLE edit mode")
	case provider == "ldap" && says("importEnabled", "false") && says("editMode", "UNSYNCED"):
		return refuseMessage(http.StatusBadRequest, "Can not disable Importing users when LDAP provider mode is UNSYNCED")
	case provider == "group-ldap-mapper" && path != "" && path != "/" && c.realm.paths[path] == nil:
		return refuseMessage(http.StatusBadRequest, "Groups path group does not exist - please create the group on specified path first")
	}
	return answer{}
}
