package keycloaktest

// addDefaultClients makes Keycloak's own clients.
func (s *Server) addDefaultClients(r *realm) {
	account := s.plainClient(r, "account")
	account.doc["publicClient"], account.doc["redirectUris"] = true, []any{"/realms/" + r.name + "/account/*"}
	for _, name := range []string{"delete-account", "manage-account", "manage-account-links", "manage-consent", "view-applications", "view-consent", "view-groups", "view-profile"} {
		account.roles[name] = s.newRole(account.id, document{"name": name}, account)
	}
	account.roles["manage-account"].parts = []*role{account.roles["manage-account-links"]}
	account.roles["manage-consent"].parts = []*role{account.roles["view-consent"]}

	console := s.plainClient(r, "account-console")
	console.doc["publicClient"], console.doc["redirectUris"] = true, []any{"/realms/" + r.name + "/account/*"}
	console.attributes[attrPKCE] = "S256"

	cli := s.plainClient(r, "admin-cli")
	cli.doc["publicClient"], cli.doc["standardFlowEnabled"], cli.doc["directAccessGrantsEnabled"], cli.doc["fullScopeAllowed"] = true, false, true, true
	cli.attributes["client.use.lightweight.access.token.enabled"] = "true"

	broker := s.plainClient(r, "broker")
	broker.doc["bearerOnly"], broker.attributes["realm_client"] = true, "true"
	broker.roles["read-token"] = s.newRole(broker.id, document{"name": "read-token"}, broker)

	admin := s.plainClient(r, "security-admin-console")
	admin.doc["publicClient"], admin.doc["fullScopeAllowed"] = true, true
	admin.doc["redirectUris"], admin.doc["webOrigins"] = []any{"/admin/" + r.name + "/console/*"}, []any{"+"}
	admin.attributes[attrPKCE] = "S256"
	if r.name != masterRealm {
		s.addRealmManagement(r)
	}
}
