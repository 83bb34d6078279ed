package keycloaktest

import "slices"

// table is every address that is served.
func (s *Server) table() []route {
	return slices.Concat(oidcRoutes(), realmRoutes(s), clientRoutes(), peopleRoutes(), flowRoutes(), federationRoutes(), unservedRoutes())
}

func oidcRoutes() []route {
	const at = "realms/{realm}/protocol/openid-connect"
	return []route{
		public("GET realms/{realm}", publicRealm),
		public("GET realms/{realm}/.well-known/openid-configuration", discovery),
		public("GET "+at+"/certs", keySet),
		public("POST "+at+"/token", token),
		public("GET "+at+"/auth", authorize),
		public("POST "+at+"/auth", authorize),
		public("GET "+at+"/userinfo", userinfo),
		public("POST "+at+"/userinfo", userinfo),
		public("GET "+at+"/logout", logoutByBrowser),
		public("POST "+at+"/logout", logoutByClient),
		public("GET realms/{realm}/login-actions/authenticate", submit),
		public("POST realms/{realm}/login-actions/authenticate", submit),
	}
}

func realmRoutes(s *Server) []route {
	root := func(method string, handle func(*call) answer) route {
		return route{method: method, segments: []string{"admin", "realms"}, roles: []string{anyAccount}, handle: handle}
	}
	info := route{method: "GET", segments: []string{"admin", "serverinfo"}, roles: []string{anyAccount}, handle: serverInfo}
	const read, write = "view-realm manage-realm", "manage-realm"
	return []route{
		root("GET", listRealms), root("POST", createRealm), info,
		admin("GET", anyAccount, nil, showRealm),
		admin("PUT", write, s.realmShape, changeRealm),
		admin("DELETE", write, nil, deleteRealm),
		admin("GET users/profile", "view-realm manage-realm view-users manage-users query-users", nil, showProfile),
		admin("PUT users/profile", write, profileShape, changeProfile),
		admin("GET client-policies/profiles", read, nil, showProfiles),
		admin("PUT client-policies/profiles", write, profilesShape, changeProfiles),
		admin("GET client-policies/policies", read, nil, showPolicies),
		admin("PUT client-policies/policies", write, policiesShape, changePolicies),
		admin("POST logout-all", "manage-users", nil, logoutAll),
		admin("GET roles", read, nil, listRoles),
		admin("POST roles", write, roleShape, createRole),
		admin("GET roles/{role}", read, nil, showRole),
		admin("PUT roles/{role}", write, roleShape, changeRole),
		admin("DELETE roles/{role}", write, nil, deleteRole),
		admin("GET roles/{role}/groups", "view-users manage-users view-realm manage-realm", nil, roleGroups),
		admin("GET roles/{role}/users", "view-realm manage-realm", nil, roleUsers),
		admin("GET roles-by-id/{role}/composites/clients/{client}", "view-realm manage-realm view-clients manage-clients", nil, partsOfClient),
	}
}

func clientRoutes() []route {
	const read, write = "view-clients manage-clients", "manage-clients"
	const at, scopes = "clients/{client}", "client-scopes/{scope}"
	routes := []route{
		admin("GET clients", read+" query-clients", nil, listClients),
		admin("POST clients", write+" create-client", clientShape, createClient),
		admin("GET "+at, read, nil, showClient),
		admin("PUT "+at, write, clientShape, changeClient),
		admin("DELETE "+at, write, nil, deleteClient),
		admin("GET "+at+"/client-secret", read, nil, showSecret),
		admin("POST "+at+"/client-secret", write, nil, newSecret),
		admin("GET "+at+"/client-secret/rotated", read, nil, showRotated),
		admin("DELETE "+at+"/client-secret/rotated", write, nil, deleteRotated),
		admin("GET "+at+"/service-account-user", read, nil, showAccount),
		admin("GET "+at+"/user-sessions", read, nil, clientSessions),
		admin("GET "+at+"/roles", read, nil, listRoles),
		admin("POST "+at+"/roles", write, roleShape, createRole),
		admin("GET "+at+"/roles/{role}", read, nil, showRole),
		admin("PUT "+at+"/roles/{role}", write, roleShape, changeRole),
		admin("DELETE "+at+"/roles/{role}", write, nil, deleteRole),
		admin("GET "+at+"/roles/{role}/groups", read, nil, roleGroups),
		admin("GET "+at+"/roles/{role}/users", read, nil, roleUsers),
		admin("GET "+at+"/evaluate-scopes/generate-example-id-token", read, nil, example(exampleID)),
		admin("GET "+at+"/evaluate-scopes/generate-example-access-token", read, nil, example(exampleAccess)),
		admin("GET "+at+"/evaluate-scopes/generate-example-userinfo", read, nil, example(exampleUserinfo)),
		admin("GET "+at+"/evaluate-scopes/protocol-mappers", read, nil, exampleMappers),
		admin("GET client-scopes", read, nil, listScopes),
		admin("POST client-scopes", write, scopeShape, createScope),
		admin("GET "+scopes, read, nil, showScope),
		admin("PUT "+scopes, write, scopeShape, changeScope),
		admin("DELETE "+scopes, write, nil, deleteScope),
	}
	for _, list := range []string{"default-client-scopes", "optional-client-scopes"} {
		routes = append(routes,
			admin("GET "+at+"/"+list, read, nil, inList(list, listAssigned)),
			admin("PUT "+at+"/"+list+"/{scope}", write, nil, inList(list, assignScope)),
			admin("DELETE "+at+"/"+list+"/{scope}", write, nil, inList(list, unassignScope)))
	}
	for _, list := range []string{"default-default-client-scopes", "default-optional-client-scopes"} {
		routes = append(routes,
			admin("GET "+list, read, nil, inList(list, listRealmScopes)),
			admin("PUT "+list+"/{scope}", write, nil, inList(list, addRealmScope)),
			admin("DELETE "+list+"/{scope}", write, nil, inList(list, removeRealmScope)))
	}
	for _, owner := range []string{at, scopes} {
		routes = append(routes,
			admin("GET "+owner+"/protocol-mappers/models", read, nil, listMappers),
			admin("POST "+owner+"/protocol-mappers/models", write, mapperShape, createMapper),
			admin("GET "+owner+"/protocol-mappers/models/{mapper}", read, nil, showMapper),
			admin("PUT "+owner+"/protocol-mappers/models/{mapper}", write, mapperShape, changeMapper),
			admin("DELETE "+owner+"/protocol-mappers/models/{mapper}", write, nil, deleteMapper))
	}
	return routes
}

