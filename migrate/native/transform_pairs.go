package native

import "bytes"

// pairs finds which access token belongs to which refresh token, and which of the
// pairs are alive: those whose successor was not used. Synapse keeps a pair until then,
// so a device may have two.
type pairs struct {
	// byRefresh finds the access token that came with a refresh token.
	byRefresh map[int64]companion
	// refreshOf is the refresh token of each access token: its index, or one of these.
	refreshOf []int
	paired    []bool
}

const (
	noPair  = -1
	skipped = -2
)

// companion is an access token that came with a refresh token.
type companion struct {
	access int
	used   bool
}

// match pairs the tokens of a user.
func (p *pairs) match(u *user) {
	p.refreshOf = p.refreshOf[:0]
	for range u.access {
		p.refreshOf = append(p.refreshOf, noPair)
	}
	p.paired = p.paired[:0]
	if len(u.refresh) == 0 {
		return
	}
	p.index(u)
	for i := range u.refresh {
		p.paired = append(p.paired, p.alive(u, i))
	}
}

func (p *pairs) index(u *user) {
	if p.byRefresh == nil {
		p.byRefresh = map[int64]companion{}
	}
	if len(p.byRefresh) > 0 {
		clear(p.byRefresh)
	}
	for i := range u.access {
		token := &u.access[i]
		if !token.refresh.valid {
			continue
		}
		// Synapse makes one of each. If a hand has made more, the choice must not depend
		// on the order of rows, and one that was not used keeps the predecessor alive.
		mine := companion{i, token.used}
		if other, twice := p.byRefresh[token.refresh.value]; twice {
			mine.used = mine.used && other.used
			if bytes.Compare(u.access[other.access].token, token.token) < 0 {
				mine.access = other.access
			}
		}
		p.byRefresh[token.refresh.value] = mine
	}
}

// alive pairs a refresh token if its pair is to be moved.
func (p *pairs) alive(u *user, i int) bool {
	token := &u.refresh[i]
	mine, found := p.byRefresh[token.id]
	if !found || u.access[mine.access].device == nil || !bytes.Equal(u.access[mine.access].device, token.device) {
		return false
	}
	if token.next.valid {
		if next, found := p.byRefresh[token.next.value]; found && next.used {
			return false
		}
	}
	p.refreshOf[mine.access] = i
	return true
}

// of returns the refresh token of an access token, or a negative number.
func (p *pairs) of(access int) int { return p.refreshOf[access] }

// drop leaves out an access token, and with it the pair.
func (p *pairs) drop(access int) {
	if refresh := p.refreshOf[access]; refresh >= 0 {
		p.paired[refresh] = false
	}
	p.refreshOf[access] = skipped
}

func (p *pairs) dropped(access int) bool { return p.refreshOf[access] == skipped }

// made says whether a refresh token was moved.
func (p *pairs) made(refresh int) bool { return p.paired[refresh] }
