package rowdiff

import (
	"bytes"
	"net/netip"
	"strings"
)

// Conditions on rows of Synapse.
const (
	// own are the users that Synapse itself authenticates people for; those of
	// application services stay in Synapse.
	own = `u.appservice_id IS NULL`
	// active are those of them that have sessions in MAS.
	active = own + ` AND u.is_guest = 0 AND u.deactivated = 0`
	// visible are devices that Synapse lists: the others hold keys of the user, or are
	// what guests once had.
	visible = `d.hidden = false AND d.device_id <> 'guest_device'`
	// notDehydrated leaves out devices that wait to be taken over (MSC3814).
	notDehydrated = ` AND NOT EXISTS (SELECT FROM dehydrated_devices h WHERE h.user_id = d.user_id AND h.device_id = d.device_id)`
)

// synapseUser is the localpart in the order of a sorted scan.
const synapseUser = `split_part(substr(k, 2), ':', 1)`

// synapseReader knows what becomes of rows of Synapse.
type synapseReader struct {
	since  since
	suffix []byte // ":example.com"
	// providers are by auth_provider.
	providers  map[string][16]byte
	onlyBcrypt bool
	devices    string // the condition on devices
}

func newSynapseReader(o Options, since since) synapseReader {
	s := synapseReader{
		since: since, suffix: []byte(":" + o.ServerName), providers: o.Providers,
		onlyBcrypt: o.SkipUnusableHashes, devices: visible,
	}
	if o.SkipDehydrated {
		s.devices += notDehydrated
	}
	return s
}

// scans are the queries of Synapse's side, the longest first.
func (s synapseReader) scans() []scan {
	return []scan{
		{cluster: devices, table: "devices", build: s.device, sql: s.devicesSQL()},
		{cluster: accounts, table: "users", build: s.user, sql: `
			SELECT u.name AS k, u.creation_ts, u.locked IS TRUE, u.deactivated <> 0, u.admin <> 0, u.is_guest <> 0, u.password_hash
			FROM users u WHERE ` + own},
		{cluster: thirdParties, table: "user_threepids", build: s.threepid, sql: `
			SELECT t.user_id AS k, t.medium, t.address, t.added_at FROM user_threepids t JOIN users u ON u.name = t.user_id WHERE ` + own},
		{cluster: upstream, table: "user_external_ids", build: s.link, sql: `
			SELECT x.user_id AS k, x.auth_provider, x.external_id, u.creation_ts FROM user_external_ids x JOIN users u ON u.name = x.user_id WHERE ` + own},
	}
}

// devicesSQL selects devices with their tokens: those that are not refreshed and, with
// their refresh token, those that are. A pair is of use until the pair after it was
// used. Tokens without a device follow.
func (s synapseReader) devicesSQL() string {
	return `
		SELECT d.user_id AS k, d.device_id, d.display_name, d.user_agent, u.admin <> 0, d.last_seen, d.ip,
			t.token, t.valid_until_ms, t.last_validated, t.refresh
		FROM devices d JOIN users u ON u.name = d.user_id
			LEFT JOIN (
				SELECT user_id, device_id, token, valid_until_ms, last_validated, NULL::text AS refresh FROM access_tokens
				WHERE puppets_user_id IS NULL AND refresh_token_id IS NULL
			UNION ALL
				SELECT t.user_id, t.device_id, t.token, t.valid_until_ms, t.last_validated, r.token
				FROM refresh_tokens r
					JOIN access_tokens t ON t.refresh_token_id = r.id AND t.user_id = r.user_id AND t.device_id = r.device_id
					LEFT JOIN access_tokens n ON n.refresh_token_id = r.next_token_id
				WHERE n.used IS NOT TRUE
			) t ON t.user_id = d.user_id AND t.device_id = d.device_id
		WHERE ` + active + ` AND ` + s.devices + `
	UNION ALL
		SELECT t.user_id, NULL, NULL, NULL, NULL, NULL, NULL, t.token, t.valid_until_ms, t.last_validated, NULL
		FROM access_tokens t JOIN users u ON u.name = t.user_id
		WHERE ` + active + ` AND t.puppets_user_id IS NULL AND t.refresh_token_id IS NULL AND t.device_id IS NULL`
}

