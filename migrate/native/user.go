package native

// user is all that Synapse knows about a user and that MAS wants. Its bytes may be
// valid only until the next user is read. Times are as Synapse has them: creation in
// seconds, all others in milliseconds since 1970.
type user struct {
	// name is the user id, "@alice:example.com".
	name []byte
	// hash is the password hash; nil if there is none.
	hash    []byte
	created optional

	admin, deactivated, guest, locked bool
	// appservice says that an application service has made the user.
	appservice bool

	threepids []threepid
	links     []link
	devices   []device
	access    []accessToken
	refresh   []refreshToken
}

// optional is a bigint that may be NULL.
type optional struct {
	value int64
	valid bool
}

// or returns the value, or what to take instead.
func (o optional) or(instead int64) int64 {
	if o.valid {
		return o.value
	}
	return instead
}

// threepid is a row of user_threepids.
type threepid struct {
	medium, address []byte
	added           int64
}

// link is a row of user_external_ids.
type link struct{ provider, subject []byte }

// device is a row of devices. What may be NULL is then nil.
type device struct {
	id, display, ip, agent []byte
	seen                   optional
	// hidden is for devices that hold cross-signing keys (hidden is true or NULL), and
	// for that of guests.
	hidden bool
	// dehydrated says that dehydrated_devices has it, too.
	dehydrated bool
}

// accessToken is a row of access_tokens.
type accessToken struct {
	// device is nil for a token without one.
	device, token []byte
	// until is when it expires, validated when it was made, mostly.
	until, validated optional
	// refresh is the id of the refresh token that came with it.
	refresh optional
	used    bool
	puppet  bool
}

// refreshToken is a row of refresh_tokens.
type refreshToken struct {
	id            int64
	device, token []byte
	// next is the id of that which replaced it.
	next optional
}

// reset empties u, and keeps its memory.
func (u *user) reset() {
	*u = user{
		threepids: u.threepids[:0], links: u.links[:0], devices: u.devices[:0],
		access: u.access[:0], refresh: u.refresh[:0],
	}
}
