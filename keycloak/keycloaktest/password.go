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
type passwordRule struct{ name, argument string }

func passwordRules(policy string) []passwordRule {
	var rules []passwordRule
	for part := range strings.SplitSeq(policy, " and ") {
		name, argument, _ := strings.Cut(strings.TrimSpace(part), "(")
		if name != "" {
			rules = append(rules, passwordRule{name, strings.TrimSuffix(argument, ")")})
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
func (r *realm) checkPassword(u *user, password string) answer {
	for _, rule := range passwordRules(str(r.doc, "passwordPolicy")) {
		if key, description := rule.refuses(u, password); key != "" {
			return refuseWhy(http.StatusBadRequest, key, "Invalid password: "+description+".")
		}
	}
	return noContent()
}

func (p passwordRule) refuses(u *user, password string) (key, description string) {
	count := func(standard int, is func(rune) bool) bool {
		n, err := strconv.Atoi(p.argument)
		if err != nil {
			n = standard
		}
		for _, char := range password {
			if is(char) {
				n--
			}
		}
		return n > 0
	}
	all := func(rune) bool { return true }
	switch p.name {
	case "length":
		if count(8, all) {
			return "invalidPasswordMinLengthMessage", fmt.Sprintf("minimum length %s", p.argument)
		}
	case "digits":
		if count(1, unicode.IsDigit) {
			return "invalidPasswordMinDigitsMessage", "must contain more digits"
		}
	case "upperCase":
		if count(1, unicode.IsUpper) {
			return "invalidPasswordMinUpperCaseCharsMessage", "must contain more upper case characters"
		}
	case "lowerCase":
		if count(1, unicode.IsLower) {
			return "invalidPasswordMinLowerCaseCharsMessage", "must contain more lower case characters"
		}
	case "specialChars":
		if count(1, func(char rune) bool { return !unicode.IsLetter(char) && !unicode.IsDigit(char) }) {
			return "invalidPasswordMinSpecialCharsMessage", "must contain more special characters"
		}
	case "notUsername":
		if strings.EqualFold(password, u.name()) {
			return "invalidPasswordNotUsernameMessage", "must not be equal to the username"
		}
	case "notEmail":
		if mail := str(u.doc, "email"); mail != "" && strings.EqualFold(password, mail) {
			return "invalidPasswordNotEmailMessage", "must not be equal to the email"
		}
	case "regexPattern":
		if pattern, err := regexp.Compile("^(?:" + p.argument + ")$"); err == nil && !pattern.MatchString(password) {
			return "invalidPasswordRegexPatternMessage", "fails to match regex pattern(s)"
		}
	case "passwordHistory":
		if u.used(password) {
			return "invalidPasswordHistoryMessage", "must not be equal to any of the last passwords"
		}
	}
	return "", ""
}