// localpart returns what stands before the first colon; false for users of other domains.
func (s synapseReader) localpart(user []byte) ([]byte, bool) {
	name, found := bytes.CutSuffix(user, s.suffix)
	if !found || len(name) == 0 || name[0] != '@' || bytes.IndexByte(name, ':') >= 0 {
		return nil, false
	}
	return name[1:], true
}

func (s synapseReader) user(c [][]byte, r *row) bool {
	name, ok := s.localpart(c[0])
	if !ok {
		return false
	}
	created := fromSeconds(c[1]).required().before(s.since.accounts)
	r.begin(name).part(users, name).time(created).time(created.when(isTrue(c[2]))).time(created.when(isTrue(c[3]))).
		bytes(c[4]).bytes(c[5]).state(idRight)
	if hash := c[6]; hash != nil && (!s.onlyBcrypt || isBcrypt(hash)) {
		r.part(passwords, name).bytes(hash).time(created).bytes([]byte{0, 0, 0, 1}).null().state(idRight)
	}
	return true
}

func (s synapseReader) threepid(c [][]byte, r *row) bool {
	name, ok := s.localpart(c[0])
	if r.begin(name); string(c[1]) == "email" {
		added := fromMillis(c[3])
		r.part(emails, nil).bytes(c[2]).time(added).time(added.when(s.since.confirmed)).state(idRight)
	} else {
		r.part(unsupported, nil).bytes(c[1]).bytes(c[2]).time(fromMillis(c[3]))
	}
	return ok
}

func (s synapseReader) link(c [][]byte, r *row) bool {
	name, ok := s.localpart(c[0])
	provider, mapped := s.providers[string(c[1])]
	created := fromSeconds(c[3]).required().since1970().before(s.since.accounts)
	r.begin(name).part(links, nil).bytes(provider[:]).bytes(c[2]).time(created).null().state(idRight)
	return ok && mapped
}

func (s synapseReader) device(c [][]byte, r *row) bool {
	name, ok := s.localpart(c[0])
	if !ok {
		return false
	}
	r.begin(name)
	device, token, created := c[1], c[7], fromMillis(c[9]).required().before(s.since.tokens)
	var memory [20]byte
	if device != nil {
		r.part(sessions, device).bytes(device).bytes(c[2]).bytes(c[3]).bytes(c[4]).time(fromMillis(c[5])).bytes(inet(c[6], memory[:0])).
			null().null().null().state(idRight)
	} else {
		r.part(deviceless, token).null().null().null().flag(false).null().null().null().null().time(created).state(idRight)
	}
	if token != nil {
		r.part(accessTokens, token).bytes(device).bytes(token).time(created).time(fromMillis(c[8])).state(idRight)
	}
	if refresh := c[10]; refresh != nil {
		r.part(refreshTokens, refresh).bytes(device).bytes(refresh).bytes(token).time(created).null().flag(true).state(idRight)
	}
	return true
}

func isTrue(value []byte) bool { return len(value) == 1 && value[0] == 1 }

// inet is the binary form of an address in PostgreSQL; nil for what is none. A zone,
// which MAS cannot store, makes it none.
func inet(text, memory []byte) []byte {
	if text == nil {
		return nil
	}
	address, err := netip.ParseAddr(string(text))
	switch {
	case err != nil || address.Zone() != "":
		return nil
	case address.Is4():
		four := address.As4()
		return append(append(memory, 2, 32, 0, 4), four[:]...)
	}
	sixteen := address.As16()
	return append(append(memory, 3, 128, 0, 16), sixteen[:]...)
}

// isBcrypt says whether MAS can check a hash under its bcrypt scheme.
func isBcrypt(hash []byte) bool {
	h := string(hash)
	if len(h) != 60 || h[0] != '$' || h[1] != '2' || !strings.Contains("abxy", h[2:3]) || h[3] != '$' || h[6] != '$' {
		return false
	}
	for i := range h {
		digit := h[i] >= '0' && h[i] <= '9'
		switch {
		case (i == 4 || i == 5) && !digit:
			return false
		case i > 6 && !digit && h[i] != '.' && h[i] != '/' && (h[i]|0x20 < 'a' || h[i]|0x20 > 'z'):
			return false
		}
	}
	return true
}
