package keycloaktest

import (
	"encoding/json"
	"net/http"
)

func profilesShape() shape {
	return newShape("ClientProfilesRepresentation").with(list, "profiles globalProfiles")
}

func policiesShape() shape {
	return newShape("ClientPoliciesRepresentation").with(list, "policies globalPolicies")
}

func showProfiles(c *call) answer { return ok(document{"profiles": c.realm.profiles}) }

func showPolicies(c *call) answer { return ok(document{"policies": c.realm.policies}) }

// changeProfiles replaces the list. Without the feature a profile that rotates secrets
// is refused.
func changeProfiles(c *call) answer {
	invalid := refuseMessage(http.StatusBadRequest, "proposed client profile contains the executor, which does not have valid provider, or has invalid configuration.")
	for _, profile := range docs(c.sent["profiles"]) {
		for _, executor := range docs(profile["executors"]) {
			if executor["executor"] != rotationExecutor {
				continue
			}
			rule := object(executor, "configuration")
			if !c.options.SecretRotation || num(rule, "rotated-expiration-period") > num(rule, "expiration-period") {
				return invalid
			}
		}
	}
	c.realm.profiles = anyList(docs(c.sent["profiles"]))
	return noContent()
}

const rotationExecutor = "secret-rotation"

// changePolicies replaces the list.
func changePolicies(c *call) answer {
	for _, policy := range docs(c.sent["policies"]) {
		for _, name := range strs(policy["profiles"]) {
			if c.realm.profileNamed(name) == nil {
				return refuseMessage(http.StatusBadRequest, "Policy "+str(policy, "name")+" contains invalid profile "+name)
			}
		}
	}
	c.realm.policies = anyList(docs(c.sent["policies"]))
	return noContent()
}

func (r *realm) profileNamed(name string) document {
	for _, profile := range docs(r.profiles) {
		if profile["name"] == name {
			return profile
		}
	}
	return nil
}

// rotation is the configuration by which the secrets of a client rotate; nil if they
// do not.
func (r *realm) rotation(at *client) document {
	for _, policy := range docs(r.policies) {
		if policy["enabled"] != true || !applies(policy, at) {
			continue
		}
		for _, name := range strs(policy["profiles"]) {
			for _, executor := range docs(r.profileNamed(name)["executors"]) {
				if executor["executor"] == rotationExecutor {
					return object(executor, "configuration")
				}
			}
		}
	}
	return nil
}

// applies reports whether all conditions of a policy are true for the client. A
// condition that is not known here is not.
func applies(policy document, at *client) bool {
	conditions := docs(policy["conditions"])
	for _, condition := range conditions {
		settings := object(condition, "configuration")
		switch condition["condition"] {
		case "any-client":
		case "client-access-type":
			if !hasAccessType(settings, at) {
				return false
			}
		case "client-attributes":
			if !hasAttributes(settings, at) {
				return false
			}
		default:
			return false
		}
	}
	return len(conditions) > 0
}

func hasAccessType(settings document, at *client) bool {
	kind := "confidential"
	if is(at.doc, "publicClient") {
		kind = "public"
	}
	for _, wanted := range strs(settings["type"]) {
		if wanted == kind {
			return true
		}
	}
	return false
}

// hasAttributes reads attributes as Keycloak keeps them: a list of pairs as text.
func hasAttributes(settings document, at *client) bool {
	var pairs []struct{ Key, Value string }
	if json.Unmarshal([]byte(str(settings, "attributes")), &pairs) != nil {
		return false
	}
	for _, pair := range pairs {
		if str(at.attributes, pair.Key) != pair.Value {
			return false
		}
	}
	return len(pairs) > 0
}
