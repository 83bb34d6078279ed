package migratetest

import (
	"encoding/base64"
	"iter"
)

// deviceTotals is how many rows of devices each user has.
func (p *population) deviceTotals() []uint8 {
	totals := make([]uint8, p.Users)
	for i := range totals {
		totals[i] = uint8(p.profile(i).deviceRows()) //nolint:gosec // At most maxDevices and three.
	}
	return totals
}

// devicesScattered visits first one device of each user, then a second one, and so
// on, each time in another order: a user's devices lie far apart, as they do when
// people log in over the years.
func (p *population) devicesScattered(totals []uint8, visit func(i, device int, yield func([]any) bool) bool) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for device := range maxDevices + hiddenDevices {
			order := newShuffle(p.Users, p.Seed+2+uint64(device))
			for k := range p.Users {
				i := order.at(k)
				if device < int(totals[i]) && !visit(i, device, yield) {
					return
				}
			}
		}
	}
}

func (p *population) devices(totals []uint8) table {
	return table{
		name: "devices", columns: []string{"user_id", "device_id", "display_name", "last_seen", "ip", "user_agent", "hidden"},
		rows: p.devicesScattered(totals, func(i, device int, yield func([]any) bool) bool {
			return yield(p.deviceRow(i, device))
		}),
	}
}

func (p *population) deviceRow(i, device int) []any {
	u, d := p.profile(i), p.dice(topicDevice, i, device)
	switch {
	case u.kind == guest:
		return []any{p.userID(u, i), guestDevice, nil, p.since(d, i), address(d), userAgent(d), false}
	case device >= u.devices:
		return []any{p.userID(u, i), p.hiddenDeviceID(i, device), "master signing key", nil, nil, nil, true}
	}
	id := letters(d, upperCase, 10)
	if d.Float64() < 0.05 { // Never used.
		return []any{p.userID(u, i), id, displayName(d), nil, nil, nil, false}
	}
	return []any{p.userID(u, i), id, displayName(d), p.since(d, i), address(d), userAgent(d), false}
}

// guestDevice is the name of every device of every guest.
const guestDevice = "guest_device"

// hiddenDeviceID is a public key.
func (p *population) hiddenDeviceID(i, device int) string {
	d := p.dice(topicExtra, i, 2+device)
	key := make([]byte, 32)
	for n := range key {
		key[n] = byte(d.IntN(256)) //nolint:gosec // Below 256.
	}
	return base64.RawStdEncoding.EncodeToString(key)
}

// deviceID is the name of a real device.
func (p *population) deviceID(i, device int) string {
	return letters(p.dice(topicDevice, i, device), upperCase, 10)
}