// inList is for one of several lists, whose name stands in the address.
func inList(name string, handle func(*call) answer) func(*call) answer {
	return func(c *call) answer {
		c.vars["list"] = name
		return handle(c)
	}
}

func peopleRoutes() []route {
	const read, write = "view-users manage-users", "manage-users"
	routes := []route{
		admin("GET groups", read+" query-groups", nil, listGroups),
		admin("POST groups", write, groupShape, createGroup),
		admin("GET groups/{group}", read, nil, showGroup),
		admin("PUT groups/{group}", write, groupShape, changeGroup),
		admin("DELETE groups/{group}", write, nil, deleteGroup),
		admin("GET groups/{group}/children", read, nil, listChildren),
		admin("POST groups/{group}/children", write, groupShape, createChild),
		admin("GET groups/{group}/members", read, nil, groupMembers),
		admin("GET group-by-path/{path...}", read, nil, groupByPath),
		admin("GET users", read+" query-users", nil, listUsers),
		admin("GET users/count", read+" query-users", nil, countUsers),
		admin("POST users", write, userShape, createUser),
		admin("GET users/{user}", read, nil, showUser),
		admin("PUT users/{user}", write, userShape, changeUser),
		admin("DELETE users/{user}", write, nil, deleteUser),
		admin("PUT users/{user}/reset-password", write, credentialShape, resetPassword),
		admin("GET users/{user}/credentials", read, nil, listCredentials),
		admin("DELETE users/{user}/credentials/{credential}", write, nil, deleteCredential),
		admin("GET users/{user}/groups", read, nil, userGroups),
		admin("PUT users/{user}/groups/{id}", write, nil, joinGroup),
		admin("DELETE users/{user}/groups/{id}", write, nil, leaveGroup),
		admin("GET users/{user}/sessions", read, nil, userSessions),
		admin("POST users/{user}/logout", write, nil, logoutUser),
		admin("DELETE sessions/{session}", write, nil, deleteSession),
	}
	for _, holder := range []string{"groups/{group}", "users/{user}"} {
		for _, of := range []string{"/role-mappings/realm", "/role-mappings/clients/{client}"} {
			routes = append(routes,
				admin("GET "+holder+of, read, nil, listMappings),
				admin("POST "+holder+of, write, nil, addMappings),
				admin("DELETE "+holder+of, write, nil, removeMappings))
		}
	}
	return routes
}

