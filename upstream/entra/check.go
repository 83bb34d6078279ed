package entra

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Microsoft's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		c.tenantProblems(),
		c.tenantsProblems(),
		c.cloudProblems(),
		c.clientProblems(),
		c.groupProblems(),
		c.emailProblems(),
		c.subjectProblems(),
	)
}

func (c Config) tenantProblems() maskit.Problems {
	const path = "tenant"
	if c.Tenant == "" {
		return check.Required(path, "", "the directory (tenant) id, on the app's overview page")
	}
	if problems := check.Text(path, c.Tenant); problems != nil {
		return problems
	}
	switch {
	case c.isMultiTenant(), c.Tenant == "consumers", isGUID(c.Tenant):
		return nil
	case strings.Contains(c.Tenant, "."):
		return maskit.Problems{{
			Path: path, Code: "tenant-is-domain", Message: "is a domain, but the issuer has the id of the tenant, and MAS compares byte for byte",
			Hint: "the GUID in the issuer of https://login.microsoftonline.com/{domain}/v2.0/.well-known/openid-configuration",
		}}
	}
	return maskit.Problems{{
		Path: path, Code: "tenant-invalid", Message: "is not the id of a tenant",
		Hint: "the directory (tenant) id on the app's overview page, or organizations, common or consumers",
	}}
}

// tenantsProblems insists on an allow-list where anybody's tenant may sign in.
func (c Config) tenantsProblems() maskit.Problems {
	const path = "claims.require.tenants"
	allowed := c.Claims.Require.Tenants
	var problems maskit.Problems
	switch {
	case c.isMultiTenant() && len(allowed) == 0 && !c.AnyTenant:
		problems = append(problems, maskit.Problem{
			Path: path, Code: "tenants-missing", Message: "is missing, so that anybody with an account of any directory could log in",
			Hint: "list the ids of the tenants; better still, make one provider of each tenant; any_tenant opens the server to all",
		})
	case c.AnyTenant && len(allowed) > 0:
		problems = append(problems, maskit.Problem{
			Path: "any_tenant", Code: "both-set", Message: "is set while claims.require.tenants lists tenants", Hint: "keep one of the two",
		})
	case c.AnyTenant && !c.isMultiTenant():
		problems = append(problems, maskit.Problem{
			Path: "any_tenant", Code: "not-allowed", Message: "is set for a single tenant", Hint: "remove it, or set tenant to organizations",
		})
	}
	for i, id := range allowed {
		if !isGUID(id) || strings.ToLower(id) != id {
			problems = append(problems, maskit.Problem{
				Path: fmt.Sprintf("%s[%d]", path, i), Code: "tenant-invalid", Message: "is not the id of a tenant in lower case",
				Hint: "the claim tid has a GUID, never a domain",
			})
		}
	}
	return problems
}

func (c Config) cloudProblems() maskit.Problems {
	problems := check.OneOf("cloud", c.Cloud, CloudPublic, CloudUSGov, CloudChina, CloudExternalID)
	if c.Cloud == CloudExternalID && c.anybodyRegisters() {
		problems = append(problems, maskit.Problem{
			Path: "tenant", Code: "tenant-invalid", Message: "is not a single tenant, which External ID is", Hint: "the directory (tenant) id",
		})
	}
	return problems
}

// clientProblems catches the id of the secret, which the portal shows beside its value.
func (c Config) clientProblems() maskit.Problems {
	if !isGUID(c.Client.Secret.Inline.Reveal()) {
		return nil
	}
	return maskit.Problems{{
		Path: "client_secret", Code: "secret-is-id", Message: "is the id of a secret, not its value (AADSTS7000215 at the first login)",
		Hint: "the column Value, which is shown once, when the secret is made",
	}}
}

// groupProblems: groups come as ids, and not at all if they are too many.
func (c Config) groupProblems() maskit.Problems {
	const path = "claims.require.groups"
	if len(c.Claims.Require.Groups) == 0 {
		return nil
	}
	problems := maskit.Problems{{
		Path: path, Code: "group-overage", Severity: maskit.SeverityInfo,
		Message: "refuses people who are in more than 200 groups: Entra then sends a link in place of the claim, which MAS cannot follow",
		Hint:    "limit the claim to groups that are assigned to the app, or require app roles",
	}}
	for i, id := range c.Claims.Require.Groups {
		if !isGUID(id) {
			problems = append(problems, maskit.Problem{
				Path: fmt.Sprintf("%s[%d]", path, i), Code: "group-not-id", Severity: maskit.SeverityWarning,
				Message: "is not an object id, which is what the claim has of cloud groups",
				Hint:    "the object id of the group",
			})
		}
	}
	return problems
}

// emailProblems refuses to believe addresses that the administrators of other tenants write.
func (c Config) emailProblems() maskit.Problems {
	if c.Claims.Email.Trust != claims.TrustDirectory || !c.anybodyRegisters() {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.email.trust", Code: "email-unverified",
		Message: "believes addresses that anybody can make up, and MAS marks them as verified (the attack is known as nOAuth)",
		Hint:    "remove it: xms_edov then says whether the domain is the tenant's own",
	}}
}

// subjectProblems asks what Synapse told people apart by, whose links are to stay.
func (c Config) subjectProblems() maskit.Problems {
	if c.Client.SynapseIDPID == "" || c.Claims.Subject != "" {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.subject", Code: "subject-undecided",
		Message: "is to be that of Synapse, or nobody who comes from there finds their account: Synapse's default is sub, here it is oid",
		Hint:    "set it to sub, or to what subject_claim is in homeserver.yaml, and keep the app registration: sub differs from app to app",
	}}
}
