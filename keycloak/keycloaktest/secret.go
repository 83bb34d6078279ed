package keycloaktest

import (
	"net/http"
	"strconv"
	"time"
)

// Attributes by which a client has two secrets for a while.
const (
	attrRotated        = "client.secret.rotated"
	attrRotatedExpires = "client.secret.rotated.expiration.time"
	attrSecretExpires  = "client.secret.expiration.time"
)

func showSecret(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	return ok(document{"type": "secret", "value": at.doc["secret"]})
}

// newSecret makes a new secret. The old one is dead at once, unless a policy rotates the
// secrets of the client.
func newSecret(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	former := at.doc["secret"]
	c.renewSecret(at)
	if rule := c.realm.rotation(at); rule != nil {
		at.attributes[attrRotated] = former
		at.attributes[attrRotatedExpires] = c.unixIn(num(rule, "rotated-expiration-period"))
		at.attributes[attrSecretExpires] = c.unixIn(num(rule, "expiration-period"))
	} else {
		dropRotated(at)
	}
	return ok(document{"type": "secret", "value": at.doc["secret"]})
}

func (c *call) unixIn(seconds int64) string {
	return strconv.FormatInt(c.now().Add(time.Duration(seconds)*time.Second).Unix(), 10)
}

func dropRotated(at *client) {
	delete(at.attributes, attrRotated)
	delete(at.attributes, attrRotatedExpires)
}

func showRotated(c *call) answer {
	at, a, found := c.client()
	switch {
	case !found:
		return a
	case str(at.attributes, attrRotated) == "":
		return refuse(http.StatusNotFound, "Client does not have a rotated secret")
	}
	return ok(document{"type": "secret", "value": at.attributes[attrRotated]})
}

func deleteRotated(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	dropRotated(at)
	return noContent()
}

// accepts reports whether a secret is one of the client's.
func (s *Server) accepts(at *client, secret string) bool {
	if at.doc["secret"] == secret && !s.past(str(at.attributes, attrSecretExpires)) {
		return true
	}
	rotated := str(at.attributes, attrRotated)
	return rotated != "" && rotated == secret && !s.past(str(at.attributes, attrRotatedExpires))
}

// past reports whether a time in seconds is over; no time is not.
func (s *Server) past(seconds string) bool {
	n, err := strconv.ParseInt(seconds, 10, 64)
	return err == nil && n > 0 && s.now().Unix() >= n
}
