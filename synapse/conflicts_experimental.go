package synapse

import "slices"

// experimentalConflicts are about delegation's predecessor, MSC3861, and what
// depends on delegation: logins by QR code (MSC4108, MSC4388).
func experimentalConflicts() []conflict {
	const (
		section  = "experimental_features"
		msc3861  = section + ".msc3861"
		enabled  = section + ".msc4108_enabled"
		endpoint = section + ".msc4108_delegation_endpoint"
		mode     = section + ".msc4388_mode"
		replaced = "matrix_authentication_service replaces it"
		tooOld   = "this version of Synapse offers no logins by QR code beside matrix_authentication_service"
		qrCode   = "Synapse offers logins by QR code, which 1.136 cannot do with MAS"
	)
	return []conflict{
		{
			code: "wrong-type", path: section, holds: isTrueNoSection, effect: crashes, masked: true,
			advice: "write a mapping, or remove it",
		},
		{
			code: "experimental-empty", path: section, holds: falsy, effect: crashes, since: rc1(157), until: v(157, 1),
			reason: "Synapse 1.157.0 crashes on an empty section", remove: section,
		},
		{
			code: "msc3861", path: msc3861, holds: isLegacyDelegation, does: "Synapse delegates in the way that 1.157 removed", masked: true,
			reason: replaced, remove: msc3861, advice: "Convert keeps its secret",
		},
		{
			code: "msc3861", path: msc3861, holds: isIdleDelegation, until: rc1(157), effect: outdated, masked: true,
			does:   "is not enabled, but 1.157 and later do not start with it all the same",
			reason: replaced, remove: msc3861, advice: "Convert keeps its secret",
		},
		{
			code: "wrong-type", path: msc3861, holds: isFalseNoSection, effect: crashes, until: rc1(157),
			reason: replaced, remove: msc3861,
		},
		{code: "unsupported-by-version", path: enabled, holds: truthy, until: rc1(137), does: qrCode, reason: tooOld, remove: enabled},
		{code: "unsupported-by-version", path: endpoint, holds: isNotNull, until: rc1(137), does: qrCode, reason: tooOld, remove: endpoint, named: true},
		{
			code: "msc4108-twice", path: endpoint, holds: isNotAlone, since: rc1(137), named: true,
			does:   "Synapse offers logins by QR code itself (msc4108_enabled) and elsewhere",
			reason: "Synapse offers logins by QR code itself", remove: endpoint,
		},
		{
			code: "msc4388-mode", path: mode, holds: isNoMode, effect: crashes, since: rc1(149),
			reason: `no mode that Synapse knows ("off" needs its quotes); off is the default`, remove: mode,
		},
	}
}

// isLegacyDelegation: 1.157 refuses the section even if it is disabled, older
// versions only if it is enabled.
func isLegacyDelegation(l look) bool { return truthy(l) && !isIdleDelegation(l) }

// isIdleDelegation reports whether a version that knows the section ignores it.
func isIdleDelegation(l look) bool {
	return before(l.version, rc1(157)) && l.entry().IsMapping() && truthy(l) && !l.has("enabled")
}

func isFalseNoSection(l look) bool { return isNoSection(l) && falsy(l) }

// isNotAlone: the endpoint is there, also if empty, beside the switch.
func isNotAlone(l look) bool {
	enabled, ok := l.config.find("experimental_features", "msc4108_enabled")
	return isNotNull(l) && ok && enabled.Truthy()
}

// isNoMode: "off" without quotes is false in YAML 1.1, and no mode.
func isNoMode(l look) bool {
	return !slices.ContainsFunc([]string{"off", "open", "authenticated"}, l.entry().Scalar().IsString)
}
