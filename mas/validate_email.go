package mas

import (
	"net/mail"
	"strings"
)

// email checks the section email: configuration reference of MAS 1.22, "email".
func (c *checker) email() {
	const at place = "email"
	e := c.config.Email
	if e == nil {
		return
	}
	c.mailbox(at.key("from"), e.From)
	c.mailbox(at.key("reply_to"), e.ReplyTo)
	switch e.Transport {
	case "":
		c.required(at.key("transport"), "one of smtp, sendmail and blackhole")
	case EmailSMTP:
		c.smtp(at, e)
	case EmailSendmail:
		c.sendmail(at, e)
	case EmailBlackhole:
		for _, f := range e.transportFields() {
			c.noEffect(at.key(f), "the transport is blackhole")
		}
	}
	if c.sendsMail() && e.From == "" {
		c.warn(at.key("from"), "sender-default", "is missing, so mail comes from root@localhost", "name an address that your mail server lets MAS send from")
	}
}

// mailbox checks an RFC 5322 mailbox. A wrong one stops every MAS process that
// runs the worker.
func (c *checker) mailbox(at place, text string) {
	if text == "" {
		return
	}
	if _, err := mail.ParseAddress(text); err != nil {
		c.fail(at, "mailbox-invalid", "is not one mailbox", `such as "Example accounts" <noreply@example.com>`)
	}
}

// transportFields are the keys that are set and belong to smtp or sendmail.
func (e *Email) transportFields() []string {
	var set []string
	for _, f := range []struct {
		key string
		set bool
	}{
		{"mode", e.Mode != ""},
		{"hostname", e.Hostname != ""},
		{"port", e.Port != 0},
		{"username", e.Username != ""},
		{"password", !e.Password.Inline.IsZero()},
		{"password_file", e.Password.File != ""},
		{"command", e.Command != ""},
	} {
		if f.set {
			set = append(set, f.key)
		}
	}
	return set
}

func (c *checker) smtp(at place, e *Email) {
	if e.Mode == "" {
		c.required(at.key("mode"), "one of tls, starttls and plain")
	}
	switch {
	case e.Hostname == "":
		c.required(at.key("hostname"), "the SMTP server")
	case strings.ContainsAny(e.Hostname, ":/@ "):
		c.fail(at.key("hostname"), "host-invalid", "is more than a host name", "write the name alone, and the port in port")
	}
	switch {
	case e.Username != "" && e.Password.IsZero():
		c.required(at.key("password"), "set it beside username, or drop username")
	case e.Username == "" && !e.Password.IsZero():
		c.required(at.key("username"), "set it beside password, or drop password")
	}
	if e.Mode == SMTPPlain && e.Username != "" && !isLoopback(e.Hostname) {
		c.warn(at.key("mode"), "plain-password", "sends the password in the clear", "use starttls or tls")
	}
	if e.Command != "" {
		c.misplaced(at.key("command"), "with the transport smtp")
	}
}

func (c *checker) sendmail(at place, e *Email) {
	if e.Command == "" {
		c.required(at.key("command"), "the sendmail program")
	} else if strings.HasPrefix(e.Command, "/") {
		c.stat(at.key("command"), e.Command)
	}
	for _, f := range e.transportFields() {
		if f != "command" {
			c.misplaced(at.key(f), "with the transport sendmail")
		}
	}
}
