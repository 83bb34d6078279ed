package keys

import "time"

// Pace is how long to wait between the steps of a [Rotation]. A zero field means
// its default.
type Pace struct {
	// JWKSCache is the longest time for which anyone keeps MAS's key set: clients
	// that verify ID tokens, identity providers that MAS signs its requests to. MAS
	// 1.22 sends no Cache-Control with it, so each decides. Default: 24 hours, a
	// starting point.
	JWKSCache time.Duration
	// TokenLife is how long a signature stays in use. Default: 1 hour, the fixed
	// life of an ID token in MAS 1.22. Access tokens are not signed.
	TokenLife time.Duration
	// Leeway is added for clocks that differ. Default: 5 minutes.
	Leeway time.Duration
}

// Defaults of [Pace].
const (
	defaultJWKSCache = 24 * time.Hour
	defaultTokenLife = time.Hour
	defaultLeeway    = 5 * time.Minute
)

// WithDefaults returns a copy whose zero fields have their defaults.
func (p Pace) WithDefaults() Pace {
	if p.JWKSCache == 0 {
		p.JWKSCache = defaultJWKSCache
	}
	if p.TokenLife == 0 {
		p.TokenLife = defaultTokenLife
	}
	if p.Leeway == 0 {
		p.Leeway = defaultLeeway
	}
	return p
}

// Wait is what to wait for.
type Wait struct {
	// For is counted from the moment at which every MAS process runs with the new list.
	For time.Duration
	// Why says what has happened by then; empty if there is nothing to wait for.
	Why string
}

// After says what to wait for after a step, before the next one.
func (p Pace) After(step Step) Wait {
	p = p.WithDefaults()
	switch step {
	case StepIntroduce:
		return Wait{For: p.JWKSCache, Why: "everyone who keeps a copy of the key set has the new key"}
	case StepSign:
		return Wait{For: p.TokenLife + p.Leeway, Why: "every token that the old key signed has expired"}
	}
	return Wait{}
}
