package mas

// Config is the configuration of MAS, key for key as its YAML file has it.
//
// A nil section is absent from the file, and MAS then applies that section's
// defaults. Inside a section the zero value of a field means that the key is
// absent; where Go's zero is itself a value that MAS could be given (booleans and
// numbers whose default is not zero), the field is an [Opt]. Durations are whole
// [Seconds].
//
// Config mirrors; it does not choose. Use [Builder] to get one with safe
// defaults, [Parse] to read one, [Config.Validate] to check it, and [Render]
// to write it.
//
// Fields carry the first MAS version that knows the key in a "since" tag, and the
// last one in "until"; no tag means that MAS 0.6 had it already. A key pair such
// as secret and secret_file is one field with a "file" tag; "filesince" is the first
// version of the second key, "trim" what MAS does to the content of the file. Where a
// YAML null is as good as no key, the tag is null:"absent". Source: configuration
// reference and schema of MAS 1.22, and the schemas of the tags before it.
type Config struct {
	// HTTP has the public address and the listeners. Absent: http://[::]:8080/ with
	// everything on [::]:8080 and health on localhost:8081.
	HTTP *HTTP `yaml:"http"`
	// Database says where PostgreSQL is. Absent: the libpq environment variables.
	Database *Database `yaml:"database"`
	// Matrix is the homeserver. Required.
	Matrix Matrix `yaml:"matrix"`
	// Secrets holds the encryption key and the signing keys. Required.
	Secrets Secrets `yaml:"secrets"`
	// Passwords configures MAS's own passwords. Absent: enabled, argon2id.
	Passwords *Passwords `yaml:"passwords"`
	// Account says what people may do with their accounts.
	Account *Account `yaml:"account" since:"0.10"`
	// Email is how MAS sends mail. Absent: not at all (blackhole).
	Email *Email `yaml:"email"`
	// UpstreamOAuth2 lists the identity providers.
	UpstreamOAuth2 *UpstreamOAuth2 `yaml:"upstream_oauth2"`
	// Clients are the OAuth 2.0 clients known from the start. Synapse needs none.
	Clients []Client `yaml:"clients"`
	// Policy selects and feeds the policy engine.
	Policy *Policy `yaml:"policy"`
	// RateLimiting bounds logins, registrations and recoveries, per replica.
	RateLimiting *RateLimiting `yaml:"rate_limiting" since:"0.10"`
	// Captcha protects registration by password. Absent: none.
	Captcha *Captcha `yaml:"captcha" since:"0.10"`
	// Branding names the service and links its policies.
	Branding *Branding `yaml:"branding"`
	// Telemetry exports traces, metrics and errors.
	Telemetry *Telemetry `yaml:"telemetry"`
	// Templates says where templates and translations lie. Absent: those of the image.
	Templates *Templates `yaml:"templates"`
	// OAuth switches the device code grant.
	OAuth *OAuth `yaml:"oauth" since:"1.18"`
	// Experimental holds token lifetimes and session limits.
	Experimental *Experimental `yaml:"experimental"`

	// positions says where each value stood, by YAML path, when Parse made the
	// Config. It serves messages only and is no part of the value.
	positions positions
	// reported are the errors that Parse returned, which Validate does not repeat while they hold.
	reported reports
}
