package migratetest

import "math/rand/v2"

// refreshID is the key of the refresh token of a device, or of the one before it.
func refreshID(i, device int, previous bool) int64 {
	id := 2 * (int64(i)*maxDevices + int64(device))
	if previous {
		return id + 1
	}
	return id + 2
}

func (p *population) refreshTokens(totals []uint8) table {
	return table{
		name: "refresh_tokens", columns: []string{"id", "user_id", "device_id", "token", "next_token_id"},
		rows: p.devicesScattered(totals, func(i, device int, yield func([]any) bool) bool {
			u := p.profile(i)
			if device >= u.devices {
				return true
			}
			t := p.tokens(u, i, device)
			if !t.refresh {
				return true
			}
			d := p.dice(topicExtra, i, 100+device)
			newest := p.refreshRow(d, i, device, false)
			return yield(newest) && (!t.previous || yield(p.refreshRow(d, i, device, true)))
		}),
	}
}

func (p *population) refreshRow(d *rand.Rand, i, device int, previous bool) []any {
	u := p.profile(i)
	var next any
	if previous {
		next = refreshID(i, device, false)
	}
	return []any{refreshID(i, device, previous), p.userID(u, i), p.deviceID(i, device), refreshToken(d, p.localpart(u, i)), next}
}

func (p *population) accessTokens(totals []uint8) table {
	return table{
		name:    "access_tokens",
		columns: []string{"id", "user_id", "device_id", "token", "valid_until_ms", "puppets_user_id", "last_validated", "refresh_token_id", "used"},
		rows: func(yield func([]any) bool) {
			id := int64(0)
			numbered := func(row []any) bool {
				id++
				row[0] = id
				return yield(row)
			}
			p.devicesScattered(totals, p.deviceTokens)(numbered)
			p.scattered(p.otherTokens)(numbered)
		},
	}
}

// deviceTokens are the access tokens of a device; the first column is left to the caller.
func (p *population) deviceTokens(i, device int, yield func([]any) bool) bool {
	u := p.profile(i)
	if device >= u.devices {
		return true
	}
	t := p.tokens(u, i, device)
	d := p.dice(topicExtra, i, 200+device)
	row := func(refresh, used any) []any {
		row := p.tokenRow(d, i, u)
		row[2], row[7], row[8] = p.deviceID(i, device), refresh, used
		if refresh != nil {
			row[4] = p.since(d, i) + 3_600_000
		}
		return row
	}
	for range t.access {
		if !yield(row(nil, true)) {
			return false
		}
	}
	if t.previous && !yield(row(refreshID(i, device, true), true)) {
		return false
	}
	return !t.refresh || yield(row(refreshID(i, device, false), !t.previous || t.used))
}

// otherTokens are those that have no device.
func (p *population) otherTokens(i int, u profile, yield func([]any) bool) bool {
	d := p.dice(topicExtra, i, 300)
	if u.deviceless && !yield(p.tokenRow(d, i, u)) {
		return false
	}
	if !u.puppet {
		return true
	}
	row := p.tokenRow(d, i, u)
	row[5] = row[1]
	return yield(row)
}

// tokenRow is a token without device and number. Three in ten are from before Synapse
// noted when a token was made.
func (p *population) tokenRow(d *rand.Rand, i int, u profile) []any {
	var validated any
	if at := p.since(d, i); d.Float64() < 0.7 {
		validated = at
	}
	return []any{nil, p.userID(u, i), nil, accessToken(d, p.localpart(u, i)), nil, nil, validated, nil, true}
}
