package claims

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// EmailTrust says which addresses of the provider are believed. MAS marks every
// imported address as verified, so an address that nobody checked lets its owner
// recover, or block, somebody else's account.
type EmailTrust string

// The degrees of trust.
const (
	// TrustVerified imports an address if the provider says, in the claim [Email.VerifiedClaim],
	// that it has checked it.
	TrustVerified EmailTrust = "verified"
	// TrustDirectory imports every address: for providers whose addresses only
	// administrators set.
	TrustDirectory EmailTrust = "directory"
	// TrustNever imports none.
	TrustNever EmailTrust = "never"
)

// Email says how the e-mail address is imported.
type Email struct {
	// Action says how the address is used; with require a login without one that is
	// trusted fails. Default: force, which imports it if there is one.
	Action mas.ImportAction `yaml:"action"`
	// Trust says which addresses are believed. Default: verified.
	Trust EmailTrust `yaml:"trust"`
	// Claim has the address. Default: email.
	Claim string `yaml:"claim"`
	// VerifiedClaim says that the address was checked: true, "true", 1 or "1". Default:
	// email_verified, if the provider's module states no other.
	VerifiedClaim string `yaml:"verified_claim"`
}

func (e Email) withDefaults(d Email) Email {
	e.Action = cmp.Or(e.Action, d.Action)
	e.Trust = cmp.Or(e.Trust, d.Trust)
	e.Claim = cmp.Or(e.Claim, d.Claim)
	e.VerifiedClaim = cmp.Or(e.VerifiedClaim, d.VerifiedClaim)
	return e
}

func (e Email) entry() mas.ClaimImport {
	switch {
	case e.Action == mas.ImportIgnore || e.Trust == TrustNever:
		return mas.ClaimImport{Action: mas.ImportIgnore}
	case e.Trust == TrustDirectory:
		return mas.ClaimImport{Action: e.Action, Template: directoryEmail(e.Claim)}
	}
	return mas.ClaimImport{Action: e.Action, Template: verifiedEmail(e.Claim, e.VerifiedClaim)}
}

// verifiedClaim is the claim that has to be true before an address is believed; empty if
// every address is.
func (e Email) verifiedClaim() string {
	if e.Trust == TrustDirectory {
		return ""
	}
	return e.VerifiedClaim
}

func (e Email) problems() maskit.Problems {
	const path = "claims.email."
	problems := check.OneOf(path+"action", e.Action, mas.ImportIgnore, mas.ImportSuggest, mas.ImportForce, mas.ImportRequire)
	problems = append(problems, check.OneOf(path+"trust", e.Trust, TrustVerified, TrustDirectory, TrustNever)...)
	problems = append(problems, check.Text(path+"claim", e.Claim)...)
	problems = append(problems, check.Text(path+"verified_claim", e.VerifiedClaim)...)
	if e.Action == mas.ImportRequire && e.Trust == TrustNever {
		problems = append(problems, maskit.Problem{
			Path: path + "action", Code: "email-never-trusted",
			Message: "requires an address while none is trusted",
			Hint:    "remove one of claims.email.action and claims.email.trust",
		})
	}
	return problems
}

// Unverifiable is for providers that send no claim which says that an address was verified:
// it reports [TrustVerified], under which no address at all is imported from there.
func (e Email) Unverifiable() maskit.Problems {
	if e.Trust != TrustVerified || e.VerifiedClaim != "" {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.email.trust", Code: "email-unverifiable", Severity: maskit.SeverityWarning,
		Message: "imports no address at all, because the provider does not say whether one is verified",
		Hint:    "set it to directory if every address that the provider sends is somebody's own, else to never",
	}}
}
