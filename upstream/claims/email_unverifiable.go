package claims

import "github.com/maskit-dev/maskit"

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
