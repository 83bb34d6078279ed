package migratetest

import (
	"encoding/hex"
	"iter"
	"math/rand/v2"
	"strconv"
)

// The time between which everything happens, in seconds since 1970: 2016-01-01 and 2026-01-01.
const (
	opened = 1_451_606_400
	today  = 1_767_225_600
)

// created is when user i was registered, in seconds; later users later.
func (p *population) created(i int) int64 {
	return opened + int64(float64(today-opened)*float64(i)/float64(p.Users))
}

// since draws a time between the registration and today, in milliseconds.
func (p *population) since(d *rand.Rand, i int) int64 {
	created := p.created(i)
	return created*1000 + d.Int64N((today-created)*1000+1)
}

func (p *population) users() table {
	return table{
		name:    "users",
		columns: []string{"name", "password_hash", "creation_ts", "admin", "is_guest", "appservice_id", "deactivated", "locked"},
		rows: func(yield func([]any) bool) {
			for i := range p.Users {
				if !yield(p.userRow(i)) {
					return
				}
			}
		},
	}
}

func (p *population) userRow(i int) []any {
	u := p.profile(i)
	var hash, service any
	if u.password {
		hash = bcryptHash(p.dice(topicUser, i, 0))
	}
	if u.kind == appservice {
		service = "telegram"
	}
	return []any{
		p.userID(u, i), hash, p.created(i), smallint(u.admin), smallint(u.kind == guest), service, smallint(u.kind == deactivated), u.locked,
	}
}

// smallint is how Synapse keeps its older booleans.
func smallint(b bool) int16 {
	if b {
		return 1
	}
	return 0
}

func (p *population) threepids() table {
	return table{
		name: "user_threepids", columns: []string{"user_id", "medium", "address", "validated_at", "added_at"},
		rows: p.scattered(func(i int, u profile, yield func([]any) bool) bool {
			added := p.since(p.dice(topicExtra, i, 0), i)
			return (!u.email || yield([]any{p.userID(u, i), "email", p.localpart(u, i) + "@mail.example", added - 60_000, added})) &&
				(!u.phone || yield([]any{p.userID(u, i), "msisdn", "49151" + strconv.Itoa(10_000_000+i), added - 60_000, added}))
		}),
	}
}

func (p *population) externalIDs() table {
	return table{
		name: "user_external_ids", columns: []string{"auth_provider", "external_id", "user_id"},
		rows: p.scattered(func(i int, u profile, yield func([]any) bool) bool {
			if !u.link {
				return true
			}
			d := p.dice(topicExtra, i, 1)
			provider := Keycloak().SynapseID
			if d.Float64() < 0.2 {
				provider = GitLab().SynapseID
			}
			return yield([]any{provider, subject(d), p.userID(u, i)})
		}),
	}
}

// subject is a UUID, as most identity providers have.
func subject(d *rand.Rand) string {
	var id [16]byte
	for i := range id {
		id[i] = byte(d.IntN(256)) //nolint:gosec // Below 256.
	}
	text := hex.EncodeToString(id[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// scattered visits the users in another order than that of their registration.
func (p *population) scattered(visit func(i int, u profile, yield func([]any) bool) bool) iter.Seq[[]any] {
	order := newShuffle(p.Users, p.Seed+1)
	return func(yield func([]any) bool) {
		for k := range p.Users {
			if i := order.at(k); !visit(i, p.profile(i), yield) {
				return
			}
		}
	}
}
