package mas

// ClaimsImports says what becomes of a provider's claims. Except for the subject,
// claims are imported once, when the account is created; no action keeps them in
// sync.
type ClaimsImports struct {
	// Subject identifies the user at the provider.
	Subject SubjectImport `yaml:"subject"`
	// SkipConfirmation creates the account without asking. It needs
	// Localpart.Action require, and neither Displayname nor Email on suggest.
	SkipConfirmation bool `yaml:"skip_confirmation" since:"1.8"`
	// Localpart becomes the user name. Default template: "{{ user.preferred_username }}".
	Localpart LocalpartImport `yaml:"localpart"`
	// Displayname becomes the display name. Default template: "{{ user.name }}".
	Displayname ClaimImport `yaml:"displayname"`
	// Email becomes a verified e-mail address, whatever the provider says about it:
	// verification must be part of the template. Default template: "{{ user.email }}".
	Email ClaimImport `yaml:"email"`
	// AccountName labels the link between the accounts.
	AccountName AccountNameImport `yaml:"account_name" since:"0.13"`
}

// SubjectImport identifies the user at the provider.
type SubjectImport struct {
	// Template is rendered at every login; an empty result refuses the login. Changing
	// it orphans every link. Default: "{{ user.sub }}".
	Template string `yaml:"template" null:"absent"`
}

// LocalpartImport makes the user name.
type LocalpartImport struct {
	// Action says how the claim is used. Default: ignore.
	Action ImportAction `yaml:"action"`
	// Template renders the name.
	Template string `yaml:"template" null:"absent"`
	// OnConflict says what happens if the name is taken. Other than fail it needs the
	// action force or require. Default: fail.
	OnConflict OnConflict `yaml:"on_conflict" since:"0.20"`
}

// ClaimImport imports a claim.
type ClaimImport struct {
	// Action says how the claim is used. Default: ignore.
	Action ImportAction `yaml:"action"`
	// Template renders it.
	Template string `yaml:"template" null:"absent"`
}

// AccountNameImport labels a link.
type AccountNameImport struct {
	// Template renders the label. Default: none.
	Template string `yaml:"template" null:"absent"`
}

// ImportAction says how a claim is used when the account is created.
type ImportAction string

// The actions.
const (
	ImportIgnore  ImportAction = "ignore"
	ImportSuggest ImportAction = "suggest" // prefilled, editable
	ImportForce   ImportAction = "force"   // fixed, may be missing
	ImportRequire ImportAction = "require" // fixed, and the sign-up fails without it
)

func (ImportAction) values() []string { return []string{"ignore", "suggest", "force", "require"} }

// OnConflict says what happens when a new login renders the name of an existing
// user. It compares names, not e-mail addresses, so anything but fail hands an
// account to whoever can choose that name at the provider.
type OnConflict string

// The choices.
const (
	ConflictFail    OnConflict = "fail"    // "User exists" page
	ConflictAdd     OnConflict = "add"     // link, always
	ConflictReplace OnConflict = "replace" // drop the user's links to this provider, then link
	ConflictSet     OnConflict = "set"     // link if the user has no link to this provider
)

func (OnConflict) values() []string { return []string{"fail", "add", "replace", "set"} }

func (c OnConflict) since() string {
	if c == ConflictReplace || c == ConflictSet {
		return "1.8"
	}
	return ""
}
