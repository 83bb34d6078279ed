package keycloak

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// PasswordPolicy is what passwords must be like. With any of its settings the policy
// of the realm is managed whole: what is not set here is not demanded.
type PasswordPolicy struct {
	// None demands nothing at all.
	None bool `yaml:"none"`
	// MinLength and MaxLength bound the number of characters.
	MinLength int `yaml:"min_length"`
	MaxLength int `yaml:"max_length"`
	// UpperCase, LowerCase, Digits and Special are how many of each there must be.
	UpperCase int `yaml:"upper_case"`
	LowerCase int `yaml:"lower_case"`
	Digits    int `yaml:"digits"`
	Special   int `yaml:"special"`
	// NotUsername and NotEmail refuse these as passwords.
	NotUsername bool `yaml:"not_username"`
	NotEmail    bool `yaml:"not_email"`
	// History is how many former passwords may not be used again.
	History int `yaml:"history"`
	// ExpireDays makes people change their password.
	ExpireDays int `yaml:"expire_days"`
	// Other are further policies as Keycloak writes them: regexPattern([a-z]+).
	Other []string `yaml:"other"`
}

func (p PasswordPolicy) isZero() bool { return !p.None && p.String() == "" }

func (p PasswordPolicy) validate() maskit.Problems {
	var ps maskit.Problems
	if p.None && p.String() != "" {
		ps = append(ps, maskit.Problem{Path: "none", Code: "contradiction", Message: "demands nothing beside demands", Hint: "remove one of them"})
	}
	if p.MaxLength > 0 && p.MaxLength < p.MinLength {
		ps = append(ps, maskit.Problem{Path: "max_length", Code: "contradiction", Message: "is less than min_length", Hint: "raise it"})
	}
	for i, other := range p.Other {
		if !isPolicy(other) {
			ps = append(ps, maskit.Problem{Path: fmt.Sprintf("other[%d]", i), Code: "policy-syntax", Message: "is not a policy as Keycloak writes it", Hint: "such as regexPattern([a-z]+)"})
		}
	}
	for _, n := range p.numbers() {
		if n.value < 0 {
			ps = append(ps, maskit.Problem{Path: n.key, Code: "negative", Message: "is negative"})
		}
	}
	return ps
}

// isPolicy reports whether text is one policy as Keycloak writes it: a name and an
// argument in parentheses.
func isPolicy(text string) bool {
	name, argument, ok := strings.Cut(text, "(")
	isName := strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
	return ok && name != "" && isName && strings.HasSuffix(argument, ")") && !strings.Contains(text, " and ")
}

type policyNumber struct {
	key, policy string
	value       int
}

func (p PasswordPolicy) numbers() []policyNumber {
	return []policyNumber{
		{"min_length", "length", p.MinLength},
		{"max_length", "maxLength", p.MaxLength},
		{"upper_case", "upperCase", p.UpperCase},
		{"lower_case", "lowerCase", p.LowerCase},
		{"digits", "digits", p.Digits},
		{"special", "specialChars", p.Special},
		{"history", "passwordHistory", p.History},
		{"expire_days", "forceExpiredPasswordChange", p.ExpireDays},
	}
}

// String returns the policy as Keycloak writes it; empty if nothing is demanded.
func (p PasswordPolicy) String() string {
	var parts []string
	for _, n := range p.numbers() {
		if n.value != 0 {
			parts = append(parts, fmt.Sprintf("%s(%d)", n.policy, n.value))
		}
	}
	if p.NotUsername {
		parts = append(parts, "notUsername(undefined)")
	}
	if p.NotEmail {
		parts = append(parts, "notEmail(undefined)")
	}
	return strings.Join(append(parts, p.Other...), " and ")
}

func (p PasswordPolicy) fields() []field {
	if p.isZero() {
		return nil
	}
	return []field{{path: []string{"passwordPolicy"}, want: p.String(), same: samePolicy}}
}

// policyParts splits a policy as Keycloak writes it. The order of the parts and an
// argument that is not there mean nothing.
func policyParts(policy string) []string {
	var parts []string
	for part := range strings.SplitSeq(policy, " and ") {
		part = strings.TrimSuffix(strings.TrimSpace(part), "(undefined)")
		if part = strings.TrimSuffix(part, "()"); part != "" {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	return parts
}

func samePolicy(have, want any) bool {
	a, _ := have.(string)
	b, _ := want.(string)
	return slices.Equal(policyParts(a), policyParts(b))
}

// parsePasswordPolicy reads a policy as Keycloak writes it.
func parsePasswordPolicy(text string) PasswordPolicy {
	p := PasswordPolicy{None: len(policyParts(text)) == 0}
	for _, part := range policyParts(text) {
		p.add(part)
	}
	return p
}

func (p *PasswordPolicy) add(part string) {
	name, argument, _ := strings.Cut(part, "(")
	argument, closed := strings.CutSuffix(argument, ")")
	number, err := strconv.Atoi(argument)
	places := map[string]*int{
		"length": &p.MinLength, "maxLength": &p.MaxLength, "upperCase": &p.UpperCase, "lowerCase": &p.LowerCase,
		"digits": &p.Digits, "specialChars": &p.Special, "passwordHistory": &p.History, "forceExpiredPasswordChange": &p.ExpireDays,
	}
	switch place := places[name]; {
	case part == "notUsername":
		p.NotUsername = true
	case part == "notEmail":
		p.NotEmail = true
	case place != nil && *place == 0 && closed && err == nil && number > 0 && strconv.Itoa(number) == argument:
		*place = number
	case part == name:
		p.Other = append(p.Other, name+"(undefined)")
	default:
		p.Other = append(p.Other, part)
	}
}
