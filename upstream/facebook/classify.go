package facebook

import (
	"encoding/json"

	"github.com/maskit-dev/maskit/upstream"
)

// Classify implements [upstream.Classifier]: Facebook's errors are objects of its own with a
// number (Graph API, "Handling errors"). Which number means what at the token endpoint is not
// verified on a real app.
func (Config) Classify(answer upstream.ProbeAnswer) upstream.Verdict {
	var body struct {
		Error struct {
			Code int    `json:"code"`
			Type string `json:"type"`
		} `json:"error"`
	}
	if answer.Probe != upstream.ProbeToken || json.Unmarshal([]byte(answer.Body), &body) != nil || body.Error.Type != "OAuthException" {
		return ""
	}
	switch body.Error.Code {
	case 1: // Error validating client secret.
		return upstream.VerdictSecretWrong
	case 101: // Error validating application.
		return upstream.VerdictClientUnknown
	}
	return upstream.VerdictInconclusive
}