func flowRoutes() []route {
	const read, write = "view-realm manage-realm", "manage-realm"
	const at = "authentication/"
	return []route{
		admin("GET "+at+"flows", read, nil, listFlows),
		admin("POST "+at+"flows", write, flowShape, createFlow),
		admin("GET "+at+"flows/{flow}", read, nil, showFlow),
		admin("PUT "+at+"flows/{flow}", write, flowShape, changeFlow),
		admin("DELETE "+at+"flows/{flow}", write, nil, deleteFlow),
		admin("POST "+at+"flows/{flow}/copy", write, copyShape, copyFlow),
		admin("GET "+at+"flows/{flow}/executions", read, nil, listExecutions),
		admin("PUT "+at+"flows/{flow}/executions", write, executionInfoShape, changeExecution),
		admin("POST "+at+"flows/{flow}/executions/execution", write, newExecutionShape, addExecution),
		admin("POST "+at+"flows/{flow}/executions/flow", write, newSubFlowShape, addSubFlow),
		admin("GET "+at+"executions/{execution}", read, nil, showExecution),
		admin("DELETE "+at+"executions/{execution}", write, nil, deleteExecution),
		admin("POST "+at+"executions/{execution}/raise-priority", write, nil, raisePriority),
		admin("POST "+at+"executions/{execution}/lower-priority", write, nil, lowerPriority),
		admin("POST "+at+"executions/{execution}/config", write, flowConfigShape, createFlowConfig),
		admin("GET "+at+"config/{config}", read, nil, showFlowConfig),
		admin("PUT "+at+"config/{config}", write, flowConfigShape, changeFlowConfig),
		admin("DELETE "+at+"config/{config}", write, nil, deleteFlowConfig),
		admin("GET "+at+"required-actions", read, nil, listActions),
		admin("GET "+at+"required-actions/{action}", read, nil, showAction),
		admin("PUT "+at+"required-actions/{action}", write, requiredActionShape, changeAction),
		admin("DELETE "+at+"required-actions/{action}", write, nil, deleteAction),
		admin("GET "+at+"unregistered-required-actions", read, nil, listUnregistered),
		admin("POST "+at+"register-required-action", write, newActionShape, registerAction),
	}
}

func federationRoutes() []route {
	const read, write = "view-identity-providers manage-identity-providers", "manage-identity-providers"
	const at = "identity-provider/instances"
	return []route{
		admin("GET "+at, read, nil, listBrokers),
		admin("POST "+at, write, brokerShape, createBroker),
		admin("GET "+at+"/{alias}", read, nil, showBroker),
		admin("PUT "+at+"/{alias}", write, brokerShape, changeBroker),
		admin("DELETE "+at+"/{alias}", write, nil, deleteBroker),
		admin("GET "+at+"/{alias}/mappers", read, nil, listBrokerMappers),
		admin("POST "+at+"/{alias}/mappers", write, brokerMapperShape, createBrokerMapper),
		admin("GET "+at+"/{alias}/mappers/{mapper}", read, nil, showBrokerMapper),
		admin("PUT "+at+"/{alias}/mappers/{mapper}", write, brokerMapperShape, changeBrokerMapper),
		admin("DELETE "+at+"/{alias}/mappers/{mapper}", write, nil, deleteBrokerMapper),
		admin("GET components", "view-realm manage-realm", nil, listComponents),
		admin("POST components", "manage-realm", componentShape, createComponent),
		admin("GET components/{component}", "view-realm manage-realm", nil, showComponent),
		admin("PUT components/{component}", "manage-realm", componentShape, changeComponent),
		admin("DELETE components/{component}", "manage-realm", nil, deleteComponent),
		admin("POST testLDAPConnection", "manage-realm", testLDAPShape, testLDAP),
	}
}

// unservedRoutes exist at Keycloak, and are not implemented here.
func unservedRoutes() []route {
	unserved := func(c *call) answer { return notServed(c.r.Method + " " + c.r.URL.Path) }
	var routes []route
	for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
		for _, path := range []string{
			"realms/{realm}/protocol/{rest...}", "realms/{realm}/login-actions/{rest...}", "realms/{realm}/broker/{rest...}",
			"realms/{realm}/account/{rest...}", "realms/{realm}/clients-registrations/{rest...}",
		} {
			routes = append(routes, public(method+" "+path, unserved))
		}
		for _, path := range []string{
			"partialImport", "partial-export", "events", "events/config", "admin-events", "keys", "localization", "localization/{rest...}",
			"organizations", "organizations/{rest...}", "attack-detection/{rest...}", "user-storage/{rest...}", "identity-provider/import-config",
			"roles-by-id/{rest...}", "default-groups", "default-groups/{rest...}", "client-types", "credential-registrators", "push-revocation",
			"clients-initial-access", "testSMTPConnection", "users/{user}/federated-identity/{rest...}", "users/{user}/execute-actions-email",
			"clients/{client}/scope-mappings/{rest...}", "client-scopes/{scope}/scope-mappings/{rest...}", "clients/{client}/authz/{rest...}",
			"roles/{role}/composites", "clients/{client}/roles/{role}/composites",
		} {
			routes = append(routes, admin(method+" "+path, "", nil, unserved))
		}
	}
	return routes
}

// serverInfo tells the version to those who administer the realm master.
func serverInfo(c *call) answer {
	version := map[Version]string{V267: "26.7.0", V260: "26.0.8"}[c.options.Version]
	if c.inMaster("admin") || c.options.Version == V260 {
		return ok(document{"systemInfo": document{"version": version}})
	}
	return ok(document{})
}
