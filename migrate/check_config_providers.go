package migrate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// providers: whether MAS has what people log in by.
func (c *configCheck) providers() {
	for _, theirs := range c.job.Legacy.OIDC {
		c.provider(theirs)
	}
	for i, own := range upstreams(c.job.Config) {
		c.unknownID(fmt.Sprintf("upstream_oauth2.providers[%d].synapse_idp_id", i), own.SynapseIDPID)
	}
}

// provider judges what MAS has for one of Synapse.
func (c *configCheck) provider(theirs synapse.OIDCProvider) {
	at, own := c.counterpart(theirs.SynapseIDPID)
	switch {
	case at == "":
		c.add(Finding{
			Problem: maskit.Problem{
				Path: theirs.Path, Pos: theirs.Pos, Code: CodeProviderNotMapped, Severity: maskit.SeverityWarning,
				Message: fmt.Sprintf("people log in to Synapse by %q, and no provider of MAS has this synapse_idp_id", theirs.SynapseIDPID),
				Hint:    fmt.Sprintf("add a provider with synapse_idp_id: %s to upstream_oauth2.providers of MAS (ConvertProviders makes one)", theirs.SynapseIDPID),
			},
			Effect: "nobody can log in by it any more, and nobody's link to it is moved",
		})
	case !own.Enabled.Or(true):
		c.disabled(at, theirs.SynapseIDPID)
	default:
		c.sameClaims(at, own, theirs)
	}
}

// counterpart is the provider of MAS with the id, and where it stands: one that is enabled
// if there is one.
func (c *configCheck) counterpart(id string) (string, mas.UpstreamProvider) {
	var at string
	var found mas.UpstreamProvider
	for i, own := range upstreams(c.job.Config) {
		if own.SynapseIDPID == id && (at == "" || !found.Enabled.Or(true)) {
			at, found = fmt.Sprintf("upstream_oauth2.providers[%d]", i), own
		}
	}
	return at, found
}

// disabled: MAS does not write such a provider to its database. mas-cli takes it for one
// all the same, and fails when everything is loaded.
func (c *configCheck) disabled(at, id string) {
	severity := maskit.SeverityWarning
	if c.official {
		severity = maskit.SeverityError
	}
	c.add(Finding{
		Problem: maskit.Problem{
			Path: at + ".enabled", Code: CodeProviderDisabled, Severity: severity,
			Message: fmt.Sprintf("MAS has a provider for %q, but it is not enabled", id),
			Hint:    "set enabled: true, and run mas-cli config sync",
		},
		Effect: "nobody can log in by it, and nobody's link to it is moved",
	})
}

// sameClaims: a link is a pair of provider and subject, so both must mean the same.
func (c *configCheck) sameClaims(at string, own mas.UpstreamProvider, theirs synapse.OIDCProvider) {
	if own.Issuer != "" && theirs.Issuer != "" && strings.TrimSuffix(own.Issuer, "/") != strings.TrimSuffix(theirs.Issuer, "/") {
		c.report(maskit.SeverityWarning, at+".issuer", CodeIssuerDiffers,
			fmt.Sprintf("is another issuer than that of %q in Synapse: whoever has the subject of a link there would get the account", theirs.SynapseIDPID),
			"make sure that both have the same people under the same subjects")
	}
	const subject = "{{ user.sub }}"
	mine := cmp.Or(own.ClaimsImports.Subject.Template, subject)
	if !theirs.Mapping.Custom && squeezed(mine) != squeezed(theirs.Mapping.Subject.Text) {
		c.add(Finding{
			Problem: maskit.Problem{
				Path: at + ".claims_imports.subject.template", Code: CodeSubjectDiffers, Severity: maskit.SeverityWarning,
				Message: fmt.Sprintf("MAS knows people of %q by %s, Synapse by %s", theirs.SynapseIDPID, mine, theirs.Mapping.Subject.Text),
				Hint:    "write a template that renders the very same text",
			},
			Effect: "people who log in by it would not be found, and get another account or none",
		})
	}
}

// squeezed drops white space, which means nothing in these templates.
func squeezed(template string) string { return strings.Join(strings.Fields(template), "") }

// unknownID: a provider that Synapse does not have may have been one earlier, or is a slip.
func (c *configCheck) unknownID(at, id string) {
	var known []string
	for _, p := range c.job.Legacy.OIDC {
		known = append(known, p.SynapseIDPID)
	}
	if id == "" || slices.Contains(known, id) {
		return
	}
	hint := "remove it, unless it is of a provider that Synapse had earlier"
	switch {
	case slices.Contains(known, "oidc-"+id):
		hint = fmt.Sprintf("write %q: Synapse keeps links under the idp_id with this prefix", "oidc-"+id)
	case len(known) > 0:
		hint += "; it has " + strings.Join(known, ", ")
	}
	c.report(maskit.SeverityWarning, at, CodeUnknownIDPID, fmt.Sprintf("Synapse's configuration has no provider %q", id), hint)
}
