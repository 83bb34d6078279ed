package keycloaktest

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// passwordRule is one part of a password policy: a name and an argument.
type passwordRule struct {
	name, argument string
	// exact says that a user name in other letters is another word.
	exact bool
}

func passwordRules(policy string) []passwordRule {
	var rules []passwordRule
	for part := range strings.SplitSeq(policy, " and ") {
		name, argument, _ := strings.Cut(strings.TrimSpace(part), "(")
		if name != "" {
			rules = append(rules, passwordRule{name: name, argument: strings.TrimSuffix(argument, ")")})
		}
	}
	return rules
}

// checkPolicy says why Keycloak refuses a policy; "" if it does not.
func checkPolicy(policy string) string {
	for _, rule := range passwordRules(policy) {
		switch rule.name {
		case "length", "maxLength", "digits", "upperCase", "lowerCase", "specialChars", "passwordHistory", "forceExpiredPasswordChange", "hashIterations", "maxAuthAge", "passwordAge":
			if _, err := strconv.Atoi(rule.argument); err != nil && rule.argument != "" && rule.argument != "undefined" {
				return "Invalid config for " + rule.name + ": Not a valid number"
			}
		case "notUsername", "notEmail", "regexPattern", "hashAlgorithm", "passwordBlacklist", "notContainsUsername", "recoveryCodesWarningThreshold":
		default:
			return "Password policy not found"
		}
	}
	return ""
}

// checkPassword compares a password with the policy of the realm.
func (c *call) checkPassword(u *user, password string) answer {
	for _, rule := range passwordRules(str(c.realm.doc, "passwordPolicy")) {
		rule.exact = c.options.Version == V260
		if key, description := rule.refuses(u, password); key != "" {
			return refuseWhy(http.StatusBadRequest, key, "Invalid password: "+description+".")
		}
	}
	return noContent()
}

// refuses says how the rule is broken; "" if it is not.
func (p passwordRule) refuses(u *user, password string) (key, description string) {
	switch length := len([]rune(password)); {
	case p.name == "length" && length < p.number(8):
		return "invalidPasswordMinLengthMessage", fmt.Sprintf("minimum length %d", p.number(8))
	case p.name == "maxLength" && length > p.number(64):
		return "invalidPasswordMaxLengthMessage", fmt.Sprintf("maximum length %d", p.number(64))
	case p.name == "notUsername" && (password == u.name() || !p.exact && strings.EqualFold(password, u.name())):
		return "invalidPasswordNotUsernameMessage", "must not be equal to the username"
	case p.name == "notEmail" && password != "" && strings.EqualFold(password, str(u.doc, "email")):
		return "invalidPasswordNotEmailMessage", "must not be equal to the email"
	case p.name == "regexPattern" && !p.fits(password):
		return "invalidPasswordRegexPatternMessage", "fails to match regex pattern(s)"
	case p.name == historyPolicy && u.used(password, p.number(3)):
		return "invalidPasswordHistoryMessage", fmt.Sprintf("must not be equal to any of last %d passwords", p.number(3))
	}
	return p.lacks(password)
}

const historyPolicy = "passwordHistory"

// lacks counts kinds of characters.
func (p passwordRule) lacks(password string) (key, description string) {
	for _, kind := range []struct {
		policy, key, name string
		is                func(rune) bool
	}{
		{"digits", "Digits", "numerical digits", unicode.IsDigit},
		{"upperCase", "UpperCaseChars", "upper case characters", unicode.IsUpper},
		{"lowerCase", "LowerCaseChars", "lower case characters", unicode.IsLower},
		{"specialChars", "SpecialChars", "special characters", func(char rune) bool { return !unicode.IsLetter(char) && !unicode.IsDigit(char) }},
	} {
		wanted, have := p.number(1), 0
		for _, char := range password {
			if kind.is(char) {
				have++
			}
		}
		if p.name == kind.policy && have < wanted {
			return "invalidPasswordMin" + kind.key + "Message", fmt.Sprintf("must contain at least %d %s", wanted, kind.name)
		}
	}
	return "", ""
}

// number is the argument of a rule, or a default.
func (p passwordRule) number(standard int) int {
	if n, err := strconv.Atoi(p.argument); err == nil {
		return n
	}
	return standard
}

// fits reports whether a password matches a pattern. One that Go does not know fits all.
func (p passwordRule) fits(password string) bool {
	pattern, err := regexp.Compile("^(?:" + p.argument + ")$")
	return err != nil || pattern.MatchString(password)
}

// history is how many former passwords the realm remembers.
func (r *realm) history() int {
	for _, rule := range passwordRules(str(r.doc, "passwordPolicy")) {
		if rule.name == historyPolicy {
			return rule.number(3) - 1
		}
	}
	return 0
}
