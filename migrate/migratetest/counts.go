package migratetest

// Counts says how many rows there are of each table: Synapse's before a migration, and
// MAS's after it.
type Counts struct {
	Synapse map[string]int64
	MAS     map[string]int64
}

// Count computes what [Generate] makes, without a database.
func Count(spec Spec) Counts {
	p := newPopulation(spec)
	c := Counts{Synapse: map[string]int64{}, MAS: map[string]int64{}}
	for i := range p.Users {
		p.count(i, &c)
	}
	return c
}

func (p *population) count(i int, c *Counts) {
	u := p.profile(i)
	c.Synapse["users"]++
	c.Synapse["devices"] += int64(u.deviceRows())
	if u.kind == appservice {
		return
	}
	c.MAS["users"]++
	add := func(when bool, synapse, mas string) {
		if when {
			c.Synapse[synapse]++
			c.MAS[mas]++
		}
	}
	if u.password {
		c.MAS["user_passwords"]++
	}
	add(u.email, "user_threepids", "user_emails")
	add(u.phone, "user_threepids", "user_unsupported_third_party_ids")
	add(u.link, "user_external_ids", "upstream_oauth_links")
	add(u.deviceless, "access_tokens", "compat_access_tokens")
	if u.deviceless {
		c.MAS["compat_sessions"]++
	}
	if u.puppet {
		c.Synapse["access_tokens"]++
	}
	c.MAS["compat_sessions"] += int64(u.devices)
	for device := range u.devices {
		p.tokens(u, i, device).count(c)
	}
}

func (t tokens) count(c *Counts) {
	c.Synapse["access_tokens"] += int64(t.access)
	c.MAS["compat_access_tokens"] += int64(t.access)
	if !t.refresh {
		return
	}
	pairs, moved := int64(1), int64(1)
	if t.previous {
		pairs = 2
		if !t.used {
			moved = 2
		}
	}
	c.Synapse["access_tokens"] += pairs
	c.Synapse["refresh_tokens"] += pairs
	c.MAS["compat_access_tokens"] += moved
	c.MAS["compat_refresh_tokens"] += moved
}
