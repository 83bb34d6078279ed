package upstream

import "github.com/maskit-dev/maskit/mas"

// Outcome is how a login ends.
type Outcome string

// The outcomes. In brackets stands the page of MAS 1.22 and its HTTP status.
const (
	// OutcomeUnknown is a login that cannot be predicted: the problems say why.
	OutcomeUnknown Outcome = ""
	// OutcomeRegistered is a new account.
	OutcomeRegistered Outcome = "registered"
	// OutcomeLoggedIn is a login to the account that the subject is linked to. Nothing is
	// imported.
	OutcomeLoggedIn Outcome = "logged-in"
	// OutcomeLinked is a login to an existing account of that name, which is linked from
	// now on (on_conflict). Nothing is imported.
	OutcomeLinked Outcome = "linked"
	// OutcomeDenied is an empty subject ("Subject is empty", 400).
	OutcomeDenied Outcome = "denied"
	// OutcomeSubjectFailed is a subject that fails to render ("Could not extract subject from
	// ID token", 400).
	OutcomeSubjectFailed Outcome = "subject-failed"
	// OutcomeClaimRequired is a required claim that is empty or fails to render (500).
	OutcomeClaimRequired Outcome = "claim-required"
	// OutcomeUserExists is a name that another account has ("User exists", 200).
	OutcomeUserExists Outcome = "user-exists"
	// OutcomeNameRefused is a name that the policy of MAS refuses ("Policy error", 200).
	OutcomeNameRefused Outcome = "name-refused"
	// OutcomeNameUnavailable is a name that Synapse refuses ("Localpart not available", 200).
	OutcomeNameUnavailable Outcome = "name-unavailable"
	// OutcomeEmailInUse is an address that another account has ("Email in use", 200).
	OutcomeEmailInUse Outcome = "email-in-use"
	// OutcomeAccountInactive is an account that is locked or deactivated.
	OutcomeAccountInactive Outcome = "account-inactive"
)

// Use is what becomes of a rendered claim.
type Use string

// The uses.
const (
	// UseNone is a claim that is not imported: it is ignored, nothing came of it, or the
	// login ended before.
	UseNone Use = ""
	// UsePrefilled is a value that the person can change or leave out.
	UsePrefilled Use = "prefilled"
	// UseForced is a value that the person cannot change.
	UseForced Use = "forced"
	// UseAsked is a value that the person has to type, or may skip.
	UseAsked Use = "asked"
	// UseFailed is a value that ends the login.
	UseFailed Use = "failed"
	// UseStored is a value that the person does not see: the subject, or the label of the link.
	UseStored Use = "stored"
)

// Explanation is what MAS does with the claims of one login. Its fields, but for the
// texts, are made to be compared.
type Explanation struct {
	// Outcome is how it ends.
	Outcome Outcome `json:"outcome"`
	// Status is the HTTP status of the page that ends it, 0 if the login goes through.
	Status int `json:"status,omitempty"`
	// Reason says why, for people; it names the claim that is missing.
	Reason string `json:"reason,omitempty"`
	// User is the localpart of the account that the person is in afterwards; empty if there is
	// none, or if the person chooses the name.
	User string `json:"user,omitempty"`
	// Subject tells people apart.
	Subject Field `json:"subject"`
	// Localpart is the user name.
	Localpart Field `json:"localpart"`
	// DisplayName is the display name.
	DisplayName Field `json:"displayname"`
	// Email is the e-mail address.
	Email Field `json:"email"`
	// AccountName labels the link.
	AccountName Field `json:"account_name"`
	// DeniedBy are the lists of the gate that the person does not pass, if the subject is
	// the template of a gate that this SDK wrote.
	DeniedBy []Requirement `json:"denied_by,omitempty"`
	// Form says that MAS asks the person to confirm the account.
	Form bool `json:"form"`
	// DisplayNameStep says that MAS asks for a display name in a step of its own.
	DisplayNameStep bool `json:"displayname_step"`
	// RegistrationToken says that MAS asks for a registration token.
	RegistrationToken bool `json:"registration_token"`
}

// Field is one rendered claim.
type Field struct {
	// Value is what the template rendered, as it is.
	Value string `json:"value"`
	// Action is that of the entry; empty for the subject and the account name.
	Action mas.ImportAction `json:"action,omitempty"`
	// Use is what becomes of it.
	Use Use `json:"use,omitempty"`
	// Error says why the template failed.
	Error string `json:"error,omitempty"`
	// Absent are the claims that the template read and that are missing or null.
	Absent []AbsentClaim `json:"absent,omitempty"`
	// Note says more, for people: why a suggested name is dropped.
	Note string `json:"note,omitempty"`
}

// AbsentClaim is a claim that a template read although it is not there.
type AbsentClaim struct {
	// Path is where it would stand, such as user.groups.
	Path string `json:"path"`
	// Null says that it is there, but null.
	Null bool `json:"null,omitempty"`
}

// Requirement is one list of a gate: people need one of the names in the claim.
type Requirement struct {
	// Claim is the name of the claim, and the keys inside it.
	Claim []string `json:"claim"`
	// Names are those that pass.
	Names []string `json:"names"`
}
