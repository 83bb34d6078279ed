package migratetest

import (
	"math"
	"math/rand/v2"
)

// population is everybody on a homeserver. Nothing is kept: what user number i is
// like is computed from the seed and i whenever it is asked for.
type population struct {
	Spec
	names       shuffle
	first, last []string
}

func newPopulation(spec Spec) *population {
	spec = spec.withDefaults()
	return &population{Spec: spec, names: newShuffle(spec.Users, spec.Seed), first: firstNames(), last: lastNames()}
}

// kind is what sort of account a user is.
type kind int

const (
	person kind = iota
	appservice
	deactivated
	guest
)

// maxDevices bounds what one user has.
const maxDevices = 50

// profile is what a user has, without the names of anything.
type profile struct {
	kind          kind
	locked, admin bool
	password      bool
	// devices is how many real devices there are; hidden says that three more keep keys.
	devices int
	hidden  bool
	// email, phone and link are what people register besides.
	email, phone, link bool
	deviceless, puppet bool
}

// topics of random numbers, so that one does not depend on how many another took.
const (
	topicProfile = iota
	topicUser
	topicDevice
	topicToken
	topicExtra
)

// dice returns the random numbers of one topic about item n of user i.
func (p *population) dice(topic, i, n int) *rand.Rand {
	return rand.New(rand.NewPCG(p.Seed^uint64(topic)<<56, uint64(i)<<16|uint64(n))) //nolint:gosec // Deterministic on purpose; n and i are not negative.
}

func (p *population) profile(i int) profile {
	d, m := p.dice(topicProfile, i, 0), p.Mix
	switch share := d.Float64(); {
	case share < m.Appservice:
		return p.appserviceProfile(d)
	case share < m.Appservice+m.Deactivated:
		return profile{kind: deactivated}
	case share < m.Appservice+m.Deactivated+m.Guests:
		return profile{kind: guest}
	}
	u := profile{devices: deviceCount(d, m.Devices)}
	u.locked, u.admin = d.Float64() < m.Locked, d.Float64() < m.Admins
	u.hidden = d.Float64() < m.CrossSigning && u.devices > 0
	u.email, u.phone = d.Float64() < m.Threepids*0.95, d.Float64() < m.Threepids*0.05
	u.link = d.Float64() < m.ExternalIDs
	u.password = d.Float64() < 0.3 || !u.link
	u.deviceless, u.puppet = d.Float64() < m.Deviceless, d.Float64() < m.Puppets
	return u
}

// appserviceProfile is that of a bridged user, few of whom have a device.
func (*population) appserviceProfile(d *rand.Rand) profile {
	u := profile{kind: appservice}
	if d.Float64() < 0.05 {
		u.devices = 1
	}
	return u
}

// deviceCount draws from a geometric distribution with that mean.
func deviceCount(d *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	return min(int(d.ExpFloat64()/math.Log(1+1/mean)), maxDevices)
}

// rows of devices: the real ones, then those that are hidden.
func (u profile) deviceRows() int {
	switch {
	case u.kind == guest:
		return 1
	case u.hidden:
		return u.devices + hiddenDevices
	}
	return u.devices
}

// hiddenDevices is how many keys cross-signing has: master, self-signing and user-signing.
const hiddenDevices = 3

// tokens is what hangs on a device.
type tokens struct {
	// access is how many access tokens there are that have no refresh token.
	access int
	// refresh says that there is a refresh token, previous that the one before it is
	// still there, and used whether its successor was used already.
	refresh, previous, used bool
}

func (p *population) tokens(u profile, i, device int) tokens {
	if u.kind != person || p.Mix.Devices <= 0 {
		return tokens{}
	}
	d := p.dice(topicToken, i, device)
	if d.Float64() >= p.Mix.Tokens/p.Mix.Devices {
		return tokens{}
	}
	if d.Float64() < p.Mix.Refresh {
		previous := d.Float64() < 0.3
		return tokens{refresh: true, previous: previous, used: previous && d.Float64() < 0.5}
	}
	if d.Float64() < 0.01 {
		return tokens{access: 2}
	}
	return tokens{access: 1}
}

// shuffle is a permutation of 0 … n-1 that needs no memory.
type shuffle struct{ n, stride, offset int }

func newShuffle(n int, seed uint64) shuffle {
	if n < 2 {
		return shuffle{n: max(n, 1), stride: 1}
	}
	d := rand.New(rand.NewPCG(seed, uint64(n))) //nolint:gosec // Deterministic on purpose.
	stride := n/3 + d.IntN(n)
	for gcd(stride, n) != 1 {
		stride++
	}
	return shuffle{n: n, stride: stride, offset: d.IntN(n)}
}

func (s shuffle) at(i int) int { return (i*s.stride + s.offset) % s.n }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
