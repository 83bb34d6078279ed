package keycloaktest

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what one-time codes are made of
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

const (
	actionTOTP     = "CONFIGURE_TOTP"
	actionPassword = "UPDATE_PASSWORD"
	actionProfile  = "UPDATE_PROFILE"
	actionVerify   = "VERIFY_PROFILE"
)

// asked are the required actions that may be answered now.
func (l *attempt) asked() []string {
	if l.user == nil {
		return nil
	}
	names := append(slices.Clone(l.pending), actionVerify)
	for _, action := range l.user.actions {
		if name, isText := action.(string); isText {
			names = append(names, name)
		}
	}
	return names
}

// askAction shows the form of the next required action, if there is one.
func (c *call) askAction(l *attempt) (answer, bool) {
	names := slices.DeleteFunc(l.asked(), func(name string) bool { return name == actionVerify })
	if c.realm.incomplete(l.user) {
		names = append(names, actionVerify)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !c.realm.asks(name) })
	if len(names) == 0 {
		return answer{}, false
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(c.realm.priority(a), c.realm.priority(b)) })
	switch names[0] {
	case actionTOTP:
		if l.otpSecret == "" {
			l.otpSecret = c.pick(alphanumeric, 20)
		}
		return c.show(l, c.totpForm(l), actionTOTP), true
	case actionPassword:
		return c.show(l, passwordForm(), actionPassword), true
	case actionVerify, actionProfile:
		return c.show(l, profileForm(), names[0]), true
	}
	return notServed("the required action " + names[0]), true
}

// priority is the place of a required action among others.
func (r *realm) priority(action string) int64 { return num(r.actions[r.action(action)], "priority") }

func (c *call) totpForm(l *attempt) form {
	return form{
		id: "kc-totp-settings-form", title: "Mobile Authenticator Setup", beside: "otp-code",
		fields: []string{"totp", "userLabel", "totpSecret=" + l.otpSecret, fieldEndOthers + "=on"},
	}
}

func passwordForm() form {
	return form{id: "kc-passwd-update-form", title: "Update password", fields: []string{"password-new", "password-confirm", fieldEndOthers + "=on"}, beside: "password"}
}

// fieldEndOthers is a box by which a user ends the sessions in other browsers.
const fieldEndOthers = "logout-sessions"

// othersToEnd are the sessions that the user asks to end.
func (c *call) othersToEnd(l *attempt) []*session {
	if c.field(fieldEndOthers) == "" {
		return nil
	}
	here := c.browserSession()
	return slices.DeleteFunc(c.realm.ofUser(l.user, c.now()), func(s *session) bool { return s == here })
}

func profileForm() form {
	return form{id: "kc-update-profile-form", title: "Update Account Information", fields: []string{"email", "firstName", "lastName"}, beside: "email"}
}

// fulfil looks at the answer to a required action.
func (c *call) fulfil(l *attempt, name string) (answer, bool) {
	switch name {
	case actionTOTP:
		if c.field("totpSecret") != l.otpSecret || l.otpSecret == "" || !matches(l.otpSecret, c.field("totp"), c.now()) {
			return c.show(l, c.totpForm(l).complain("Invalid authenticator code."), name), false
		}
		l.user.credentials = append(l.user.credentials, &credential{
			id: c.uuid(), kind: kindOTP, label: c.field("userLabel"), made: c.millis(), secret: maskit.NewSecret(l.otpSecret), usedStep: step(c.now()),
		})
	case actionPassword:
		password := c.field("password-new")
		if password == "" || password != c.field("password-confirm") {
			return c.show(l, passwordForm().complain("Passwords don't match."), name), false
		}
		if a := c.checkPassword(l.user, password); a.failed() {
			return c.show(l, passwordForm().complain("Invalid password."), name), false
		}
		l.user.replacePassword(c.passwordCredential(password), c.realm.history())
	case actionVerify, actionProfile:
		c.fillProfile(l.user)
		if c.realm.incomplete(l.user) {
			return c.show(l, profileForm().complain("Please specify this field."), name), false
		}
	}
	l.pending = slices.DeleteFunc(l.pending, func(other string) bool { return other == name })
	l.user.actions = slices.DeleteFunc(l.user.actions, func(other any) bool { return other == name })
	return answer{}, true
}

func (c *call) fillProfile(u *user) {
	if mail := strings.ToLower(strings.TrimSpace(c.field("email"))); mail != "" && c.realm.mails[mail] == nil {
		delete(c.realm.mails, str(u.doc, "email"))
		u.doc["email"] = mail
	}
	for _, key := range []string{"firstName", "lastName"} {
		if value := c.field(key); value != "" {
			u.doc[key] = value
		}
	}
	c.realm.keep(u)
}

// period is for how long a one-time code is the one of the moment.
const period = 30

func step(now time.Time) int64 { return now.Unix() / period }

// oneTimeCode is the code of a step (RFC 6238), whose key is the secret as it is.
func oneTimeCode(secret string, at int64) string {
	mac := hmac.New(sha1.New, []byte(secret))
	_ = binary.Write(mac, binary.BigEndian, at) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// matches accepts the code of this step and of its neighbours.
func matches(secret, code string, now time.Time) bool { return matchingStep(secret, code, now) != 0 }

func matchingStep(secret, code string, now time.Time) int64 {
	for at := step(now) - 1; at <= step(now)+1; at++ {
		if oneTimeCode(secret, at) == code {
			return at
		}
	}
	return 0
}

// checkCode takes each code once, unless the realm allows otherwise.
func (c *call) checkCode(u *user, code string) bool {
	for _, held := range u.credentials {
		if held.kind != kindOTP {
			continue
		}
		at := matchingStep(held.secret.Reveal(), code, c.now())
		if at == 0 || at <= held.usedStep && !is(c.realm.doc, "otpPolicyCodeReusable") {
			continue
		}
		held.usedStep = at
		return true
	}
	return false
}
