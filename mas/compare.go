package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// Comparison is what moving from one configuration to another means.
type Comparison struct {
	// Differences lists what changes, in the order of the configuration's sections.
	Differences []Difference `json:"differences"`
	// Refused are errors that nothing lifts: what they name would be lost for good.
	Refused maskit.Problems `json:"refused,omitempty"`
	// Problems are the other findings. Its errors can be accepted by a [maskit.Ack].
	Problems maskit.Problems `json:"problems,omitempty"`
}

// Difference is one change and what it does to a running deployment.
type Difference struct {
	// Change says what changes. Secrets are masked.
	Change maskit.Change `json:"change"`
	// Rollout says how the change comes into effect.
	Rollout Rollout `json:"rollout"`
	// Impact says what it does to people.
	Impact Impact `json:"impact"`
	// Text explains the impact; may be empty.
	Text string `json:"text,omitempty"`
}

// String returns the difference on one line.
func (d Difference) String() string {
	text := d.Change.String() + " [" + d.Rollout.String()
	if d.Impact != ImpactNone {
		text += ", " + d.Impact.String()
	}
	text += "]"
	if d.Text != "" {
		text += " " + d.Text
	}
	return text
}

// Compare judges the step from a configuration in use to the next one. Either may
// be nil: there is no MAS yet, or no more. Both should hold their secrets inline
// (see [Config.Inline]); what stands in files is compared by name only. A check that
// needs the content is reported with [maskit.SeveritySkip], and that of the encryption
// key as an error, because another one could never be undone.
//
// It reads neither the database nor MAS, so it speaks of what can happen: links
// are orphaned only if there are any.
func Compare(old, new *Config) Comparison {
	var comparison Comparison
	comparison.Differences = differ{orEmpty(old), orEmpty(new)}.differences()
	if old == nil || new == nil {
		return comparison
	}
	comparison.Refused = append(refuseEncryption(old, new), refuseProviderIDs(old, new)...)
	for _, rule := range []func(old, new *Config) maskit.Problems{
		compareEncryptionFiles, compareAddresses, compareDatabase, compareHomeserver,
		compareSigningKeys, comparePasswords, compareProviders, compareClients,
	} {
		comparison.Problems = append(comparison.Problems, rule(old, new)...)
	}
	return comparison
}

// Changes returns the changes alone.
func (c Comparison) Changes() maskit.Changes {
	changes := make(maskit.Changes, len(c.Differences))
	for i, d := range c.Differences {
		changes[i] = d.Change
	}
	return changes
}

// Empty reports whether nothing changes.
func (c Comparison) Empty() bool { return len(c.Differences) == 0 }

// Rollout is the most that any of the differences needs.
func (c Comparison) Rollout() Rollout {
	most := RolloutNone
	for _, d := range c.Differences {
		most = max(most, d.Rollout)
	}
	return most
}

// Judge returns all findings, after the acknowledgements were applied to those that
// can be accepted. Its Err is nil if the step may be taken.
func (c Comparison) Judge(acks ...maskit.Ack) maskit.Problems {
	return append(append(maskit.Problems(nil), c.Refused...), c.Problems.Accept(acks...)...)
}

// String returns one line per difference.
func (c Comparison) String() string {
	lines := make([]string, len(c.Differences))
	for i, d := range c.Differences {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

func orEmpty(c *Config) *Config {
	if c == nil {
		return &Config{}
	}
	return c
}
