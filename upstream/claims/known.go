package claims

// isShared reports whether a claim is one that many people have alike (OpenID Connect
// Core 1.0, sections 2 and 5.1, and those of common vendors).
func isShared(name string) bool {
	switch name {
	case "iss", "aud", "azp", "hd", "tid", "acr", "amr", "locale", "zoneinfo", "gender", "groups", "roles",
		"email_verified", "phone_number_verified":
		return true
	}
	return false
}

// isMutable reports whether a claim is one that can change, or pass from one person
// to another.
func isMutable(name string) bool {
	switch name {
	case "email", "mail", "phone_number", "preferred_username", "username", "unique_name", "upn", "login", "cognito:username":
		return true
	}
	return isPersonal(name)
}

// isPersonal reports whether a claim is one that namesakes have alike, and that
// people often write themselves.
func isPersonal(name string) bool {
	switch name {
	case "name", "given_name", "middle_name", "family_name", "nickname", "global_name", "birthdate":
		return true
	}
	return false
}
