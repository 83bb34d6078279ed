package synapse

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// lintExperimental judges the experimental features that depend on delegation:
// logins by QR code (MSC4108, MSC4388).
func (d Delegate) lintExperimental(c config) maskit.Problems {
	return append(d.lintMSC4108(c), d.lintMSC4388(c)...)
}

func (d Delegate) lintMSC4108(c config) maskit.Problems {
	enabled, ok := c.find("experimental_features", "msc4108_enabled")
	isEnabled := ok && enabled.Truthy()
	endpoint, ok := c.find("experimental_features", "msc4108_delegation_endpoint")
	isDelegated := ok && !endpoint.IsNull()
	if !isEnabled {
		enabled = endpoint
	}
	switch {
	case (isEnabled || isDelegated) && before(d.SynapseVersion, sinceMSC4108()):
		return maskit.Problems{{
			Path: enabled.Path, Code: "unsupported-by-version", Pos: enabled.Pos,
			Message: fmt.Sprintf("Synapse %s does not start with logins by QR code beside %s", d.SynapseVersion, sectionKey),
			Hint:    fmt.Sprintf("upgrade Synapse to %s or later, or remove it", sinceMSC4108()),
		}}
	case isEnabled && isDelegated:
		return maskit.Problems{{
			Path: endpoint.Path, Code: "msc4108-twice", Pos: endpoint.Pos,
			Message: "is set beside msc4108_enabled, and Synapse does not start with both", Hint: "remove one of them",
		}}
	}
	return nil
}

func (d Delegate) lintMSC4388(c config) maskit.Problems {
	modes := []string{"off", "open", "authenticated"}
	mode, ok := c.find("experimental_features", "msc4388_mode")
	if !ok || before(d.SynapseVersion, sinceMSC4388()) || slices.ContainsFunc(modes, mode.Scalar().IsString) {
		return nil
	}
	hint := "one of \"off\", \"open\", \"authenticated\""
	if s := mode.Scalar(); s.Kind == yamledit.KindBool {
		hint = "write it with quotes; YAML 1.1 reads off, without, as false"
	}
	return maskit.Problems{{
		Path: mode.Path, Code: "msc4388-mode", Pos: mode.Pos, Message: "is no mode that Synapse knows, and it does not start", Hint: hint,
	}}
}
