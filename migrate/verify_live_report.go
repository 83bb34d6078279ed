package migrate

import (
	"fmt"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
)

// CodeTokenNotWorking is of a token that was migrated and does not work at a server.
const CodeTokenNotWorking = "token-not-working"

// LiveReport says which tokens do not work. It holds no token.
type LiveReport struct {
	// Started is when the first was asked about, Seconds how long it took.
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	// Tokens is how many were asked about; there may be fewer valid ones than wanted.
	Tokens int `json:"tokens"`
	// Failed is how many of them do not work.
	Failed int `json:"failed"`
	// Synapse says that Synapse was asked, too.
	Synapse bool `json:"synapse"`
	// Failures say why: at most one for each token and server.
	Failures []LiveFailure `json:"failures,omitempty"`
}

// LiveFailure is a token that does not work at a server.
type LiveFailure struct {
	// Key is the user and the device: "@alice:example.com DEVICE".
	Key string `json:"key"`
	// Server is "MAS" or "Synapse".
	Server string `json:"server"`
	// Problem is what the server says.
	Problem string `json:"problem"`
}

// Err is nil if all tokens work, or there was none to ask about. Otherwise it matches
// [maskit.ErrInvalid].
func (r LiveReport) Err() error {
	var problems maskit.Problems
	for _, f := range r.Failures {
		problems = append(problems, maskit.Problem{
			Path: f.Key, Code: CodeTokenNotWorking, Message: f.Server + " says: " + f.Problem,
			Hint: "see MAS's and Synapse's logs; the person of this device would have to log in again",
		})
	}
	return problems.Err()
}

// String is the report for people.
func (r LiveReport) String() string {
	servers := "MAS"
	if r.Synapse {
		servers = "MAS and Synapse"
	}
	var b strings.Builder
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "\n  %s: %s says: %s", f.Key, f.Server, f.Problem)
	}
	return fmt.Sprintf("%d of %d tokens work at %s%s\n", r.Tokens-r.Failed, r.Tokens, servers, b.String())
}
