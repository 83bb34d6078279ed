package keycloak

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// maxSkew is the life of a logout token in Keycloak: with clocks that far apart, MAS
// takes every one for expired.
const maxSkew = 2 * time.Minute

// measureSkew says how far the server's clock is ahead, by when it says to have
// issued a token. Keycloak's answers have no Date header.
func measureSkew(access maskit.Secret, before, after time.Time) (time.Duration, bool) {
	parts := strings.Split(access.Reveal(), ".")
	if len(parts) != 3 {
		return 0, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		IssuedAt int64 `json:"iat"`
	}
	if err != nil || json.Unmarshal(raw, &claims) != nil || claims.IssuedAt == 0 {
		return 0, false
	}
	issued := time.Unix(claims.IssuedAt, 0)
	switch {
	case issued.Before(before.Truncate(time.Second)):
		return issued.Sub(before).Round(time.Second), true
	case issued.After(after):
		return issued.Sub(after).Round(time.Second), true
	}
	return 0, true
}

// skewProblems judges the clock of the server by the last login.
func (t *tokens) skewProblems() maskit.Problems {
	t.mu.Lock()
	defer t.mu.Unlock()
	const path = "clock"
	switch skew := t.current.skew.Abs(); {
	case !t.current.skewKnown:
		return maskit.Problems{{Path: path, Code: "clock-not-checked", Severity: maskit.SeveritySkip, Message: "the token does not say when it was issued"}}
	case skew >= maxSkew:
		return maskit.Problems{{Path: path, Code: "clock-skew", Message: fmt.Sprintf("the clocks of Keycloak and this machine are %s apart: logout tokens live for two minutes", skew), Hint: "synchronise the clocks"}}
	case skew >= maxSkew/4:
		return maskit.Problems{{Path: path, Code: "clock-skew", Severity: maskit.SeverityWarning, Message: fmt.Sprintf("the clocks of Keycloak and this machine are %s apart", skew), Hint: "synchronise the clocks"}}
	}
	return nil
}
