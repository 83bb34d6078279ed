package mas

import (
	"fmt"
	"strings"
)

// The bounds of bcrypt's cost and of the zxcvbn score.
const (
	minBcryptCost = 4
	maxBcryptCost = 31
	maxComplexity = 4
)

// passwords checks the section passwords: configuration reference of MAS 1.22,
// "passwords". MAS looks at none of it while passwords are off.
func (c *checker) passwords() {
	const at place = "passwords"
	p := c.config.Passwords
	if !c.passwordsEnabled() || p == nil {
		return
	}
	if p.MinimumComplexity.Or(0) > maxComplexity {
		c.fail(at.key("minimum_complexity"), "out-of-range", "is greater than 4, the best score that there is, so no password is good enough", "use 0 to 4; 3 is the default")
	}
	if p.Schemes != nil && len(p.Schemes) == 0 {
		c.requiredItems(at.key("schemes"), false, "name a scheme, or remove the key for version 1 = argon2id")
	}
	versions := map[uint16]bool{}
	for i, s := range p.Schemes {
		here := at.key("schemes").at(i)
		if s.Version != 0 && versions[s.Version] {
			c.fail(here.key("version"), "duplicate", fmt.Sprintf("is %d a second time", s.Version), "give every scheme a version of its own, the newest the highest")
		}
		versions[s.Version] = true
		c.scheme(here, s)
	}
}

func (c *checker) passwordsEnabled() bool {
	p := c.config.Passwords
	return p == nil || p.Enabled.Or(true)
}

func (c *checker) scheme(at place, s PasswordScheme) {
	if s.Version == 0 {
		c.required(at.key("version"), "a number from 1 on that no other scheme has")
	}
	if s.Algorithm == "" {
		c.required(at.key("algorithm"), "argon2id, bcrypt or pbkdf2")
	}
	if s.Cost.Valid && s.Algorithm != Bcrypt {
		c.misplaced(at.key("cost"), "here: it belongs to bcrypt")
	} else if s.Cost.Valid && (s.Cost.V < minBcryptCost || s.Cost.V > maxBcryptCost) {
		c.fail(at.key("cost"), "out-of-range", "is not from 4 to 31", "remove it for the default of 12")
	}
	pepper, ok := c.value(at.key("secret"))
	if ok && s.Secret.File != "" && strings.HasSuffix(pepper.value.Reveal(), "\n") {
		c.warn(pepper.at, "file-newline", "ends in a newline, which MAS takes for a part of the pepper",
			"write the file without a final newline, unless passwords have been hashed with it")
	}
}
