package migrate

import (
	"io"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
)

// ProviderOptions say what [ConvertProviders] cannot know from Synapse's configuration.
type ProviderOptions struct {
	// IDs are the ids in MAS, by SynapseIDPID. They are part of URLs that are registered
	// at the provider: keep them.
	IDs map[string]maskit.ULID
	// Rand makes the ids that IDs does not have (mostly crypto/rand.Reader); the caller
	// has to store them. Nil: a missing id is an error.
	Rand io.Reader
	// Issuers are the issuers as the providers' metadata state them, by SynapseIDPID.
	// MAS compares them byte for byte, Synapse does not. [DiscoverIssuers] asks for them.
	Issuers map[string]string
}

// ConvertProviders turns the OpenID Connect providers of Synapse into those of MAS, with
// synapse_idp_id, so that the links of users go along. It writes what has the same
// effect in MAS 1.22, and better than "mas-cli config generate --synapse-config" (MAS
// 1.22): back-channel logout and userinfo are not mistaken for their opposites,
// attribute_requirements become a gate, an icon is set only where MAS has it.
//
// What cannot be translated faithfully is an error at the path in Synapse's
// configuration, and is left out of the entry: write it by hand and look at it with
// [upstream.Explain]. Where MAS differs in what people see, there is a warning or info.
// Entries are in Synapse's order, one for each provider.
//
// Each provider has to know the new callback address, too ([maskit.Site.CallbackURL]);
// keep the one of Synapse registered until there is no way back.
func ConvertProviders(providers []synapse.OIDCProvider, o ProviderOptions) ([]upstream.Entry, maskit.Problems) {
	var (
		entries  []upstream.Entry
		problems maskit.Problems
	)
	for _, p := range providers {
		c := converter{from: p, options: o}
		c.convert()
		entries, problems = append(entries, c.to), append(problems, c.problems...)
	}
	return entries, problems
}

// converter turns one provider into an entry.
type converter struct {
	from     synapse.OIDCProvider
	options  ProviderOptions
	to       upstream.Entry
	problems maskit.Problems
}

func (c *converter) convert() {
	c.to = upstream.Entry{
		SynapseIDPID: c.from.SynapseIDPID, HumanName: c.from.Name, ClientID: c.from.ClientID,
		PKCEMethod: mas.PKCEMethod(c.from.PKCE), OnBackchannelLogout: mas.LogoutDoNothing,
	}
	c.id()
	c.issuer()
	c.brand()
	c.client()
	c.endpoints()
	c.scopes()
	c.parameters()
	c.logout()
	c.people()
}

// note adds a problem with a key of the provider.
func (c *converter) note(key, code string, severity maskit.Severity, message, hint string) {
	path := c.from.Path
	if key != "" {
		path += "." + key
	}
	c.problems = append(c.problems, maskit.Problem{
		Path: path, Pos: c.from.Pos, Code: code, Severity: severity, Message: message, Hint: hint,
	})
}

func (c *converter) id() {
	id, given := c.options.IDs[c.from.SynapseIDPID]
	switch {
	case given && id.Validate() != nil:
		c.note("", "id-invalid", maskit.SeverityError, "the id given for "+c.from.SynapseIDPID+" is not a ULID", "make one with mas.NewULID")
	case given:
		c.to.ID = id
	case c.options.Rand == nil:
		c.note("", "id-missing", maskit.SeverityError, "has no id in MAS", "make one with mas.NewULID, store it, and give it as IDs["+c.from.SynapseIDPID+"]")
	default:
		c.mint()
	}
}

func (c *converter) mint() {
	id, err := mas.NewULID(c.options.Rand)
	if err != nil {
		c.note("", "id-missing", maskit.SeverityError, "got no id: "+err.Error(), "give a source of randomness that does not end")
		return
	}
	c.to.ID = id
}

// issuer takes the one of the metadata, which MAS and the tokens are judged by.
func (c *converter) issuer() {
	c.to.Issuer = c.from.Issuer
	stated, known := c.options.Issuers[c.from.SynapseIDPID]
	switch {
	case known:
		c.to.Issuer = stated
	case c.from.Discover:
		c.note("issuer", "issuer-unchecked", maskit.SeverityInfo,
			"Synapse takes an issuer with one slash too many or too few, MAS does not", "ask the provider with DiscoverIssuers or upstream.Check")
	}
}

// brand keeps those of which MAS has a picture (MAS 1.22, templates/components/idp_brand.html).
func (c *converter) brand() {
	brands := []string{"apple", "google", "facebook", "github", "gitlab", "twitter", "discord"}
	switch {
	case slices.Contains(brands, c.from.Brand):
		c.to.BrandName = c.from.Brand
	case c.from.Brand != "":
		c.note("idp_brand", "brand-unknown", maskit.SeverityInfo, "MAS has no picture for this brand, so it is left out", "")
	}
}

// logout turns back-channel logout on where it was. Synapse ends the devices of the
// provider's session, and so does MAS.
func (c *converter) logout() {
	if !c.from.BackchannelLogout {
		return
	}
	c.to.OnBackchannelLogout = mas.LogoutAll
	c.note("backchannel_logout_enabled", "register-logout-url", maskit.SeverityInfo,
		"the provider has to know the address of MAS", "register Site.BackchannelLogoutURL of the provider's id")
}
