package mas

// Email is the section email.
type Email struct {
	// From is the sender, an RFC 5322 mailbox. Default: "Authentication Service" <root@localhost>.
	From string `yaml:"from"`
	// ReplyTo is where answers go. Default: "Authentication Service" <root@localhost>.
	ReplyTo string `yaml:"reply_to"`
	// Transport is how mail leaves. Required when the section is present.
	Transport EmailTransport `yaml:"transport"`
	// Mode says how SMTP is encrypted. Required for smtp, forbidden otherwise.
	Mode SMTPMode `yaml:"mode" null:"absent"`
	// Hostname is the SMTP server. Required for smtp, forbidden otherwise.
	Hostname string `yaml:"hostname" null:"absent"`
	// Port is the SMTP port. Default: 25, 587 or 465, by mode.
	Port uint16 `yaml:"port" null:"absent"`
	// Username and Password log in to the SMTP server; both or neither.
	Username string `yaml:"username" null:"absent"`
	// Password goes with Username. MAS drops white space around the file's content.
	Password SecretValue `yaml:"password" file:"password_file" filesince:"1.22" trim:"space" null:"absent"`
	// Command is the sendmail program. Required for sendmail, forbidden otherwise.
	Command string `yaml:"command" null:"absent"`
}

// EmailTransport is how mail leaves MAS.
type EmailTransport string

// The transports.
const (
	EmailBlackhole EmailTransport = "blackhole"
	EmailSMTP      EmailTransport = "smtp"
	EmailSendmail  EmailTransport = "sendmail"
)

func (EmailTransport) values() []string { return []string{"blackhole", "smtp", "sendmail"} }

// SMTPMode says how an SMTP connection is encrypted.
type SMTPMode string

// The modes.
const (
	SMTPPlain    SMTPMode = "plain"
	SMTPStartTLS SMTPMode = "starttls"
	SMTPTLS      SMTPMode = "tls"
)

func (SMTPMode) values() []string { return []string{"plain", "starttls", "tls"} }
