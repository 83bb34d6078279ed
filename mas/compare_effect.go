package mas

import (
	"fmt"
	"strings"
)

// Rollout says how a change of the configuration comes into effect.
type Rollout int

// The ways, from the least to the most. Every start of MAS syncs too.
const (
	// RolloutNone: MAS does not read the value.
	RolloutNone Rollout = iota
	// RolloutSync: "mas-cli config sync" is enough; MAS keeps running.
	RolloutSync
	// RolloutRestart: every process of MAS must be restarted.
	RolloutRestart
)

// String returns "no action", "sync" or "restart".
func (r Rollout) String() string {
	switch r {
	case RolloutNone:
		return "no action"
	case RolloutSync:
		return "sync"
	case RolloutRestart:
		return "restart"
	}
	return fmt.Sprintf("rollout(%d)", int(r))
}

// MarshalText implements [encoding.TextMarshaler].
func (r Rollout) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads what MarshalText writes.
func (r *Rollout) UnmarshalText(text []byte) error {
	return decodeNamed(r, RolloutRestart, text)
}

// Impact says what a change does to people who have an account or are signed in.
type Impact int

// The impacts, from the least to the most.
const (
	// ImpactNone: sessions and links stay as they are.
	ImpactNone Impact = iota
	// ImpactSessions: browser sessions at MAS end. Matrix clients stay signed in.
	ImpactSessions
	// ImpactLogins: some logins fail, until something else follows suit or for good.
	ImpactLogins
	// ImpactLinks: links between accounts and an identity provider are orphaned. Who
	// comes back through it is a stranger and finds the user name taken.
	ImpactLinks
)

// String returns "nothing", "browser sessions end", "logins fail" or "links orphaned".
func (i Impact) String() string {
	switch i {
	case ImpactNone:
		return "nothing"
	case ImpactSessions:
		return "browser sessions end"
	case ImpactLogins:
		return "logins fail"
	case ImpactLinks:
		return "links orphaned"
	}
	return fmt.Sprintf("impact(%d)", int(i))
}

// MarshalText implements [encoding.TextMarshaler].
func (i Impact) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads what MarshalText writes.
func (i *Impact) UnmarshalText(text []byte) error {
	return decodeNamed(i, ImpactLinks, text)
}

// decodeNamed finds the constant, from 0 to last, that has the name.
func decodeNamed[T interface {
	~int
	fmt.Stringer
}](out *T, last T, name []byte) error {
	var names []string
	for known := T(0); known <= last; known++ {
		if known.String() == string(name) {
			*out = known
			return nil
		}
		names = append(names, known.String())
	}
	return fmt.Errorf("mas: decode %.40q: want one of %s", name, strings.Join(names, ", "))
}

// effect is what a change of one kind of value does.
type effect struct {
	rollout Rollout
	impact  Impact
	text    string
}

// effectOf says what a change of the value at path does, given what it will be (nil:
// absent). The path has no indices: "upstream_oauth2.providers.client_secret".
// Source: MAS 1.22, which keeps providers and clients in its database and reads
// everything else at start.
func effectOf(path string, after any) effect {
	if rest, isProvider := strings.CutPrefix(path, "upstream_oauth2.providers"); isProvider {
		return providerEffect(strings.TrimPrefix(rest, "."), after)
	}
	section, key, _ := strings.Cut(path, ".")
	switch section {
	case "clients":
		return effect{rollout: RolloutSync}
	case "http":
		return httpEffect(key)
	case "secrets":
		return secretsEffect(key)
	case "matrix":
		return matrixEffect(key)
	case "database":
		return databaseEffect(key)
	case "passwords":
		return passwordsEffect(key, after)
	}
	if strings.HasPrefix(path, "experimental.inactive_session_expiration") {
		return effect{RolloutRestart, ImpactSessions, "sessions that have been idle for longer end"}
	}
	return effect{rollout: RolloutRestart}
}

func httpEffect(key string) effect {
	switch key {
	case "public_base":
		return effect{RolloutRestart, ImpactSessions, "cookies belong to the old address; the callback URLs at the identity providers and Synapse's cached metadata go by it"}
	case "issuer":
		return effect{RolloutRestart, ImpactLogins, "clients and Synapse compare it with the one they know"}
	}
	return effect{rollout: RolloutRestart}
}

func secretsEffect(key string) effect {
	if strings.HasPrefix(key, "encryption") {
		return effect{RolloutRestart, ImpactLogins, "browser sessions end, and the secrets of registered clients cannot be decrypted any more"}
	}
	return effect{rollout: RolloutRestart}
}

func matrixEffect(key string) effect {
	switch key {
	case "secret", "secret_file":
		return effect{RolloutRestart, ImpactLogins, "every login and every token check fails until Synapse has the same secret"}
	case "homeserver":
		return effect{RolloutRestart, ImpactLogins, "the user ids of all accounts end in it"}
	}
	return effect{rollout: RolloutRestart}
}

func databaseEffect(key string) effect {
	switch key {
	case "uri", "host", "port", "socket", "database":
		return effect{rollout: RolloutRestart, text: "accounts, sessions and links stay only if it is the same data"}
	}
	return effect{rollout: RolloutRestart}
}

func passwordsEffect(key string, after any) effect {
	switch key {
	case "enabled":
		if after == false {
			return effect{RolloutRestart, ImpactLogins, "nobody can log in by password; sessions stay"}
		}
	case "schemes.algorithm", "schemes.secret", "schemes.secret_file", "schemes.unicode_normalization":
		return effect{RolloutRestart, ImpactLogins, "passwords hashed the old way cannot be verified any more"}
	}
	return effect{rollout: RolloutRestart}
}
